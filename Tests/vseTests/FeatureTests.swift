import DataFormats
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// `vse features` as a process, with a network that needs no weights.
  @Suite struct FeatureTests {
    private let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: folder.path("photos"), withIntermediateDirectories: true)
      for name in ["60x40.png", "jpeg.jpg", "webp.webp", "gif.gif"] {
        _ = try folder.write(try bytes(ofFile: fixturePath("photos/" + name)), to: "photos/" + name)
      }
    }

    private func run(_ arguments: String...) throws -> Executable.Run {
      try Executable.run(
        ["features"] + arguments + ["--network", "descriptor", "-o", "f.npy"], folder: folder)
    }

    @Test func photosBecomeRowsWithNames() throws {
      let run = try run("photos", "--json")
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("\"rows\" : 4") && run.output.contains("\"columns\" : 1152"))
      #expect(try NumpyArray.read(path: folder.path("f.npy")).shape == [4, 1152])
      let names = String(decoding: try bytes(ofFile: folder.path("f.names.txt")), as: UTF8.self)
      #expect(names == "60x40.png\ngif.gif\njpeg.jpg\nwebp.webp\n")
      #expect(try folder.contents() == ["f.names.txt", "f.npy", "photos"])
    }

    @Test func brokenPhotosAreListedAndTold() throws {
      _ = try folder.write(Array("no photo".utf8), to: "photos/broken.jpg")
      let run = try run("photos")
      #expect(run.status == 1)
      #expect(run.errors.contains("broken.jpg") && run.errors.contains("f.failed.txt"))
      #expect(try NumpyArray.read(path: folder.path("f.npy")).shape == [4, 1152])
      let failed = String(decoding: try bytes(ofFile: folder.path("f.failed.txt")), as: UTF8.self)
      #expect(failed.hasPrefix("broken.jpg\t") && failed.split(separator: "\n").count == 1)
      let strict = try Executable.run(
        ["features", "photos", "--strict", "--network", "descriptor", "-o", "g.npy"], folder: folder)
      #expect(strict.status == 1 && strict.errorLines.count == 1)
      #expect(FileKind(path: folder.path("g.npy")) == .missing)
    }

    @Test func listsGiveTheOrder() throws {
      _ = try folder.write(Array("webp.webp\n60x40.png\n".utf8), to: "list.txt")
      let run = try run("--list", "list.txt", "--base", "photos", "--normalize")
      #expect(run.status == 0, "\(run.errors)")
      let array = try NumpyArray.read(path: folder.path("f.npy"))
      #expect(array.shape == [2, 1152])
      let norm = try array.float32Values().reduce(0) { $0 + $1 * $1 }
      #expect(abs(norm - 2) < 1e-4)
    }

    @Test func aListMayComeThroughStandardInput() throws {
      let arguments = [
        "features", "--list", "-", "--base", "photos", "--network", "descriptor", "-o", "f.npy",
      ]
      _ = try Executable.succeed(arguments, input: "webp.webp\n60x40.png\n", folder: folder)
      let names = String(decoding: try bytes(ofFile: folder.path("f.names.txt")), as: UTF8.self)
      #expect(names == "webp.webp\n60x40.png\n")
      let none = try Executable.run(arguments + ["--overwrite"], input: "\n", folder: folder)
      #expect(none.status == 1 && none.errorLines.count == 1)
    }

    @Test func photosCutShortAreReadWhereThatIsAskedFor() throws {
      let whole = try bytes(ofFile: fixturePath("photos/jpeg.jpg"))
      _ = try folder.write(Array(whole.prefix(whole.count * 9 / 10)), to: "photos/cut.jpg")
      let refused = try run("photos")
      #expect(refused.status == 1 && refused.errors.contains("cut.jpg"))
      let accepted = try run("photos", "--truncated-photos", "accept", "--overwrite", "--json")
      #expect(accepted.status == 0 && accepted.errors.contains("f.truncated.txt"))
      #expect(accepted.output.contains("\"rows\" : 5") && accepted.output.contains("is cut short"))
      let list = String(decoding: try bytes(ofFile: folder.path("f.truncated.txt")), as: UTF8.self)
      #expect(list.hasPrefix("cut.jpg\t'photos/cut.jpg' is cut short: "))
      #expect(list.split(separator: "\n").count == 1)
      // Lists of an earlier run go.
      #expect(try folder.contents() == ["f.names.txt", "f.npy", "f.truncated.txt", "photos"])
      _ = try run("photos", "--overwrite")
      #expect(try folder.contents() == ["f.failed.txt", "f.names.txt", "f.npy", "photos"])
    }

    @Test func aListIsNotOverwritten() throws {
      _ = try run("photos")
      _ = try folder.write(Array("webp.webp\n60x40.png\n".utf8), to: "f.names.txt")
      let again = try run("--list", "f.names.txt", "--base", "photos", "--overwrite")
      #expect(again.status == 1 && again.errorLines.count == 1)
      #expect(again.errors.contains("'f.names.txt' is the list of the photos"))
      #expect(try bytes(ofFile: folder.path("f.names.txt")) == Array("webp.webp\n60x40.png\n".utf8))
      // Under another name, and through a link, it is the same file.
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("link.txt"), withDestinationPath: folder.path("f.names.txt"))
      #expect(try run("--list", "link.txt", "--base", "photos").status == 1)
      #expect(try NumpyArray.read(path: folder.path("f.npy")).shape == [4, 1152])
    }

    @Test func whatIsThereIsNotReplaced() throws {
      _ = try run("photos")
      let before = try bytes(ofFile: folder.path("f.npy"))
      let again = try run("photos/jpeg.jpg")
      #expect(again.status == 1 && again.errorLines.count == 1 && again.errors.contains("--overwrite"))
      #expect(try bytes(ofFile: folder.path("f.npy")) == before)
      // A wrong --base: no photo is found.
      _ = try folder.write(Array("webp.webp\n60x40.png\n".utf8), to: "list.txt")
      let wrong = try run("--list", "list.txt", "--base", "elsewhere", "--overwrite")
      #expect(wrong.status == 1 && wrong.errorLines.count == 1)
      #expect(try bytes(ofFile: folder.path("f.npy")) == before)
      #expect(try run("photos/jpeg.jpg", "--overwrite").status == 0)
    }

    @Test func aNameOfTwoLinesIsLeftOut() throws {
      _ = try folder.write(try bytes(ofFile: fixturePath("photos/gif.gif")), to: "photos/two\nlines.gif")
      let run = try run("photos")
      #expect(run.status == 1 && run.errors.contains("line break"))
      #expect(try NumpyArray.read(path: folder.path("f.npy")).shape == [4, 1152])
      let failed = String(decoding: try bytes(ofFile: folder.path("f.failed.txt")), as: UTF8.self)
      #expect(failed.split(separator: "\n").count == 1)
    }

    @Test func thereIsNoArrayOnStandardOutput() throws {
      let run = try Executable.run(
        ["features", "photos", "--network", "descriptor", "-o", "-"], folder: folder)
      #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains("--output FILE.npy"))
      #expect(try folder.contents() == ["photos"])
    }

    @Test func onePhoto() throws {
      let run = try run("photos/jpeg.jpg")
      #expect(run.status == 0 && run.errors.contains("1 x 1152"))
    }

    @Test(arguments: [
      ["photos", "--list", "list.txt"], [], ["photos", "--base", "x"], ["photos", "--batch-size", "0"],
      ["photos", "--preprocessing", "original"], ["photos", "--weights", "w.safetensors"],
    ])
    func wrongUseIsTold(arguments: [String]) throws {
      let run = try Executable.run(
        ["features"] + arguments + ["--network", "descriptor", "-o", "f.npy"], folder: folder)
      #expect(run.status == 64)
    }
  }
}
