import DataFormats
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// Models of other programs, through the command line.
  @Suite struct ConversionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func json(_ arguments: [String]) throws -> [String: Any] {
      let output = try Executable.succeed(arguments).output
      return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    /// The vectors that `vse embed sentences` writes of a reference model's captions.
    private func vectors(_ model: String) throws -> [Float] {
      let output = folder.path("vectors.npy")
      _ = try Executable.succeed(
        ["embed", "sentences", model, fixturePath("kiros/gru/captions.txt"), "-o", output, "--threads", "1"])
      return try NumpyArray.read(path: output).values(as: Float.self)
    }

    @Test func commandsTakeTheOriginalsFiles() throws {
      let original = fixturePath("kiros/gru/model.npz")
      let expected = try NumpyArray.read(path: fixturePath("kiros/gru/arrays/expected_sentence_vectors.npy"))
      let found = try vectors(original)
      #expect(maximumAbsoluteDifference(found, try expected.float32Values()) < 1e-5)

      let run = try Executable.succeed(["convert", original, folder.path("model.safetensors")])
      #expect(run.output.contains("57 words") && run.output.contains("written: "))
      #expect(run.errors.isEmpty)
      #expect(try vectors(folder.path("model.safetensors")) == found)
      _ = try Executable.succeed(["convert", folder.path("model.safetensors"), folder.path("again.npz")])
      #expect(try vectors(folder.path("again.npz")) == found)
    }

    @Test func whatCannotBeWrittenBackIsToldAtOnce() throws {
      for suffix in ["", ".dictionary.pkl"] {
        let original = try bytes(ofFile: fixturePath("kiros/gru/model.npz" + suffix))
        _ = try folder.write(original, to: "coco.npz" + suffix)
      }
      // An option more, an instance of the class __main__.Foo.
      let options = try bytes(ofFile: fixturePath("kiros/gru/model.npz.pkl")).dropLast()
      _ = try folder.write(options + Array("S'x'\n(i__main__\nFoo\n(dp99\nbs.".utf8), to: "coco.npz.pkl")
      let (ours, again) = (folder.path("coco.safetensors"), folder.path("again.npz"))
      let there = try Executable.succeed(["convert", folder.path("coco.npz"), ours])
      #expect(there.output.contains("'__main__.Foo', which Python would run"))
      let back = try Executable.run(["convert", ours, again])
      #expect(back.status == 1 && back.errorLines.count == 1)
      #expect(back.errors.contains("'__main__.Foo'") && !back.errors.contains("changed"))
    }

    @Test func infoShowsTheOptions() throws {
      let original = fixturePath("kiros/bow/model.npz")
      let model = try json(["info", original, "--json"])
      #expect(model["kind"] as? String == "model" && model["format"] as? String == "kiros")
      let options = try #require(model["original_options"] as? [String: Any])
      #expect(options["maxlen_w"] as? Int == 100 && options["dispFreq"] as? Int == 10)
      #expect(options["encoder"] as? String == "bow" && options["margin"] as? Double == 0.2)
      let text = try Executable.succeed(["info", original]).output
      #expect(text.contains("a model of Kiros et al.") && text.contains("saveto 'model.npz'"))
      #expect(text.contains("the last 2 read as unknown"))
    }

    @Test func checkpointsOfVSEPP() throws {
      let checkpoint = fixturePath("vsepp/network/model_best.pth.tar")
      let output = folder.path("model.safetensors")
      let run = try Executable.succeed(["convert", checkpoint, output])
      #expect(run.output.contains("features of resnet152") && run.output.contains("coco_vocab.pkl"))
      let again = try Executable.run(["convert", checkpoint, output])
      #expect(again.status == 1 && again.errors.contains("--overwrite"))
      let words = fixturePath("vsepp/network/vocab/coco_vocab.pkl")
      _ = try Executable.succeed(["convert", checkpoint, output, "--vocabulary", words, "--overwrite"])
      let options = try json(["info", output, "--json"])["original_options"] as? [String: Any]
      #expect(options?["cnn_type"] as? String == "resnet152")
    }

    @Test(arguments: [["a.npz", "b"], ["a.npz", "b.pkl"], ["a.npz"]])
    func destinationsWithoutAFormatAreWrongUsage(arguments: [String]) throws {
      #expect(try Executable.run(["convert"] + arguments).status == 64)
    }
  }
}
