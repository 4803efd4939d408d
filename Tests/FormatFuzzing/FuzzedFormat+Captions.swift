internal import DataFormats
internal import VisualSemanticEmbedding

extension FuzzedFormat {
  /// The files of captions that `vse prepare` reads.
  package static func captions() -> [FuzzedFormat] {
    [
      captions(
        "flickr", kind: .flickr, seeds: [flickr], tokens: ["#0\t", "#", "\t", "\n", "\r\n", "../", "/"]),
      captions(
        "csv", kind: .csv, seeds: [table, plainTable],
        tokens: ["\"", "\"\"", ",", "\n", "\r\n", "image", "caption", "split", "train", "test", "\u{FEFF}"]),
      // Which of the two kinds it is, the text tells.
      captions(
        "json", kind: nil, seeds: [coco, karpathy],
        tokens: [
          "{", "}", "[", "]", "\"", ",", ":", "\\u", "\\ud800", "null", "1e999", "-1", "\"images\":",
          "\"split\":",
          "\"id\":", "\"annotations\":", "[[[[[[[[[[[[[[[[",
        ]),
    ]
  }

  private static func captions(
    _ name: String, kind: CaptionSourceKind?, seeds: [String], tokens: [String]
  ) -> FuzzedFormat {
    let read: @Sendable (MappedFile) throws -> Int = { file in
      var reader = CaptionReader(kind: kind, tokenization: .words)
      try reader.read(file.withBytes(Array.init), path: file.path)
      return reader.collection.images.reduce(0) { sum, image in
        precondition(
          image.captions.allSatisfy { !$0.isEmpty && !$0.contains(0x0A) }, "a caption is words in a line")
        return sum + image.name.bytes.count + image.captions.reduce(0) { $0 + $1.count }
      }
    }
    return FuzzedFormat(
      name: name, seeds: seeds.map { Array($0.utf8) }, tokens: Self.tokens(tokens), inputs: 100_000,
      repair: { _ in }, read: read)
  }

  private static let flickr = """
    1000_a.jpg#0\tA child in a pink dress .
    1000_a.jpg#1\tA girl , going into a building .
    x/2000_b.jpg#0\tTwo dogs \u{2019} play\r
    2000_c.jpg#0\t
    """

  private static let table = """
    image,caption,caption_2,split\r
    a.jpg,"A dog, ""running"".",It's a dog,train\r
    "b.jpg","Two
    lines",don't,test\r
    c.jpg,,x,val
    """

  private static let plainTable = """
    a.jpg,one

    a.jpg,"two, three"
    b/c.png,caf\u{E9} \u{2013} no
    """

  private static let coco = """
    {"info": {"year": 2014}, "images": [{"id": 1, "file_name": "a.jpg"}, {"id": "x", "file_name": "b.jpg"}],
     "annotations": [{"image_id": 1, "id": 7, "caption": "A dog\\n runs."}, {"image_id": "x", "caption": "caf\\u00e9"}]}
    """

  private static let karpathy = """
    {"dataset": "f", "images": [
      {"filename": "a.jpg", "filepath": "val", "split": "train", "imgid": 0,
       "sentences": [{"tokens": ["a", "dog"], "raw": "A dog."}, {"raw": "Runs."}]},
      {"filename": "a.jpg", "filepath": "x", "split": "restval", "sentences": [{"tokens": ["b"]}]}]}
    """
}
