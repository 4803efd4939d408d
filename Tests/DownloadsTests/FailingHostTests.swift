import Downloads
import Foundation
import TestSupport
import Testing

/// Hosts that break off, fail, lie or have something else.
@Suite struct FailingHostTests {
  private let bytes = Pickle.bytes(5000)

  /// Ways to break off before anything of use has come.
  enum Break: CaseIterable {
    case atOnce, afterStatus, withinHeader, afterHeader, withinBody, withinChunk, beforeLastChunk, reset
  }

  @Test(arguments: Break.allCases)
  func everyBreakIsTriedAgain(place: Break) throws {
    let file = ServedFile(bytes)
    let trial = try Trial { request in
      guard request.index == 0 else { return file.answer(request) }
      let status = "HTTP/1.1 200 OK\r\n"
      let chunked = Array("\(status)Transfer-Encoding: chunked\r\n\r\n".utf8)
      switch place {
      case .atOnce: return []
      case .afterStatus: return [.send(Array(status.utf8))]
      case .withinHeader: return [.send(Array("\(status)Content-Le".utf8))]
      case .afterHeader: return [.send(Array("\(status)Content-Length: 5000\r\n".utf8))]
      case .withinBody: return file.answer(request).cut(to: 17)
      case .withinChunk: return [.send(chunked + Array("ff\r\n".utf8) + file.bytes.prefix(20))]
      case .beforeLastChunk:
        return [.send(chunked + ServedFile.chunks([Array(file.bytes.prefix(4000))], end: ""))]
      case .reset: return file.answer(request).cut(to: 1000) + [.reset]
      }
    }
    let run = trial.run()
    #expect(run.reasons == ["the connection broke"])
    #expect(try TestSupport.bytes(ofFile: trial.folder.path("vgg19.pkl")) == bytes)
  }

  @Test func attemptsAreCounted() throws {
    let trial = try Trial { _ in [] }
    let run = trial.run()
    #expect(run.error?.failure == .broken && run.reasons.count == 3)
    #expect(trial.server.requests.count == 4)
    let attempts: [Int] = run.events.compactMap {
      if case .retrying(_, let attempt, 3, .zero) = $0 { attempt } else { nil }
    }
    #expect(attempts == [1, 2, 3])
  }

  @Test func progressIsWorthFurtherAttempts() throws {
    var file = ServedFile(bytes)
    file.breaksAfter = 500
    let breaking = file
    var trial = try Trial(breaking)
    trial.downloader.policy.progressBytes = 400
    #expect(trial.run().stored != nil)
    // Coming again as far as before is none.
    file.givesParts = false
    trial = try Trial(file)
    trial.downloader.policy.progressBytes = 400
    #expect(trial.run().error?.failure == .broken)
    #expect(trial.server.requests.count == 4)
  }

  /// The length that is promised never comes.
  @Test func aLengthThatIsTooLongFails() throws {
    let bytes = bytes
    let trial = try Trial { request in
      var longer = ServedFile(bytes + [0, 0, 0])
      longer.breaksAfter = max(0, bytes.count - (request.headers["range"] == nil ? 0 : bytes.count))
      return longer.answer(request)
    }
    let run = trial.run()
    #expect(run.error?.failure == .broken && run.reasons.count == 3)
    #expect(run.error?.description.contains("5.0 kB are kept") == true)
    #expect(try trial.folder.contents() == ["vgg19.pkl.part", "vgg19.pkl.part.json"])
  }

  /// The rest of the file is never sent.
  @Test func aLengthThatIsTooShortIsSeenAtTheEnd() throws {
    let bytes = bytes
    let trial = try Trial { _ in [.send(ServedFile.head("200 OK", ["Content-Length: 4000"]) + bytes)] }
    let error = trial.run().error
    #expect(
      error
        == .wrongContent(
          place: trial.origin().address, fileName: "vgg19.pkl", expected: "pickle",
          found: "the beginning of one"))
    #expect(try trial.folder.contents() == [])
  }

  /// Networks of torchvision's have the beginning of their SHA-256 in their names.
  @Test(arguments: [PublishedFile.mobilenetV2, .vgg19Torchvision])
  func anotherChecksumIsRefused(file: PublishedFile) throws {
    let bytes = bytes
    let trial = try Trial(ServedFile(bytes))
    let error = try #require(trial.run(file).error)
    guard case .wrongChecksum(let place, let fileName, let expected, let found) = error else { throw error }
    #expect(place == trial.origin(file).address && fileName == file.fileName)
    #expect(file.fileName.contains(expected) && !found.hasPrefix(expected))
    #expect(try trial.folder.contents() == [])

    let mirror = try TemporaryFolder()
    _ = try mirror.write(bytes, to: file.fileName)
    let copying = Downloader(folder: trial.folder.url.path, source: .folder(path: mirror.url.path))
    #expect {
      try copying.download(file)
    } throws: {
      guard case .wrongChecksum = $0 as? DownloadError else { return false }
      return "\($0)".contains("--mirror")
    }
    #expect(try trial.folder.contents() == [])
  }

  @Test(arguments: [
    ("<!DOCTYPE html><title>Moved</title>", "a web page"), ("\n  <html>", "a web page"),
    ("{\"error\": 404}", "something else"), ("", "nothing"), ("PK\u{3}\u{4} an archive", "something else"),
  ])
  func somethingElseIsRefused(text: String, found: String) throws {
    let trial = try Trial { _ in ServedFile.answer("200 OK", body: Array(text.utf8)) }
    #expect(
      trial.run().error
        == .wrongContent(
          place: trial.origin().address, fileName: "vgg19.pkl", expected: "pickle", found: found))
    #expect(trial.server.requests.count == 1)
    let left = try trial.folder.contents()
    #expect(left.allSatisfy { (try? TestSupport.bytes(ofFile: trial.folder.path($0)).count) ?? 0 < 200 })
    #expect(!left.contains("vgg19.pkl"))
  }

  @Test(arguments: [404, 410, 401, 403, 407, 451, 204, 206, 300, 304, 400, 418])
  func statusesThatEndADownload(status: Int) throws {
    var trial = try Trial { _ in ServedFile.answer("\(status) Status", body: Array("<html>".utf8)) }
    trial.downloader.policy.pauses = []
    let error = try #require(trial.run().error)
    switch (status, error) {
    case (404, .gone(_, status)), (410, .gone(_, status)), (206, .inconsistentParts): break
    case (401, .forbidden(_, status)), (403, .forbidden(_, status)), (407, .forbidden(_, status)),
      (451, .forbidden(_, status)):
      break
    case (204, .unexpectedStatus(_, status)), (300..., .unexpectedStatus(_, status)): break
    default: Issue.record("\(error)")
    }
    #expect(trial.server.requests.count == 1)
    #expect(error.description.contains("vgg19.pkl") && !error.description.contains("\n"))
  }

  @Test(arguments: [408, 429, 500, 502, 503, 504])
  func statusesThatMayPass(status: Int) throws {
    let file = ServedFile(bytes)
    let trial = try Trial { request in
      request.index < 2 ? ServedFile.answer("\(status) Busy") : file.answer(request)
    }
    let run = trial.run()
    #expect(run.stored != nil)
    #expect(run.reasons == Array(repeating: "the host answers HTTP \(status)", count: 2))
    let failing = try Trial { _ in ServedFile.answer("\(status) Busy") }
    guard case .hostFailed(_, status, kept: 0)? = failing.run().error else {
      Issue.record("no failure")
      return
    }
    #expect(failing.server.requests.count == 4)
  }

  @Test(arguments: [
    ("0", 0), ("3600", 50), ("-5", 0), ("Fri, 31 Dec 1999 23:59:59 GMT", 0), ("999999999999999999999", 0),
  ])
  func aHostMayAskForAPause(text: String, milliseconds: Int) throws {
    let file = ServedFile(bytes)
    var trial = try Trial { request in
      request.index == 0
        ? ServedFile.answer("503 Unavailable", ["Retry-After: \(text)"]) : file.answer(request)
    }
    trial.downloader.policy.longestPause = .milliseconds(50)
    let pauses: [Duration] = trial.run().events.compactMap {
      if case .retrying(_, _, _, let pause) = $0 { pause } else { nil }
    }
    #expect(pauses == [.milliseconds(milliseconds)])
  }

  @Test func aPauseCanBeInterrupted() throws {
    var trial = try Trial { _ in ServedFile.answer("503 Unavailable") }
    trial.downloader.policy.pauses = [.seconds(3600)]
    #expect(trial.run { if case .retrying = $0 { true } else { false } }.error == .interrupted(kept: 0))
  }

  @Test(arguments: ["", "ftp://127.0.0.1/x", "file:///etc/passwd", "http:///x", "javascript:alert(1)"])
  func redirectsThatLeadNowhere(location: String) throws {
    let trial = try Trial { _ in ServedFile.answer("302 Found", ["Location: \(location)"]) }
    guard case .badRedirect(_, location)? = trial.run().error else {
      Issue.record("followed")
      return
    }
    #expect(trial.server.requests.count == 1)
  }

  @Test func aRedirectWithoutALocation() throws {
    let trial = try Trial { _ in ServedFile.answer("302 Found") }
    guard case .badRedirect(_, "")? = trial.run().error else {
      Issue.record("followed")
      return
    }
  }

  @Test func redirectsInACircleEnd() throws {
    let trial = try Trial { ServedFile.answer("302 Found", ["Location: \($0.path)x"]) }
    guard case .tooManyRedirects? = trial.run().error else {
      Issue.record("followed")
      return
    }
    #expect(trial.server.requests.count == 11)
  }

  @Test(arguments: [
    ("https://a/x", "http://a/x", Redirect.insecure("http://a/x")),
    ("https://a/x", "https://b/y", .web("https://b/y")), ("http://a/x", "https://a/x", .web("https://a/x")),
    ("https://a/x", "//b/y", .web("https://b/y")), ("https://a/b/x", "y", .web("https://a/b/y")),
    ("https://a/x", "HTTP://a/x", .insecure("HTTP://a/x")), ("https://a/x", "data:,x", .nowhere),
  ])
  func redirectsFromAndToTLS(address: String, location: String, expected: Redirect) {
    #expect(Redirect(to: location, from: address) == expected)
  }

  @Test func anEncodingThatWasNotAskedFor() throws {
    let bytes = bytes
    let trial = try Trial { _ in ServedFile.answer("200 OK", ["Content-Encoding: gzip"], body: bytes) }
    guard case .encoded(_, encoding: "gzip")? = trial.run().error else {
      Issue.record("taken")
      return
    }
  }

  @Test func aFileThatDoesNotFitOnTheDisk() throws {
    let trial = try Trial { _ in
      [.send(ServedFile.head("200 OK", ["Content-Length: 1000000000000000000"])), .fallSilent]
    }
    guard case .noRoom(_, needed: 1_000_000_000_000_000_000, _)? = trial.run().error else {
      Issue.record("begun")
      return
    }
  }

  @Test func aHostThatTakesNoConnectionFailsAtOnce() throws {
    var trial = try Trial { _ in [] }
    // No program of our days listens there.
    trial.downloader.source = .web(base: "http://127.0.0.1:1")
    let run = trial.run()
    #expect(run.error?.failure == .noConnection && run.events.isEmpty)
  }

  @Test func aSilentHostIsGivenUp() throws {
    var trial = try Trial { _ in [.send(ServedFile.head("200 OK", ["Content-Length: 5000"])), .fallSilent] }
    trial.downloader.policy.timeouts.stallSeconds = 1
    trial.downloader.policy.pauses = []
    #expect(trial.run().error?.failure == .timedOut)
  }

  @Test func somethingThatIsNotHTTP() throws {
    let trial = try Trial { _ in [.send(Array("SSH-2.0-OpenSSH\r\n\r\n".utf8))] }
    guard case .other? = trial.run().error?.failure else {
      Issue.record("taken")
      return
    }
  }
}

extension DownloadError {
  var failure: TransferFailure? {
    if case .transfer(_, let failure, _) = self { failure } else { nil }
  }
}
