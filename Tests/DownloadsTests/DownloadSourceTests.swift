import Downloads
import Testing

@Suite struct DownloadSourceTests {
  @Test(arguments: [
    ("http://host/folder", DownloadSource.web(base: "http://host/folder")),
    ("https://host:8080/", .web(base: "https://host:8080/")), ("HTTPS://host", .web(base: "HTTPS://host")),
    ("folder", .folder(path: "folder")), ("/a/b", .folder(path: "/a/b")), (".", .folder(path: ".")),
    ("a:b", .folder(path: "a:b")), ("file:///a/b", .folder(path: "/a/b")),
    ("file:///a%20b", .folder(path: "/a b")), ("file://localhost/a", .folder(path: "/a")),
  ])
  func mirrors(text: String, expected: DownloadSource) throws {
    #expect(try DownloadSource(mirror: text) == expected)
  }

  @Test(arguments: [
    "", "ftp://host/a", "s3://bucket/a", "http://", "https:///a", "http://host/a?b", "http://host/a#b",
    "file://host/a", "file://", "://a",
  ])
  func noMirrors(text: String) {
    #expect(throws: DownloadError.badMirror(text)) { try DownloadSource(mirror: text) }
  }

  /// As the README of ryankiros/visual-semantic-embedding and torchvision's source have them.
  @Test func addresses() {
    #expect(
      PublishedFile.allCases.map(\.address) == [
        "http://www.cs.toronto.edu/~rkiros/datasets/f8k.zip",
        "http://www.cs.toronto.edu/~rkiros/datasets/f30k.zip",
        "http://www.cs.toronto.edu/~rkiros/datasets/coco.zip",
        "http://www.cs.toronto.edu/~rkiros/models/vse.zip",
        "https://s3.amazonaws.com/lasagne/recipes/pretrained/imagenet/vgg19.pkl",
        "https://download.pytorch.org/models/vgg19-dcbb9e9d.pth",
        "https://download.pytorch.org/models/mobilenet_v2-b0353104.pth",
      ])
    for file in PublishedFile.allCases { #expect(file.address.hasSuffix("/" + file.fileName)) }
  }

  @Test(arguments: [
    (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (1049, "1.0 kB"),
    (999_949, "999.9 kB"),
    (999_960, "1.0 MB"), (237_400_000, "237.4 MB"), (6_800_000_000, "6.8 GB"), (1_000_000_000_000, "1.0 TB"),
    (Int.max, "9223372.0 TB"),
  ])
  func numbersOfBytes(count: Int, text: String) {
    #expect(byteText(count) == text)
  }
}
