import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// Pages of the tiny dataset, whose test split has 6 images with 2 captions each.
  @Suite struct GalleryTests {
    private let workspace: Workspace

    init() throws {
      workspace = try Workspace()
      try FileManager.default.createDirectory(
        atPath: workspace.path("photos"), withIntermediateDirectories: true)
      for (name, fixture) in [("0.jpg", "jpeg.jpg"), ("1.png", "png.png"), ("2.webp", "webp.webp")] {
        _ = try workspace.folder.write(
          try bytes(ofFile: fixturePath("photos/" + fixture)), to: "photos/" + name)
      }
      _ = try workspace.folder.write(Array("no photo".utf8), to: "photos/3.jpg")
      _ = try workspace.folder.write([], to: "photos/4.jpg")
      try write(["0.jpg", "1.png", "2.webp", "3.jpg", "4.jpg", "a&b<5>.jpg"], to: "data/test_images.txt")
    }

    private func write(_ names: [String], to name: String) throws {
      _ = try workspace.folder.write(Array(names.map { $0 + "\n" }.joined().utf8), to: name)
    }

    private func arguments(_ output: String, _ arguments: [String]) -> [String] {
      [
        "gallery", workspace.model, "--data", workspace.data, "--photos", workspace.path("photos"),
        "--output",
        workspace.path(output), "--threads", "1",
      ] + arguments
    }

    private func page(_ output: String, _ more: String...) throws -> (text: String, run: Executable.Run) {
      let run = try Executable.succeed(arguments(output, more))
      return (String(decoding: try bytes(ofFile: workspace.path(output)), as: UTF8.self), run)
    }

    @Test func everythingIsShown() throws {
      let (text, run) = try page("page.html")
      #expect(text.hasPrefix("<!DOCTYPE html>") && text.hasSuffix("</html>\n"))
      for part in [
        "6 images, 12 captions", "of the 48 captions of the train split", "a red dog on the beach",
        "data:image/jpeg;base64,", "Ranks of the right answers",
      ] { #expect(text.contains(part), "\(part)") }
      // The workspace has the model alone.
      #expect(text.contains("no history of the training"))
      #expect(run.output.isEmpty && run.errors.contains("6 images, 12 sentences, 3 of 6 photos"))
    }

    @Test func photosThatAreNotToBeSeenAreTiles() throws {
      let (text, run) = try page("page.html")
      for part in ["a format that is not read here", "the file is empty", "there is no such photo"] {
        #expect(text.contains(">\(part)</div>"))
      }
      #expect(text.contains("a&amp;b&lt;5&gt;.jpg") && !text.contains("a&b<5>.jpg"))
      #expect(run.errors.contains("not to be seen: 'a&b<5>.jpg', there is no such photo"))
    }

    @Test func theSamePageEveryTime() throws {
      let first = try page("first.html", "--images", "2", "--sentences", "3").text
      #expect(try page("second.html", "--images", "2", "--sentences", "3").text == first)
      // A page takes the place of a page.
      #expect(try page("second.html", "--images", "2", "--sentences", "3").text == first)
      #expect(try page("third.html", "--images", "2", "--sentences", "3", "--seed", "9").text != first)
    }

    @Test func countsAreHeeded() throws {
      #expect(
        try page("page.html", "--images", "2", "--sentences", "1").run.errors.contains(
          "2 images, 1 sentence,"))
      #expect(
        try page("page.html", "--images", "500", "--sentences", "500").run.errors.contains(
          "6 images, 12 sent"))
      let none = try page("page.html", "--images", "0", "--sentences", "0").text
      #expect(none.contains("No image was chosen") && none.contains("No sentence was chosen"))
    }

    @Test func curvesAreThoseOfTheHistory() throws {
      _ = try Executable.succeed(
        Workspace.training(data: workspace.data, output: workspace.path("new.safetensors"))
          + ["--validate-every", "1"])
      var arguments = arguments("page.html", [])
      arguments[1] = workspace.path("new.safetensors")
      _ = try Executable.succeed(arguments)
      let text = String(decoding: try bytes(ofFile: workspace.path("page.html")), as: UTF8.self)
      #expect(text.contains("Training: loss of a minibatch") && text.contains("<polyline"))
    }

    @Test func withoutTrainTheSplitIsSearched() throws {
      // The features of train are not needed, its captions are not there.
      try FileManager.default.removeItem(atPath: workspace.path("data/train_ims.npy"))
      #expect(try page("page.html").text.contains("captions of the train split"))
      try FileManager.default.removeItem(atPath: workspace.path("data/train_caps.txt"))
      let (text, run) = try page("page.html")
      #expect(text.contains("no train split") && run.errors.contains("no train split"))
    }

    @Test func namesFromElsewhere() throws {
      try write((0..<6).map { "elsewhere/\($0).jpg" }, to: "names.txt")
      let (text, _) = try page("page.html", "--split", "dev", "--names", workspace.path("names.txt"))
      #expect(text.contains("elsewhere/0.jpg") && text.contains("data:image/jpeg"))
    }

    @Test func aPageOfAnIndex() throws {
      let names = (0..<6).map {
        workspace.path("photos/" + ["0.jpg", "1.png", "2.webp", "3.jpg", "4.jpg", "5.jpg"][$0])
      }
      try write(names, to: "names.txt")
      let index = workspace.path("photos.index")
      _ = try Executable.succeed([
        "index", "add", index, "--model", workspace.model, "--features",
        workspace.path("data/test_ims.npy"), "--names", workspace.path("names.txt"),
      ])
      let run = try Executable.succeed(["gallery", index, "--output", workspace.path("page.html")])
      #expect(run.errors.contains("6 examples, 3 of 6 photos"))
      let text = String(decoding: try bytes(ofFile: workspace.path("page.html")), as: UTF8.self)
      #expect(text.contains("6 photos, 0 captions") && text.components(separatedBy: "base64,").count == 4)
      _ = try Executable.succeed([
        "index", "add", index, "--captions", workspace.path("data/test_caps.txt"),
      ])
      // Names that are found in a folder, and a page in the place of a page.
      let again = try Executable.succeed([
        "gallery", index, "--photos", workspace.path("photos"), "--images", "2", "--output",
        workspace.path("page.html"),
      ])
      #expect(again.errors.contains("2 examples"))
      #expect(
        String(decoding: try bytes(ofFile: workspace.path("page.html")), as: UTF8.self).contains("a red dog"))
      for arguments in [
        ["--data", workspace.data], ["--split", "dev"], ["--sentences", "3"], ["--crops", "1"],
        ["--images", "-1"],
      ] {
        let wrong = try Executable.run(
          ["gallery", index, "--output", workspace.path("page.html")] + arguments)
        #expect(wrong.status == 64)
      }
      #expect(try Executable.run(["gallery", workspace.model, "--output", "x.html"]).status == 64)
    }

    @Test func whatCannotBeShownIsAnErrorOfOneLine() throws {
      try write(["0.jpg"], to: "short.txt")
      let thesis = Array("<!DOCTYPE html>\n<html><title>my thesis</title></html>".utf8)
      _ = try workspace.folder.write(thesis, to: "thesis.html")
      let cases: [([String], String)] = [
        (arguments("page.html", ["--split", "dev"]), "dev_images.txt"),
        (arguments("page.html", ["--names", workspace.path("short.txt")]), "1 names"),
        (arguments("thesis.html", []), "left alone"), (arguments("none/page.html", []), "no folder"),
        (arguments("page.html", ["--images", "-1"]), "--images"),
        (arguments("page.html", ["--photos", workspace.path("none")]), "none"),
      ]
      for (arguments, named) in cases {
        let run = try Executable.run(arguments)
        #expect(run.status != 0 && run.errors.contains(named), "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: workspace.path("page.html")))
      }
      #expect(try bytes(ofFile: workspace.path("thesis.html")) == thesis)
    }
  }
}
