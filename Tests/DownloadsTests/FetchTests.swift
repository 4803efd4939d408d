import Downloads
import Foundation
import TestSupport
import Testing

/// Answers of hosts that do their best.
@Suite struct FetchTests {
  private let bytes = Pickle.bytes(5000)

  @Test func aFileComesWhole() throws {
    let trial = try Trial(ServedFile(bytes))
    let run = trial.run()
    let path = trial.folder.path("vgg19.pkl")
    let stored = try #require(run.stored)
    var sha256 = SHA256()
    bytes.withUnsafeBytes { sha256.update($0) }
    #expect(stored.path == path && stored.files == 1 && stored.bytes == 5000 && stored.archive == nil)
    #expect(stored.source == trial.server.address + "/vgg19.pkl" && stored.sha256 == sha256.finalized())
    #expect(try TestSupport.bytes(ofFile: path) == bytes)
    #expect(try trial.folder.contents() == ["vgg19.pkl"])
    #expect(run.events.first == .fetching(address: stored.source, kept: 0, total: 5000))
    #expect(run.events.contains(.received(5000, total: 5000)))
    #expect(run.events.last == .hashed(5000, total: 5000))
    let request = try #require(trial.server.requests.first)
    #expect(request.path == "/vgg19.pkl" && request.headers["range"] == nil)
    #expect(request.headers["accept-encoding"] == "identity")
  }

  /// How an answer may tell where its body ends.
  enum Framing: CaseIterable {
    case length, chunks, trailers, close, oldVersion, earlyHeads, oddHeaders, noReason
  }

  @Test(arguments: Framing.allCases)
  func everyFramingIsUnderstood(framing: Framing) throws {
    let bytes = bytes
    let trial = try Trial { _ in
      let chunked = ["Transfer-Encoding: chunked"]
      let length = ["Content-Length: \(bytes.count)"]
      let pieces = [Array(bytes[..<1]), Array(bytes[1..<2000]), Array(bytes[2000...])]
      let answer: [UInt8] =
        switch framing {
        case .length: ServedFile.head("200 OK", length) + bytes
        case .chunks: ServedFile.head("200 OK", chunked) + ServedFile.chunks(pieces)
        case .trailers:
          ServedFile.head("200 OK", chunked) + ServedFile.chunks(pieces, end: "0\r\nX-Sum: 3\r\n\r\n")
        case .close: ServedFile.head("200 OK", []) + bytes
        case .oldVersion: Array("HTTP/1.0 200 OK\r\n\r\n".utf8) + bytes
        case .earlyHeads:
          ServedFile.head("100 Continue", []) + ServedFile.head("103 Early Hints", ["Content-Length: 3"])
            + ServedFile.head("200 OK", length) + bytes
        case .oddHeaders:
          ServedFile.head("200 OK", ["X-Empty:", "X-Latin: \u{E9}", "x-folded: a\r\n  b"] + length) + bytes
        case .noReason: Array("HTTP/1.1 200\r\ncontent-length:\(bytes.count)\r\n\r\n".utf8) + bytes
        }
      return [.send(answer)]
    }
    #expect(trial.run().error == nil)
    #expect(try TestSupport.bytes(ofFile: trial.folder.path("vgg19.pkl")) == bytes)
    #expect(trial.server.requests.count == 1)
  }

  @Test(arguments: ["moved", "/there/moved", "../moved", "HTTP://127.0.0.1:PORT/moved", "?moved"])
  func redirectsAreFollowed(location: String) throws {
    let file = ServedFile(bytes)
    let trial = try Trial { request in
      guard !request.path.contains("moved") else { return file.answer(request) }
      let port = request.headers["host"].map { String($0.split(separator: ":")[1]) } ?? ""
      let target = location.replacing("PORT", with: port)
      return ServedFile.answer("302 Found", ["Location: \(target)"], body: Array("a page".utf8))
    }
    let run = trial.run()
    #expect(run.error == nil)
    #expect(try TestSupport.bytes(ofFile: trial.folder.path("vgg19.pkl")) == bytes)
    #expect(trial.server.requests.count == 2)
    guard case .redirected(let address)? = run.events.first else {
      Issue.record("\(run.events)")
      return
    }
    #expect(address.hasSuffix("moved"))
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func everyRedirectIsOne(status: Int) throws {
    let file = ServedFile(bytes)
    let trial = try Trial { request in
      request.index < 5
        ? ServedFile.answer("\(status) Moved", ["Location: /\(request.index)"]) : file.answer(request)
    }
    #expect(trial.run().error == nil)
    #expect(trial.server.requests.map(\.path).suffix(2) == ["/3", "/4"])
  }

  @Test func aPasswordIsUsedAndNotShown() throws {
    let file = ServedFile(bytes)
    var trial = try Trial { $0.index == 0 ? ServedFile.answer("404 Not Found") : file.answer($0) }
    let mirror = trial.server.address.replacing("//", with: "//me:secret@")
    trial.downloader.source = try DownloadSource(mirror: mirror)
    let failed = trial.run()
    #expect(failed.error?.description.contains("secret") == false)
    let run = trial.run()
    #expect(run.stored?.source == trial.server.address + "/vgg19.pkl")
    #expect(!"\(run.events)".contains("secret"))
    for request in trial.server.requests {
      #expect(request.headers["authorization"] == "Basic \(Data("me:secret".utf8).base64EncodedString())")
    }
  }

  @Test func whatIsThereIsNotFetched() throws {
    var trial = try Trial(ServedFile(bytes))
    _ = try trial.folder.write([1, 2, 3], to: "vgg19.pkl")
    let run = trial.run()
    #expect(try run.result.get() == .alreadyPresent(path: trial.folder.path("vgg19.pkl")))
    #expect(run.events.isEmpty && trial.server.requests.isEmpty)
    trial.downloader.overwrites = true
    #expect(trial.run().stored != nil)
    #expect(try TestSupport.bytes(ofFile: trial.folder.path("vgg19.pkl")) == bytes)
  }

  @Test func foldersAreMade() throws {
    var trial = try Trial(ServedFile(bytes))
    trial.downloader.folder = trial.folder.path("a/b")
    #expect(trial.run().stored?.path == trial.folder.path("a/b/vgg19.pkl"))
    trial.downloader.folder = trial.folder.path("a/b/vgg19.pkl/c")
    #expect(trial.run().error == .noFolder(path: trial.folder.path("a/b/vgg19.pkl/c")))
    try FileManager.default.createDirectory(
      atPath: trial.folder.path("vgg19.pkl"), withIntermediateDirectories: true)
    trial.downloader.folder = trial.folder.url.path
    #expect(trial.run().error == .blocked(path: trial.folder.path("vgg19.pkl")))
  }

  @Test func filesComeFromAFolderToo() throws {
    var trial = try Trial(ServedFile([]))
    let mirror = try TemporaryFolder()
    for text in [mirror.url.path, mirror.url.path + "/", "file://" + mirror.url.path] {
      trial.downloader.source = try DownloadSource(mirror: text)
      let path = mirror.path("vgg19.pkl")
      #expect(trial.run().error == .notInMirror(path: path))
      _ = try mirror.write(bytes, to: "vgg19.pkl")
      let run = trial.run()
      #expect(run.events.first == .using(path: path) && run.stored?.source == path)
      #expect(try TestSupport.bytes(ofFile: trial.folder.path("vgg19.pkl")) == bytes)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.removeItem(atPath: trial.folder.path("vgg19.pkl"))
    }
    #expect(trial.server.requests.isEmpty)
  }
}
