import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct PyTorchFileTests {
  @Test(arguments: try expectedTexts("pytorch", as: String.self))
  func readsWhatPyTorchReads(name: String, expected: String) throws {
    let path = fixturePath("pytorch/\(name).pth")
    #expect(try text(PyTorchFile.read(path: path)) == expected)
    #expect(FileKind(path: path) == .pytorch)
  }

  @Test(arguments: ["checkpoint_zip", "checkpoint_stream"])
  func tensorsPointIntoTheFile(name: String) throws {
    let value = try PyTorchFile.read(path: fixturePath("pytorch/\(name).pth"))
    let states = try #require(value["model"]?.elements)
    let weights = try #require(states[0]["rnn.weight_ih_l0"]?.array).contiguous()
    #expect(weights.mappedFile != nil && weights.shape == [3, 4])
    #expect(try weights.float32Values() == (0..<12).map { Float($0) / 4 })
    #expect(value["opt"]?["margin"]?.double == 0.2 && value["opt"]?["use_abs"]?.boolean == false)
    #expect(value["epoch"]?.int == 3 && value["best"]?.double == 3.25)
  }

  @Test(arguments: try expectedTexts("pytorch", as: String.self).keys)
  func everyTruncationIsAnError(name: String) throws {
    let whole = try bytes(ofFile: fixturePath("pytorch/\(name).pth"))
    for count in 0..<whole.count {
      #expect(throws: PyTorchError.self, "\(count) bytes") {
        try PyTorchFile.read(MappedFile(bytes: whole[..<count], path: "x"))
      }
    }
  }

  @Test func storagesOutsideOfTheirPickleAreRefused() throws {
    #expect(throws: PickleError.self) {
      try PickleReader.readAll(path: fixturePath("pytorch/checkpoint_stream.pth"))
    }
  }
}
