import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct CaptionReaderTests {
  /// What a source holds: names, captions, splits.
  private func read(
    _ text: String, _ kind: CaptionSourceKind? = nil, _ tokenization: CaptionTokenization? = nil,
    restval: RestvalUse = .train
  ) throws -> CaptionReader {
    var reader = CaptionReader(kind: kind, tokenization: tokenization)
    reader.restval = restval
    try reader.read(Array(text.utf8), path: "file")
    return reader
  }

  private func captions(_ reader: CaptionReader) -> [String] {
    reader.collection.images.map { image in
      "\(image.name): " + image.captions.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " | ")
    }
  }

  private static let flickr = "a.jpg#0\tA dog 's ball .\r\nb#1.jpg#0\tTwo\tcats\na.jpg#1\tthe dog\n\n"
  private static let coco = """
    {"info": {}, "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 3, "file_name": "b.jpg"},
    {"id": 4, "file_name": "c.jpg"}], "annotations": [{"image_id": 3, "id": 1, "caption": "Two cats,\\nsleeping."},
    {"image_id": 7, "id": 2, "caption": "The dog's \\u00e9clair"}, {"image_id": 3, "id": 3, "caption": " "}]}
    """
  private static let karpathy = """
    {"images": [{"filename": "a.jpg", "filepath": "val2014", "split": "train", "sentids": [0], "sentences":
    [{"tokens": ["a", "dog"], "raw": "A dog."}]}, {"filename": "b.jpg", "split": "val", "sentences":
    [{"tokens": ["cats"], "raw": "Cats!"}, {"tokens": [], "raw": ""}]}, {"filename": "c.jpg", "split": "restval",
    "sentences": [{"tokens": ["men"], "raw": "Men"}]}], "dataset": "coco"}
    """
  private static let csv =
    "image,caption\r\na.jpg,\"A \"\"dog\"\", running\"\r\nb.jpg,Cats\r\na.jpg,\"One\nmore\"\r\n"
  private static let tsv = "a.jpg\tA dog\tOne, more\nb.jpg\tCats\t\n"

  @Test(arguments: [
    (flickr, CaptionSourceKind.flickr, ["a.jpg: A dog 's ball . | the dog", "b#1.jpg: Two cats"]),
    (coco, .coco, ["a.jpg: the dog 's éclair", "b.jpg: two cats , sleeping .", "c.jpg: "]),
    (karpathy, .karpathy, ["a.jpg: a dog", "b.jpg: cats", "c.jpg: men"]),
    (csv, .csv, ["a.jpg: a \" dog \" , running | one more", "b.jpg: cats"]),
    (tsv, .tsv, ["a.jpg: a dog | one , more", "b.jpg: cats"]),
  ])
  func eachKindIsToldByItsContent(text: String, kind: CaptionSourceKind, expected: [String]) throws {
    let reader = try read(text)
    #expect(reader.sources.map(\.kind) == [kind])
    #expect(captions(reader) == expected)
    let marked = try read("\u{FEFF}" + text)
    #expect(captions(marked) == expected, "with a byte order mark")
    #expect(captions(try read(text, kind)) == expected, "with the kind given")
  }

  @Test func tokenizationCanBeChosen() throws {
    #expect(
      captions(try read(Self.karpathy, nil, .words)) == ["a.jpg: a dog .", "b.jpg: cats !", "c.jpg: men"])
    #expect(captions(try read(Self.csv, nil, .asGiven))[0] == "a.jpg: A \"dog\", running | One more")
  }

  @Test func captionsWithoutWordsAreCounted() throws {
    #expect(try read(Self.coco).collection.emptyCaptions == 1)
    #expect(try read(Self.karpathy).collection.emptyCaptions == 1)
    #expect(try read(Self.tsv).collection.emptyCaptions == 0, "an empty field of several is no caption")
  }

  @Test func karpathysFoldersTellImagesApartWhereNamesDoNot() throws {
    let text = """
      {"images": [{"filename": "1.jpg", "filepath": "a", "sentences": [{"raw": "x"}]},
      {"filename": "1.jpg", "filepath": "b", "sentences": [{"raw": "y"}]}]}
      """
    #expect(captions(try read(text)) == ["a/1.jpg: x", "b/1.jpg: y"])
  }

  @Test func tablesMayHaveHeadersOfManyColumns() throws {
    let text =
      "split,id,Filename,caption_1,caption_2\ntrain,1,a.jpg,one,two\nval,2,b.jpg,three,\n,3,c.jpg,four,\n"
    let reader = try read(text)
    #expect(captions(reader) == ["a.jpg: one | two", "b.jpg: three", "c.jpg: four"])
    #expect(reader.collection.images.map(\.split) == [.split(.train), .split(.dev), nil])
  }

  @Test(arguments: [
    ("a.jpg#0\tx\nno tab", "line 2"), ("a.jpg#0\tx\na.jpg\ty", "line 2"), ("/etc/a.jpg#0\tx", "leads out"),
    ("x/../../a.jpg#0\tx", "leads out"), ("#0\tx", "is empty"), ("a\u{1}b#0\tx", "control"),
    ("a.jpg,x\nb.jpg,y,z\n", "line 2"), ("a.jpg,x\nb.jpg,\"y\n", "line 2"), (",x", "is empty"),
    ("image,split,caption\na.jpg,foo,x", "'foo'"),
    ("image,split,caption\na.jpg,train,x\na.jpg,test,y", "line 3"),
    ("words only", "--format"), ("", "--format"), ("{", "JSON"), ("{\"images\": [}", "character"),
    ("{\"images\": 5}", "images"), ("{\"annotations\": []}", "no images"),
    ("{\"images\": [{\"id\": 1, \"file_name\": 5}], \"annotations\": []}", "images[0].file_name"),
    ("{\"images\": [{\"id\": 1}], \"annotations\": []}", "images[0]"),
    (
      "{\"images\": [{\"id\": 1, \"file_name\": \"a\"}, {\"id\": 1, \"file_name\": \"b\"}], \"annotations\": []}",
      "images[1]"
    ),
    (
      "{\"images\": [{\"id\": 1, \"file_name\": \"a\"}], \"annotations\": [{\"image_id\": 2, \"caption\": \"x\"}]}",
      "annotations[0]"
    ),
    ("{\"images\": [{\"id\": 1e40, \"file_name\": \"a\"}], \"annotations\": []}", "'file'"),
    ("{\"images\": [{\"filename\": \"../a\", \"sentences\": []}]}", "leads out"),
    ("{\"images\": [{\"filename\": \"a\\nb\", \"sentences\": []}]}", "control"),
    ("{\"images\": [{\"filename\": \"a\", \"sentences\": [{}]}]}", "sentences[0]"),
    ("{\"images\": [{\"filename\": \"a\", \"split\": \"x\", \"sentences\": []}]}", "'x'"),
    ("{\"images\": " + String(repeating: "[", count: 100_000), "JSON"),
  ])
  func brokenSourcesAreToldWithTheirPlace(text: String, named: String) {
    let error = #expect(throws: PreparationError.self) { try read(text) }
    let message = error?.description ?? ""
    #expect(message.contains(named) && !message.contains("\n"), "\(message)")
    #expect(message.contains("file"))
  }

  @Test func bytesThatAreNoUTF8AreTextButNotJSON() throws {
    var reader = CaptionReader()
    try reader.read(Array("a.jpg#0\tx ".utf8) + [0xFF], path: "file")
    #expect(reader.collection.images[0].captions == [[0x78, 0x20, 0xFF]])
    #expect(throws: PreparationError.self) {
      try reader.read(
        Array("{\"images\": [], \"annotations\": [\"".utf8) + [0xFF, 0x22, 0x5D, 0x7D], path: "file")
    }
    #expect(throws: PreparationError.utf16(file: "file")) {
      try reader.read([0xFF, 0xFE, 0x61, 0], path: "file")
    }
  }

  @Test func aFolderHasATextForEachPhoto() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [
      ("b.JPG", ""), ("b.txt", "Two cats\n\n"), ("a.png", ""), ("a.txt", "A dog\r\nruns."), ("c.txt", "x"),
      ("d.jpg", ""), ("d.png", ""), ("._a.png", ""), ("._a.txt", "not a caption"),
    ] {
      _ = try folder.write(Array(text.utf8), to: name)
    }
    var reader = CaptionReader()
    try reader.read(folder.url.path)
    #expect(captions(reader) == ["a.png: a dog | runs .", "b.JPG: two cats"])
    #expect(reader.textsWithoutPhoto.map(\.description) == ["c.txt"])
    _ = try folder.write([], to: "a.jpg")
    var second = CaptionReader()
    #expect(throws: PreparationError.self) { try second.read(folder.url.path) }
  }

  @Test func severalSourcesAreOne() throws {
    var reader = CaptionReader()
    try reader.read(Array(Self.flickr.utf8), path: "1")
    try reader.read(Array(Self.csv.utf8), path: "2")
    #expect(captions(reader)[0] == "a.jpg: A dog 's ball . | the dog | a \" dog \" , running | one more")
    #expect(reader.collection.images.count == 3)
  }
}
