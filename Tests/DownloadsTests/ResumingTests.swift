import Downloads
import Foundation
import TestSupport
import Testing

/// Downloads that break off, and how they go on.
@Suite struct ResumingTests {
  private let bytes = Pickle.bytes(5000)

  private func isWhole(_ trial: Trial) throws -> Bool {
    try TestSupport.bytes(ofFile: trial.folder.path("vgg19.pkl")) == bytes
      && trial.folder.contents() == ["vgg19.pkl"]
  }

  /// A server that breaks off after so many bytes each of the first times, and a change for each later request.
  private func trial(
    breaksAfter: [Int], _ change: @escaping @Sendable (inout ServedFile, Int) -> Void = { _, _ in }
  ) throws -> Trial {
    let file = ServedFile(bytes)
    return try Trial { request in
      var file = file
      change(&file, request.index)
      file.breaksAfter = request.index < breaksAfter.count ? breaksAfter[request.index] : nil
      return file.answer(request)
    }
  }

  @Test func aBrokenDownloadGoesOn() throws {
    let trial = try trial(breaksAfter: [1000, 0, 3000])
    let run = trial.run()
    #expect(try isWhole(trial))
    #expect(trial.starts == [nil, 1000, 1000, 4000])
    #expect(trial.server.requests.map { $0.headers["if-range"] } == [nil, "\"one\"", "\"one\"", "\"one\""])
    #expect(run.reasons == Array(repeating: "the connection broke", count: 3))
    #expect(run.events.contains(.fetching(address: trial.origin().address, kept: 4000, total: 5000)))
    #expect(run.startingOver.isEmpty)
  }

  @Test func theNextRunGoesOn() throws {
    var trial = try trial(breaksAfter: [1000, 500])
    trial.downloader.policy.pauses = []
    for kept in [1000, 1500] {
      guard case .transfer(let origin, .broken, kept)? = trial.run().error else {
        Issue.record("the connection did not break")
        return
      }
      #expect(origin.fileName == "vgg19.pkl")
      #expect(try trial.folder.contents() == ["vgg19.pkl.part", "vgg19.pkl.part.json"])
    }
    #expect(trial.run().stored?.bytes == 5000)
    #expect(try isWhole(trial))
    #expect(trial.starts == [nil, 1000, 1500])
  }

  @Test func aDateMarksAFileToo() throws {
    let date = "Mon, 19 Oct 2015 10:00:00 GMT"
    let trial = try trial(breaksAfter: [1000]) { file, _ in
      (file.tag, file.lastModified) = ("W/\"weak\"", date)
    }
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial))
    #expect(trial.starts == [nil, 1000] && trial.server.requests[1].headers["if-range"] == date)
  }

  @Test func aFileWithoutAMarkBeginsAnew() throws {
    let trial = try trial(breaksAfter: [1000]) { file, _ in file.tag = "W/\"weak\"" }
    #expect(trial.run().startingOver == [.unmarked])
    #expect(try isWhole(trial))
    #expect(trial.starts == [nil, nil])
  }

  @Test func aChangedFileBeginsAnew() throws {
    let old = Pickle.bytes(6000, seed: 2)
    let trial = try trial(breaksAfter: [1000]) { file, index in
      if index == 0 { file.bytes = old } else { file.tag = "\"two\"" }
    }
    #expect(trial.run().startingOver == [.changed])
    #expect(try isWhole(trial))
    #expect(trial.starts == [nil, 1000])
  }

  @Test func aHostThatGivesNoPartsBeginsAnew() throws {
    let trial = try trial(breaksAfter: [1000]) { file, _ in file.givesParts = false }
    #expect(trial.run().startingOver == [.unsupported])
    #expect(try isWhole(trial))
  }

  @Test func anotherAddressBeginsAnewOnceItAnswers() throws {
    var trial = try trial(breaksAfter: [1000])
    trial.downloader.policy.pauses = []
    _ = trial.run()
    let other = try Trial(ServedFile(bytes))
    trial.downloader.source = .web(base: other.server.address + "/none")
    let gone = try Trial { _ in ServedFile.answer("404 Not Found") }
    trial.downloader.source = .web(base: gone.server.address)
    #expect(trial.run().startingOver.isEmpty)
    #expect(try trial.folder.contents().first == "vgg19.pkl.part")
    #expect(try TestSupport.bytes(ofFile: trial.folder.path("vgg19.pkl.part")).count == 1000)
    trial.downloader.source = .web(base: other.server.address)
    #expect(trial.run().startingOver == [.otherAddress(trial.origin().address)])
    #expect(other.starts == [nil])
    #expect(try isWhole(trial))
  }

  /// Parts that are not what was asked for, as "Content-Range" says, or do not say what they are.
  @Test(arguments: [
    "bytes 999-4999/5000", "bytes 1001-4999/5000", "bytes 1000-4999/5001", "bytes 1000-4999/4000",
    "bytes 1000",
    "bytes 1000-999/5000", "bytes 1000-4999", "bytes */5000", "lines 1000-4999/5000", "bytes +1000-4999/5000",
    "",
    "bytes 1000-99999999999999999999/*",
  ])
  func partsThatDoNotFitAreDropped(range: String) throws {
    let file = ServedFile(bytes)
    let bytes = bytes
    let trial = try Trial { request in
      guard request.headers["range"] != nil else {
        var file = file
        file.breaksAfter = request.index == 0 ? 1000 : nil
        return file.answer(request)
      }
      return ServedFile.answer(
        "206 Partial Content", ["ETag: \"one\"", "Content-Range: \(range)"], body: Array(bytes[1000...]))
    }
    #expect(trial.run().reasons.last?.contains("does not fit") == true)
    #expect(try isWhole(trial))
    #expect(trial.starts == [nil, 1000, nil])
  }

  @Test func aPartOfAnotherVersionIsDropped() throws {
    let file = ServedFile(bytes)
    let bytes = bytes
    let trial = try Trial { request in
      guard request.headers["range"] == nil else {
        return ServedFile.answer(
          "206 Partial Content", ["ETag: \"two\"", "Content-Range: bytes 1000-4999/5000"],
          body: Array(bytes[1000...]))
      }
      return request.index == 0 ? file.answer(request).cut(to: 1000) : file.answer(request)
    }
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial) && trial.starts == [nil, 1000, nil])
  }

  /// All bytes are here, but the run that fetched them could not note that nothing is missing.
  @Test(arguments: [5000, 4999])
  func nothingToSendMeansComplete(total: Int) throws {
    let file = ServedFile(bytes)
    let trial = try Trial { request in
      request.headers["range"] == nil
        ? file.answer(request)
        : ServedFile.answer("416 Range Not Satisfiable", ["Content-Range: bytes */\(total)"])
    }
    _ = try trial.folder.write(bytes, to: "vgg19.pkl.part")
    _ = try trial.folder.write(
      record(bytes: 5000, total: nil, address: trial.origin().address), to: "vgg19.pkl.part.json")
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial) && trial.starts == (total == 5000 ? [5000] : [5000, nil]))
  }

  @Test(arguments: ["bytes 1000-4999/5000", "bytes 1000-4999/*", "Bytes 1000-4999/5000"])
  func partsThatFitAreTaken(range: String) throws {
    let file = ServedFile(bytes)
    let bytes = bytes
    let trial = try Trial { request in
      var file = file
      file.breaksAfter = 1000
      return request.index == 0
        ? file.answer(request)
        : ServedFile.answer("206 Partial Content", ["Content-Range: \(range)"], body: Array(bytes[1000...]))
    }
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial))
  }

  /// A host that calls the whole file a part, which was not asked for, is not asked again.
  @Test func thePartThatIsTheWholeIsTaken() throws {
    let bytes = bytes
    let trial = try Trial { request in
      let start = request.headers["range"].flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
      let whole = ServedFile.answer(
        "206 Partial Content", ["ETag: \"one\"", "Content-Range: bytes \(start)-4999/5000"],
        body: Array(bytes[start...]))
      return request.index == 0 ? whole.cut(to: 1000) : whole
    }
    let run = trial.run()
    #expect(run.stored?.bytes == 5000 && run.reasons == ["the connection broke"])
    #expect(try isWhole(trial) && trial.starts == [nil, 1000])
  }

  /// The beginning of the file, or one whose end is not told, is not the whole.
  @Test(arguments: ["bytes 0-3999/5000", "bytes 0-4999/*", "bytes 1-4999/5000"])
  func otherPartsThatWereNotAskedForAreDropped(range: String) throws {
    let bytes = bytes
    let trial = try Trial { request in
      request.index == 0
        ? ServedFile.answer("206 Partial Content", ["Content-Range: \(range)"], body: Array(bytes[..<4000]))
        : ServedFile(bytes).answer(request)
    }
    #expect(trial.run().reasons.map { $0.contains("does not fit") } == [true])
    #expect(try isWhole(trial) && trial.starts == [nil, nil])
  }

  /// A part may be less than the rest.
  @Test func smallPartsAddUp() throws {
    let bytes = bytes
    let trial = try Trial { request in
      let start = request.headers["range"].flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
      let end = min(start + 2000, bytes.count)
      guard start > 0 else { return ServedFile(bytes).answer(request).cut(to: 2000) }
      return ServedFile.answer(
        "206 Partial Content", ["ETag: \"one\"", "Content-Range: bytes \(start)-\(end - 1)/\(bytes.count)"],
        body: Array(bytes[start..<end]))
    }
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial))
    #expect(trial.starts == [nil, 2000, 4000])
  }

  @Test func stoppingKeepsWhatIsHere() throws {
    let file = ServedFile(bytes)
    let trial = try Trial { request in
      request.index == 0 ? file.answer(request).cut(to: 1000) + [.fallSilent] : file.answer(request)
    }
    let run = trial.run { if case .received = $0 { true } else { false } }
    #expect(run.error == .interrupted(kept: 1000))
    #expect(trial.run().events.first == .fetching(address: trial.origin().address, kept: 1000, total: 5000))
    #expect(try isWhole(trial))
  }

  @Test func aFileThatIsCompleteIsNotAskedFor() throws {
    let trial = try Trial(ServedFile(bytes))
    let run = trial.run { if case .hashed = $0 { true } else { false } }
    // It was small enough to be hashed before the question whether to go on.
    #expect(run.stored != nil)
    _ = try trial.folder.write(bytes, to: "vgg19.pkl.part")
    _ = try trial.folder.write(record(bytes: 5000, isComplete: true), to: "vgg19.pkl.part.json")
    try FileManager.default.removeItem(atPath: trial.folder.path("vgg19.pkl"))
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial) && trial.server.requests.count == 1)
  }

  private func record(bytes: Int, total: Int? = 5000, isComplete: Bool = false, address: String = "")
    -> [UInt8]
  {
    Array(
      """
      {"address": "\(address)", "bytes": \(bytes), "bytes_in_all": \(total.map(String.init) ?? "null"), "etag": "\\"one\\"",
       "is_complete": \(isComplete)}
      """.utf8)
  }

  /// What a killed process leaves: more bytes than its record knows of, which need not be on disk as they were sent.
  @Test func bytesBeyondTheRecordAreFetchedAgain() throws {
    let trial = try Trial(ServedFile(bytes))
    _ = try trial.folder.write(bytes[..<500] + Array(repeating: 0, count: 300), to: "vgg19.pkl.part")
    _ = try trial.folder.write(record(bytes: 500, address: trial.origin().address), to: "vgg19.pkl.part.json")
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial) && trial.starts == [500])
  }

  @Test(arguments: [
    "", "{", "[]", "{\"bytes\": 500}", "{\"address\": 5}", "null",
    "{\"address\": \"ADDRESS\", \"bytes\": 5, \"bytes_in_all\": \(Int.min), \"etag\": \"\\\"one\\\"\", \"is_complete\": false}",
    "{\"address\": \"ADDRESS\", \"bytes\": 5, \"etag\": \"\\\"one\\\"\\r\\nX: y\", \"is_complete\": false}",
    "{\"address\": \"\", \"bytes\": 99999999999999999999999, \"is_complete\": true}",
  ])
  func aRecordThatSaysNothingBeginsAnew(text: String) throws {
    let trial = try Trial(ServedFile(bytes))
    _ = try trial.folder.write(bytes[..<500], to: "vgg19.pkl.part")
    let record = text.replacing("ADDRESS", with: trial.origin().address)
    _ = try trial.folder.write(Array(record.utf8), to: "vgg19.pkl.part.json")
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial) && trial.starts == [nil])
  }

  @Test(arguments: [501, -1, Int.max])
  func aRecordOfMoreThanThereIsBeginsAnew(count: Int) throws {
    let trial = try Trial(ServedFile(bytes))
    _ = try trial.folder.write(bytes[..<500], to: "vgg19.pkl.part")
    _ = try trial.folder.write(
      record(bytes: count, isComplete: true, address: trial.origin().address), to: "vgg19.pkl.part.json")
    #expect(trial.run().stored != nil)
    #expect(try isWhole(trial) && trial.starts == [nil])
  }

  @Test func oneAtATime() throws {
    let trial = try Trial(ServedFile(bytes))
    let path = try trial.folder.write(bytes[..<500], to: "vgg19.pkl.part")
    let descriptor = open(path, O_RDWR)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    #expect(trial.run().error == .busy(path: path))
    #expect(try TestSupport.bytes(ofFile: path).count == 500 && trial.server.requests.isEmpty)
    close(descriptor)
    #expect(trial.run().stored != nil)
  }
}

extension [ScriptedServer.Step] {
  /// The same with a body that ends early, as when a connection breaks.
  func cut(to count: Int) -> Self {
    map { step in
      guard case .send(let bytes) = step, let end = bytes.firstRange(of: [13, 10, 13, 10])?.upperBound else {
        return step
      }
      return .send([UInt8](bytes.prefix(end + count)))
    }
  }
}
