import EmbeddingServer
import Foundation
import ImageFeatures
import Logging
import Retrieval
import TestSupport
import Testing

/// What waits, what it holds, and what becomes of it.
@Suite struct WaitingTests {
  private let jpeg: [UInt8]

  init() throws { jpeg = try bytes(ofFile: fixturePath("photos/jpeg.jpg")) }

  private func search(_ photo: [UInt8]) -> HTTPRequestText {
    HTTPRequestText("POST", "/api/search", json: nil, photos: [("x", photo)])
  }

  /// The value of a metric; 0 where there is none of that name.
  private func metric(_ name: String, _ toy: ToyServer) async throws -> Double {
    let line = try await toy.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
    return line.flatMap { Double($0.dropFirst(name.count + 1)) } ?? 0
  }

  /// Waits until something is so, as long as a test may take.
  private func until(_ isSo: () async throws -> Bool) async throws {
    for _ in 0..<1000 {
      if try await isSo() { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("it never came true")
  }

  @Test func whoHasGoneIsPassedOver() async throws {
    let gate = Gate(isOpen: false)
    try await ToyServer.withServer(gate: gate) {
      $0.limits.waitingRequests = 2
    } _: { toy async throws in
      defer { gate.open() }
      async let first = toy.ask(search(jpeg))
      try await until { gate.photos == 1 }
      // Their places in the queue are free again, however long the first takes.
      let gone = #"vse_requests_total{method="POST",route="/api/search",status="499"}"#
      for number in 1...5 {
        try await ToyServer.blocking { [port = toy.port, request = search(jpeg)] in
          let connection = try HTTPConnection(port: port)
          connection.send(request.bytes(port: port))
          // Some close their side, and some go.
          if number % 2 == 1 { connection.endSending() }
          usleep(100_000)
        }
        try await until { try await metric(gone, toy) == Double(number) }
      }
      async let last = toy.ask(search(jpeg))
      try await until { try await metric("vse_queue_length", toy) > 0 }
      gate.open()
      #expect(try await first.status == 200)
      #expect(try await last.status == 200)
      #expect(gate.photos == 2)
      try await until { try await metric("vse_held_bytes", toy) == 0 }
    }
  }

  @Test func decodedPhotosAreBounded() async throws {
    try await ToyServer.withServer {
      $0.allowsChanges = true
      // One photo's numbers and what was sent, not two.
      $0.limits.heldBytes = 4 * ToyServer.network.preprocessing.inputSize * 5 / 3
    } _: { toy async throws in
      let png = try bytes(ofFile: fixturePath("photos/palette.png"))
      let two = HTTPRequestText("POST", "/api/items", json: nil, photos: [("x", jpeg), ("y", png)])
      let answer = try await toy.ask(two)
      #expect(answer.status == 503)
      #expect(answer.headers["retry-after"] == "1")
      #expect(try toy.index().summary().photos == 5)
      // What was refused holds nothing, and sentences hold none of it.
      for _ in 0..<3 { #expect(try await toy.ask(search(jpeg)).status == 200) }
      #expect(try await toy.post("/api/search", #"{"text":"a dog"}"#).status == 200)
      let one = HTTPRequestText("POST", "/api/items", json: nil, photos: [("y", png)])
      #expect(try await toy.ask(one).status == 201)
      try await until { try await metric("vse_held_bytes", toy) == 0 }
    }
  }

  @Test func manySentencesAreEncodedByParts() async throws {
    // Of lengths in no order, up to 32 words.
    var sentences: [String] = []
    var count = 0
    for number in 0..<64 {
      let words = (0..<1 + number * 7 % 32).map { place -> String in
        ToyServer.words[place * (number + 1) % ToyServer.words.count]
      }
      sentences.append(words.joined(separator: " "))
      count += words.count
    }
    try await ToyServer.withServer {
      $0.limits.wordsAtOnce = 100
    } _: { toy async throws in
      let body = try JSONSerialization.data(withJSONObject: ["texts": sentences])
      let answer = try await toy.post("/api/embed", String(decoding: body, as: UTF8.self))
      let vectors = try #require(try answer.json()["vectors"] as? [[Double]])
      let model = try toy.index().model()
      #expect(vectors.count == sentences.count)
      for (sentence, vector) in zip(sentences, vectors) {
        let expected = try model.vector(of: sentence).vector
        #expect(maximumAbsoluteDifference(vector.map { Float($0) }, expected) < 1e-5)
      }
      #expect(try await metric("vse_batch_queries_count", toy) >= Double(count / 100))
      // A sentence that has more words than are encoded at once is a part of its own.
      let long = [String](repeating: "dog", count: 120).joined(separator: " ")
      #expect(try await toy.post("/api/embed", #"{"texts":["a","\#(long)"]}"#).status == 200)
    }
  }

  @Test func aFailureIsItsOwn() async throws {
    let gate = Gate(isOpen: false)
    try await ToyServer.withServer(gate: gate) { toy async throws in
      defer { gate.open() }
      async let first = toy.ask(search(jpeg))
      try await until { gate.photos == 1 }
      // These wait for the first, and so are answered together.
      let statuses = Task {
        try await withThrowingTaskGroup(of: Int.self) { group in
          for number in 0..<6 {
            group.addTask {
              try await toy.ask(search(number == 3 ? GatedNetwork.plainPhoto : jpeg)).status
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
      }
      try await until { try await metric("vse_queue_length", toy) == 6 }
      gate.open()
      #expect(try await first.status == 200)
      #expect(try await statuses.value == [200, 200, 200, 200, 200, 500])
      #expect(try await metric("vse_batch_queries_count", toy) == 2)
    }
  }

  @Test func whatFailsTogetherIsTriedAlone() {
    struct Odd: Error {}
    let halves = { (numbers: [Int]) in
      try numbers.map { number in
        guard number % 2 == 0 else { throw Odd() }
        return number / 2
      }
    }
    #expect(together([], halves).isEmpty)
    #expect(together([2, 4], halves).map { try? $0.get() } == [1, 2])
    #expect(together([2, 3, 4, 5], halves).map { try? $0.get() } == [1, nil, 2, nil])
  }

  @Test(.timeLimit(.minutes(1))) func aStalledBodyHoldsUpNoStop() async throws {
    let connections = try await ToyServer.withServer {
      $0.limits.idleSeconds = 3600
      $0.limits.requestSeconds = 3600
      $0.limits.stoppingSeconds = 0.5
    } _: { toy async throws in
      let stalled = try HTTPConnection(port: toy.port)
      stalled.send(
        HTTPRequestText("POST", "/api/search", json: #"{"text":"a dog"}"#).bytes(port: toy.port).dropLast(3))
      let deaf = try HTTPConnection(port: toy.port)
      let page = HTTPRequestText("GET", "/openapi.json").bytes(port: toy.port)
      for _ in 0..<400 { deaf.send(page) }
      // Until the server has them.
      #expect(try await toy.get("/health").status == 200)
      try await Task.sleep(for: .milliseconds(300))
      return [stalled, deaf]
    }
    // The server has ended.
    #expect(connections.count == 2)
  }

  @Test func aServerHasNotEndedBeforeItsThread() async throws {
    let folder = try TemporaryFolder()
    try ToyServer.makeIndex(in: folder, photos: [], captions: ToyServer.captions)
    let gate = Gate(isOpen: false)
    let path = folder.path("toy.index")
    let hasEnded = Flag()
    let listening = AsyncStream<Int>.makeStream()
    var options = ServerOptions()
    options.port = 0
    let server = EmbeddingServer(
      path: path, options: options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      opening: {
        ServedIndex(
          try EmbeddingIndex(path: path),
          photoNetwork: .init(GatedNetwork(inner: ToyServer.network, gate: gate), normalizes: true))
      }, onListening: { listening.continuation.yield($0) })
    let running = Task {
      try? await server.run()
      hasEnded.raise()
    }
    var ports = listening.stream.makeAsyncIterator()
    let port = try #require(await ports.next())
    let connection = try HTTPConnection(port: port)
    connection.send(search(jpeg).bytes(port: port))
    try await until { gate.photos == 1 }
    running.cancel()
    try await Task.sleep(for: .milliseconds(500))
    #expect(!hasEnded.isRaised)
    gate.open()
    await running.value
    #expect(hasEnded.isRaised)
  }
}
