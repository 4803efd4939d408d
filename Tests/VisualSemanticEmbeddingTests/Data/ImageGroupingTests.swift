import Testing
import VisualSemanticEmbedding

@Suite("Captions grouped into images")
struct ImageGroupingTests {
  @Test("By position", arguments: [(10, 5, 2), (10, 1, 10), (3, 3, 1), (0, 5, 0)])
  func captionsPerImage(captions: Int, each: Int, images: Int) throws {
    let grouping = try ImageGrouping(captionCount: captions, captionFile: "c", captionsPerImage: each)
    #expect(grouping.imageCount == images)
    #expect(grouping.captionCount == captions)
    for image in 0..<images {
      #expect(Array(grouping.captions(ofImage: image)) == Array(image * each..<(image + 1) * each))
      #expect(grouping.firstCaption(ofImage: image) == image * each)
    }
  }

  @Test("By the number of image rows")
  func imageRows() throws {
    let grouping = try ImageGrouping(captionCount: 6, captionFile: "c", imageRowCount: 3, imageFile: "i")
    #expect(grouping.imageOfCaption == [0, 0, 1, 1, 2, 2])
  }

  @Test(
    "Captions that are no multiple are an error with both files",
    arguments: [(7, 3), (2, 3), (5, 0), (0, 3)])
  func mismatch(captions: Int, rows: Int) {
    let error = #expect(throws: ImageGroupingError.self) {
      try ImageGrouping(
        captionCount: captions, captionFile: "caps.txt", imageRowCount: rows, imageFile: "ims.npy")
    }
    let message = error?.description ?? ""
    #expect(message.contains("caps.txt has \(captions) captions"))
    #expect(message.contains("ims.npy has \(rows) rows"))
  }

  @Test("Captions that are no multiple of those an image are an error", arguments: [3, 0, -1])
  func notAMultiple(each: Int) {
    #expect(
      throws: ImageGroupingError.notAMultiple(captions: 7, captionFile: "c", captionsPerImage: each)
    ) {
      try ImageGrouping(captionCount: 7, captionFile: "c", captionsPerImage: each)
    }
  }

  @Test("By runs: neighbours only, so that equal rows apart are two images")
  func runs() {
    let rows = [3, 3, 5, 3, 3, 3, 8]
    let grouping = ImageGrouping(captionCount: rows.count) { rows[$0] == rows[$0 - 1] }
    #expect(grouping.imageOfCaption == [0, 0, 1, 2, 2, 2, 3])
    #expect(grouping.imageCount == 4)
    #expect(ImageGrouping(captionCount: 0) { _ in true }.imageCount == 0)
    #expect(ImageGrouping(captionCount: 1) { _ in true }.imageOfCaption == [0])
  }

  @Test("By runs: errors are passed on")
  func runsThrow() {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try ImageGrouping(captionCount: 3) { row throws(Failure) in
        if row == 2 { throw Failure() }
        return true
      }
    }
  }

  @Test(
    "By identifiers: equal ones are one image wherever they stand",
    arguments: ["b.jpg\nb.jpg\na 1.jpg\nb.jpg\na\n", "b.jpg\r\nb.jpg\r\n a 1.jpg\r\nb.jpg \r\na"])
  func identifiers(text: String) throws {
    try withTextFile(text.utf8) { path in
      let grouping = try ImageGrouping(identifierFile: path, captionCount: 5, captionFile: "c")
      #expect(grouping.imageOfCaption == [0, 0, 1, 0, 2])
      #expect(grouping.imageCount == 3)
      #expect(Array(grouping.captions(ofImage: 0)) == [0, 1, 3])
      #expect(Array(grouping.captions(ofImage: 1)) == [2])
      #expect(grouping.firstCaption(ofImage: 2) == 4)
    }
  }

  @Test("Identifiers that do not fit the captions are an error that names both files")
  func identifierErrors() throws {
    try withTextFile("a\nb\n".utf8) { path in
      #expect(
        throws: ImageGroupingError.identifiersDoNotMatch(
          identifiers: 2, identifierFile: path, captions: 3, captionFile: "c")
      ) {
        try ImageGrouping(identifierFile: path, captionCount: 3, captionFile: "c")
      }
    }
    try withTextFile("a\n \r\nb\n".utf8) { path in
      #expect(throws: ImageGroupingError.blankIdentifier(file: path, line: 2)) {
        try ImageGrouping(identifierFile: path, captionCount: 3, captionFile: "c")
      }
    }
    try withTextFile([]) { path in
      #expect(throws: TextFileError.empty(file: path, contents: .imageIdentifiers)) {
        try ImageGrouping(identifierFile: path, captionCount: 3, captionFile: "c")
      }
    }
  }
}
