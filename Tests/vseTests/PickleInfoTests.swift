import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// `vse info` of pickles and of PyTorch's files.
  @Suite struct PickleInfoTests {
    private struct Summary: Decodable {
      struct Value: Decodable {
        struct Member: Decodable {
          var name: String
          var value: Value
        }

        var type: String
        var value: String?
        var elementType: String?
        var shape: [Int]?
        var count: Int?
        var members: [Member]?

        subscript(name: String) -> Value? { members?.first { $0.name == name }?.value }
      }

      var kind: String
      var bytes: Int
      var values: [Value]
    }

    private func summary(_ path: String) throws -> Summary {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let output = try Executable.succeed(["info", path, "--json"]).output
      return try decoder.decode(Summary.self, from: Data(output.utf8))
    }

    @Test func tellsOptionsAndDictionaries() throws {
      let options = try summary(fixturePath("kiros/gru/model.npz.pkl"))
      #expect(options.kind == "pickle" && options.bytes == 405 && options.values.count == 1)
      #expect(options.values[0].type == "dict" && options.values[0].count == 18)
      #expect(
        options.values[0]["'encoder'"]?.value == "'gru'" && options.values[0]["'lrate'"]?.value == "0.0002")
      let dictionary = try summary(fixturePath("kiros/gru/model.npz.dictionary.pkl")).values[0]
      #expect(dictionary.type == "OrderedDict" && dictionary.count == 57 && dictionary.members?.count == 24)
      #expect(try summary(fixturePath("pickles/two_pickles.pkl")).values.count == 2)
    }

    @Test func tellsInstancesAndArrays() throws {
      let vocabulary = try summary(fixturePath("pickles/vocabulary.pkl")).values[0]
      #expect(vocabulary.type == "__main__.Vocabulary" && vocabulary[".idx"]?.value == "2")
      #expect(vocabulary[".word2idx"]?.count == 2)
      let network = try summary(fixturePath("pickles/lasagne.pkl")).values[0]
      let array = try #require(network["'param values'"]?["[1]"])
      #expect(array.type == "ndarray" && array.elementType == "float32" && array.shape == [3, 2])
    }

    @Test(arguments: ["checkpoint_zip", "checkpoint_stream", "deflated"])
    func tellsFilesOfPyTorch(name: String) throws {
      let path = fixturePath("pytorch/\(name).pth")
      let checkpoint = try summary(path)
      #expect(checkpoint.kind == "pytorch")
      let tensor = try #require(checkpoint.values[0]["'model'"]?["[0]"]?["'rnn.weight_ih_l0'"])
      #expect(tensor.type == "Tensor" && tensor.shape == [3, 4])
      #expect(checkpoint.values[0]["'opt'"]?[".margin"]?.value == "0.2")
      // For people, too.
      let text = try Executable.succeed(["info", path]).output
      #expect(text.contains("argparse.Namespace of 2") && text.contains("'fc.bias'  Tensor float32 [2]"))
    }

    @Test func textIsShortForAnyPickle() throws {
      let folder = try TemporaryFolder()
      // A list of a thousand lists of a thousand numbers.
      let list = Array("(lp1\n".utf8) + (0..<1000).flatMap { Array("I\($0)\na".utf8) }
      let path = try folder.write(
        Array("(lp0\n".utf8) + (0..<50).flatMap { _ in list + Array("a".utf8) } + Array(".".utf8), to: "x.pkl"
      )
      let lines = try Executable.succeed(["info", path]).output.split(separator: "\n")
      #expect(lines.count < 40 && lines.last == "    … 46 more")
    }

    @Test func shortPicklesAreToldByTheirNames() throws {
      let folder = try TemporaryFolder()
      #expect(try summary(folder.write(Array("I5\n.".utf8), to: "x.pkl")).values[0].value == "5")
      #expect(try summary(folder.write(Array("I5\n.".utf8), to: "x.pickle")).values[0].type == "int")
      #expect(try Executable.run(["info", folder.write(Array("I5\n.".utf8), to: "x")]).status == 1)
    }
  }
}
