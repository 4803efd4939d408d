import Foundation
import Galleries
import Tensors
import Testing
import VisualSemanticEmbedding

@Suite struct PageTests {
  /// A gallery of three images with a caption each, of which nothing is shown.
  private func emptyGallery() throws -> Gallery {
    let vectors = Matrix(rows: 3, columns: 3, values: [1, 0, 0, 0, 1, 0, 0, 0, 1])
    let ranks = try CrossModalRanks(images: vectors, captions: vectors, imageOfCaption: [0, 1, 2])
    let bootstrap = Bootstrap(resamples: 10)
    return Gallery(
      model: "m.safetensors", dataset: "data", split: .dev, scores: RankingScores(ranks),
      intervals: bootstrap.intervals(RecallCounts(ranks, imageOfCaption: [0, 1, 2])), bootstrap: bootstrap,
      annotationRanks: ranks.annotation, searchRanks: ranks.search, history: nil, captionSource: .split,
      images: [], sentences: [], hardestImages: [], hardestSentences: [])
  }

  private static let hostile = [
    "<script src=\"https://example.org/x.js\"></script>", "a & b < c > d \"e\" 'f'",
    "\u{5e9}\u{5dc} \u{202e}x",
    "</li></ul><img src=x onerror=alert(1)>", "🐕‍🦺 café", String(repeating: "w ", count: 5000) + "end", "",
  ]

  private let photo = GalleryPhoto(
    number: 4, name: "<a>.jpg", picture: .thumbnail(Thumbnail(jpeg: [1, 2, 3], width: 224, height: 168)))
  private let missing = GalleryPhoto(number: 7, name: "b & c.jpg", picture: .missing("there is no \"photo\""))

  private func gallery() throws -> Gallery {
    var gallery = try emptyGallery()
    gallery.model = "<model> & \"co\""
    gallery.dataset = "d'<ata>"
    gallery.images = Self.hostile.map { text in
      ImageExample(
        photo: photo, rank: 3,
        retrieved: [
          .init(text: text, score: 0.5, isOwn: true), .init(text: "other", score: -0.25, isOwn: false),
        ],
        own: [.init(text: text, rank: 3), .init(text: "second", rank: 700)])
    }
    gallery.sentences = Self.hostile.map { text in
      SentenceExample(
        text: text, rank: 1,
        retrieved: [
          .init(photo: photo, score: 0.9, isOwn: false), .init(photo: missing, score: 0.8, isOwn: true),
        ], missed: nil)
    }
    gallery.hardestImages = [gallery.images[0]]
    gallery.hardestSentences = [
      SentenceExample(
        text: "far", rank: 41, retrieved: [.init(photo: photo, score: 0.9, isOwn: false)], missed: missing)
    ]
    return gallery
  }

  @Test func textFromOutsideIsOnlyText() throws {
    let page = try WellFormedPage(GalleryPage(try gallery()).bytes)
    for text in Self.hostile {
      #expect(page.text.components(separatedBy: text).count > 2 || text.isEmpty, "\(text.prefix(40))")
    }
    #expect(page.text.contains("<model> & \"co\"") && page.text.contains("d'<ata>"))
    #expect(page.elements["script"] == nil && page.attributes["onerror"] == nil)
  }

  @Test func nothingIsLoadedFromElsewhere() throws {
    let page = try WellFormedPage(GalleryPage(try gallery()).bytes)
    let (links, data) = try links(of: page)
    #expect(data.allSatisfy { $0.hasPrefix("data:image/jpeg;base64,") } && page.attributes["src"] == nil)
    #expect(Set(page.elements.keys).isDisjoint(with: ["link", "script", "iframe", "object", "form", "base"]))
    let identifiers = try #require(page.attributes["id"])
    #expect(Set(identifiers).count == identifiers.count)
    #expect(links.allSatisfy { identifiers.contains(String($0.dropFirst())) })
  }

  /// What the page refers to within itself, and the rest.
  private func links(of page: WellFormedPage) throws -> (within: [String], other: [String]) {
    let links = try #require(page.attributes["href"])
    return (links.filter { $0.hasPrefix("#") }, links.filter { !$0.hasPrefix("#") })
  }

  @Test func aPhotoIsEmbeddedOnceHoweverOftenItIsShown() throws {
    let page = try WellFormedPage(GalleryPage(try gallery()).bytes)
    let (links, data) = try links(of: page)
    #expect(data == ["data:image/jpeg;base64,AQID"] && page.elements["symbol"] == 1)
    // In each image and sentence, and once more in each of the hardest.
    let shown = 2 * Self.hostile.count + 2
    #expect(links.count { $0 == "#photo-4" } == shown && page.elements["use"] == shown)
    #expect(page.attributes["aria-label"] == [String](repeating: "<a>.jpg", count: shown))
    #expect(page.attributes["role"]?.count { $0 == "img" } == shown + 1)
  }

  @Test func missingPhotosAreTilesWithNameAndReason() throws {
    let page = try WellFormedPage(GalleryPage(try gallery()).bytes)
    #expect(page.text.contains("b & c.jpg") && page.text.contains("there is no \"photo\""))
    // One in each of the sentences, and the image that the last sentence missed.
    #expect(page.attributes["class"]?.count { $0 == "missing" } == Self.hostile.count + 1)
    #expect(page.text.contains("✗ rank 42"))
  }

  @Test func ranksSayWhetherTheyCount() throws {
    let text = try WellFormedPage(GalleryPage(try gallery()).bytes).text
    #expect(text.contains("✓ 4 ") && text.contains("✗ 701 second") && text.contains("✓ a true caption"))
  }

  @Test func answersComeFirst() throws {
    let text = try WellFormedPage(GalleryPage(try gallery()).bytes).text
    let places = ["R@1", "Images and the captions", "Sentences and the images", "The hardest errors"].map {
      text.range(of: $0)?.lowerBound
    }
    #expect(places.allSatisfy { $0 != nil })
    #expect(zip(places, places.dropFirst()).allSatisfy { ($0 ?? text.endIndex) < ($1 ?? text.startIndex) })
  }

  @Test func nothingChosenAndNoHistory() throws {
    let page = try WellFormedPage(GalleryPage(try emptyGallery()).bytes)
    for part in ["No image was chosen", "No sentence was chosen", "None: every right answer", "no history"] {
      #expect(page.text.contains(part), "\(part)")
    }
    #expect(page.elements["use"] == nil && page.elements["svg"] == 2)
    #expect(page.text.contains("100.0 – 100.0"))
  }

  @Test func trainingHasCurves() throws {
    var gallery = try emptyGallery()
    let line =
      #"{"cost":2.5,"epoch":1,"gradient_norm":1,"is_best":true,"learning_rate":0.1,"regularized_cost":2.5,"#
      + #""scores":{"annotation":{"mean_rank":3,"median_rank":2,"r1":19,"r10":59.4,"r5":45.7},"captions":5,"#
      + #""images":1,"search":{"mean_rank":3,"median_rank":9,"r1":15,"r10":52,"r5":39}},"#
      + #""sum_of_recalls":230.1,"update":258,"weight_norm":2}"#
    gallery.history = TrainingHistory(lines: Array((line + "\n" + line + "\n{\"cost\":").utf8))
    let page = try WellFormedPage(GalleryPage(gallery).bytes)
    #expect(gallery.history?.records.count == 2 && gallery.history?.records.first?.update == 258)
    #expect(page.elements["svg"] == 5 && page.elements["polyline"] == 6)
    #expect(page.text.contains("could not be read: 1"))
    #expect(!page.text.contains("no history"))
  }

  @Test func thePageIsUTF8AndSaysSo() throws {
    let bytes = GalleryPage(try gallery()).bytes
    #expect(String(validating: bytes, as: UTF8.self) != nil)
    #expect(bytes.starts(with: "<!DOCTYPE html>".utf8) && bytes.starts(with: PageFrame.beginning))
    #expect(try WellFormedPage(bytes).attributes["charset"] == ["utf-8"])
  }
}
