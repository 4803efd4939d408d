import EmbeddingServer
import Foundation
import Retrieval
import TestSupport
import Testing

/// Clients that mean no good: each is answered or cut off, and others are served meanwhile.
@Suite struct HostileClientTests {
  /// Whether somebody else is served.
  private func serves(_ toy: ToyServer) async throws -> Bool {
    try await toy.post("/api/search", #"{"text":"a dog"}"#).status == 200
  }

  @Test func strangersNeedTheToken() async throws {
    try await ToyServer.withServer {
      $0.token = "secret"
    } _: { toy async throws in
      for route in EmbeddingServer.routes where route.path.hasPrefix("/api/") || route.path == "/metrics" {
        let path = route.path.replacingOccurrences(of: "{id}", with: "1")
        for headers in [[:], ["Authorization": "Bearer secre"], ["Authorization": "Basic secret"]] {
          let answer = try await toy.ask(HTTPRequestText(route.method, path, headers: headers))
          #expect(answer.status == 401, "\(route)")
          #expect(try answer.errorCode() == "unauthorized")
        }
      }
      #expect(try await toy.get("/api/info", headers: ["Authorization": "Bearer secret"]).status == 200)
      for open in ["/", "/health", "/openapi.json"] { #expect(try await toy.get(open).status == 200) }
    }
  }

  @Test func otherNamesAndOtherPagesAreRefused() async throws {
    try await ToyServer.withServer { toy async throws in
      let rebound = try await toy.get("/api/info", headers: ["Host": "example.org"])
      #expect(rebound.status == 403)
      #expect(try rebound.errorCode() == "forbidden")
      let own = "http://127.0.0.1:\(toy.port)"
      let search = #"{"text":"a dog"}"#
      #expect(try await toy.post("/api/search", search, headers: ["Origin": own]).status == 200)
      #expect(
        try await toy.post("/api/search", search, headers: ["Origin": "http://example.org"]).status == 403)
      #expect(
        try await toy.post("/api/search", search, headers: ["Sec-Fetch-Site": "cross-site"]).status == 403)
    }
  }

  @Test func everyAnswerHasItsHeaders() async throws {
    try await ToyServer.withServer { toy async throws in
      for path in ["/", "/api/info", "/nothing", "/api/items/1/image", "/openapi.json"] {
        let headers = try await toy.get(path).headers
        let policy = try #require(headers["content-security-policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(headers["x-content-type-options"] == "nosniff")
        #expect(headers["x-frame-options"] == "DENY")
        #expect(headers["referrer-policy"] == "no-referrer")
        #expect(headers["cross-origin-resource-policy"] == "same-origin")
        #expect(headers["access-control-allow-origin"] == nil)
      }
    }
  }

  @Test(arguments: [
    "/../../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
    "/Page/index.html",
    "/api/items/..%2f..%2fetc%2fpasswd/image", "/api/items/%00/image", "/api/items/1/../../../etc/passwd",
    "/index.html%00.js", "/catalogue.sqlite", "/toy.index/catalogue.sqlite",
  ])
  func noPathLeadsOut(path: String) async throws {
    try await ToyServer.withServer { toy async throws in
      let answer = try await toy.get(path)
      #expect([400, 404].contains(answer.status), "\(answer.status) \(answer.text)")
    }
  }

  @Test func noAnswerNamesAPathOfTheMachine() async throws {
    try await ToyServer.withServer {
      $0.allowsChanges = true
    } _: { toy async throws in
      let broken = try bytes(ofFile: fixturePath("photos/jpeg.jpg")).prefix(200)
      var answers = try await [
        toy.get("/api/info"), toy.get("/api/items"), toy.get("/api/items/1"), toy.get("/metrics"),
        toy.post("/api/search", #"{"text":"a dog"}"#), toy.post("/api/search", #"{"item":99}"#),
        toy.post("/api/caption", #"{"item":1}"#),
        toy.ask(HTTPRequestText("POST", "/api/search", json: nil, photos: [("x", Array(broken))])),
        toy.ask(HTTPRequestText("POST", "/api/items", json: nil, photos: [("x", Array(broken))])),
      ]
      // An index that is damaged while it is served.
      let index = try toy.index()
      try index.remove(ids: [1])
      try FileManager.default.removeItem(atPath: toy.indexPath + "/vectors-1.bin")
      answers.append(try await toy.post("/api/search", #"{"text":"a dog"}"#))
      #expect(answers.last?.status == 500)
      for answer in answers {
        #expect(!answer.text.contains(toy.folder.path("")), "\(answer.text)")
        #expect(!answer.text.contains("/Fixtures/"), "\(answer.text)")
      }
    }
  }

  @Test func bodiesAreBounded() async throws {
    try await ToyServer.withServer {
      $0.limits.bodyBytes = 50_000
      $0.limits.jsonBytes = 10_000
    } _: { toy async throws in
      // Announced, and so refused before it comes.
      let long = HTTPRequestText("POST", "/api/search", json: "{", headers: ["Content-Length": "9999999999"])
      let refused = try await toy.ask(long)
      #expect(refused.status == 413)
      #expect(refused.headers["connection"] == "close")
      let text = #"{"text":"\#(String(repeating: "a ", count: 8000))"}"#
      #expect(try await toy.post("/api/search", text).status == 413)
      #expect(
        try await toy.post("/api/search", #"{"text":"\#(String(repeating: "a ", count: 1500))"}"#).status
          == 400)
      // Not announced, and without an end.
      let ended = try await ToyServer.blocking { [port = toy.port] in
        let connection = try HTTPConnection(port: port)
        connection.send(
          Array(
            "POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
              .utf8))
        let piece = Array("1000\r\n\(String(repeating: " ", count: 4096))\r\n".utf8)
        // More than can be sent while the server still listens for the sake of its answer.
        for _ in 0..<10_000_000 where !connection.send(piece) { return true }
        return false
      }
      #expect(ended)
      #expect(try await serves(toy))
    }
  }

  @Test func whatIsRefusedByItsHeadIsRefusedBeforeItsBody() async throws {
    try await ToyServer.withServer {
      $0.token = "secret"
    } _: { toy async throws in
      let token = ["Authorization": "Bearer secret", "Expect": "100-continue"]
      let cases: [(path: String, headers: [String: String], status: Int)] = [
        ("/api/search", ["Expect": "100-continue"], 401),
        ("/api/search", token.merging(["Host": "127.0.0.1", "Origin": "http://example.org"]) { $1 }, 403),
        ("/api/search", token.merging(["Content-Length": "999999999"]) { $1 }, 413),
        ("/api/search", token.merging(["Content-Type": "text/plain"]) { $1 }, 415),
        ("/api/items", token, 403), ("/nothing", token, 404),
      ]
      for (path, headers, status) in cases {
        let request = HTTPRequestText("POST", path, json: #"{"text":"a dog"}"#, headers: headers)
        let found = try await ToyServer.blocking { [port = toy.port] in
          let connection = try HTTPConnection(port: port)
          connection.send(request.bytes(port: port).dropLast(request.body.count))
          return try connection.answer()?.status
        }
        #expect(found == status, "\(path)")
      }
      let wanted = HTTPRequestText("POST", "/api/search", json: #"{"text":"a dog"}"#, headers: token)
      let statuses = try await ToyServer.blocking { [port = toy.port] in
        let connection = try HTTPConnection(port: port)
        connection.send(wanted.bytes(port: port).dropLast(wanted.body.count))
        let first = try connection.answer()?.status
        connection.send(wanted.body)
        return [first, try connection.answer()?.status]
      }
      #expect(statuses == [100, 200])
    }
  }

  @Test(arguments: [
    "Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\nzz\r\n",
  ])
  func aBodyThatBreaksOffIsTheClients(rest: String) async throws {
    try await ToyServer.withServer { toy async throws in
      let status = try await ToyServer.blocking { [port = toy.port] in
        let connection = try HTTPConnection(port: port)
        connection.send(
          Array(
            "POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\(rest)".utf8))
        connection.endSending()
        return try connection.answer()?.status
      }
      #expect(status == 400)
      #expect(try await !toy.get("/metrics").text.contains(#"status="500""#))
    }
  }

  @Test func whoIsSlowIsCutOff() async throws {
    try await ToyServer.withServer {
      $0.limits.idleSeconds = 0.5
      $0.limits.requestSeconds = 3
    } _: { toy async throws in
      let port = toy.port
      // Nothing at all; a head that never ends; a body that never comes, and one that comes by drops.
      async let silent = ToyServer.blocking { try HTTPConnection(port: port).ends() }
      async let slowHead = ToyServer.blocking {
        let connection = try HTTPConnection(port: port)
        connection.send(Array("GET /health HTTP/1.1\r\n".utf8))
        for number in 0..<200 {
          guard connection.send(Array("X-\(number): x\r\n".utf8)) else { return true }
          usleep(50_000)
        }
        return false
      }
      async let noBody = ToyServer.blocking {
        let connection = try HTTPConnection(port: port)
        connection.send(
          Array(
            "POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
              .utf8))
        return try connection.ends()
      }
      async let drops = ToyServer.blocking {
        let connection = try HTTPConnection(port: port)
        connection.send(
          Array(
            "POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
              .utf8))
        for _ in 0..<200 {
          guard connection.send([0x20]) else { return true }
          usleep(50_000)
        }
        return false
      }
      async let neverReads = ToyServer.blocking {
        let connection = try HTTPConnection(port: port)
        let request = HTTPRequestText("GET", "/openapi.json").bytes(port: port)
        // More than sockets hold back.
        for _ in 0..<1_000_000 where !connection.send(request) { return true }
        return false
      }
      let servesMeanwhile = try await serves(toy)
      #expect(servesMeanwhile)
      let areCutOff = try await [silent, slowHead, noBody, drops, neverReads]
      #expect(areCutOff == [true, true, true, true, true])
      let servesAfterwards = try await serves(toy)
      #expect(servesAfterwards)
    }
  }

  @Test(arguments: [
    "GET / HTTP/9.9\r\n\r\n", "NONSENSE\r\n\r\n", "GET /\u{0} HTTP/1.1\r\n\r\n", "\r\n\r\n\r\nx\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: 100_000))\r\n\r\n",
    "GET /\(String(repeating: "x", count: 100_000)) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
  ])
  func whatIsNoHTTPIsCutOff(request: String) async throws {
    try await ToyServer.withServer {
      $0.limits.idleSeconds = 1
    } _: { toy async throws in
      let status = try await ToyServer.blocking { [port = toy.port] in
        let connection = try HTTPConnection(port: port)
        connection.send(Array(request.utf8))
        return try connection.answer()?.status
      }
      #expect(status == nil || (400..<500).contains(status ?? 0), "\(status ?? 0)")
      #expect(try await serves(toy))
    }
  }

  @Test func photosThatLieAreTold() async throws {
    try await ToyServer.withServer { toy async throws in
      let jpeg = try bytes(ofFile: fixturePath("photos/jpeg.jpg"))
      let huge = try bytes(ofFile: fixturePath("photos/huge.png"))
      for bytes in [huge, Array(jpeg.prefix(jpeg.count / 2)), Array("GIF89a".utf8), [], Array("<svg/>".utf8)]
      {
        for path in ["/api/search", "/api/caption", "/api/embed"] {
          let answer = try await toy.ask(HTTPRequestText("POST", path, json: nil, photos: [("x.jpg", bytes)]))
          #expect(answer.status == 422, "\(path) \(answer.text)")
          #expect(try answer.errorCode() == "unreadable_image")
        }
      }
      #expect(try await serves(toy))
    }
    try await ToyServer.withServer(hasNetwork: false) { toy async throws in
      let photo = try bytes(ofFile: fixturePath("photos/jpeg.jpg"))
      let answer = try await toy.ask(
        HTTPRequestText("POST", "/api/search", json: nil, photos: [("x.jpg", photo)]))
      #expect(answer.status == 422)
      #expect(try answer.errorCode() == "no_network")
      #expect(try await toy.get("/api/info").json()["features"] as? [String] == ["text"])
    }
  }

  @Test(arguments: [
    ("text/plain", "x", 415), ("", "x", 415), ("multipart/form-data", "x", 415),
    ("multipart/form-data; boundary=B", "", 400), ("multipart/form-data; boundary=B", "--B\r\n", 400),
    (
      "multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n--B--",
      400
    ),
    ("multipart/form-data; boundary=B", "--B--", 400), ("application/json", "", 400),
    ("application/json", "\u{0}", 400),
    ("application/json", String(repeating: "[", count: 100_000), 400),
  ])
  func formsAndTypesThatAreWrongAreTold(type: String, body: String, status: Int) async throws {
    try await ToyServer.withServer { toy async throws in
      let request = HTTPRequestText(
        "POST", "/api/search", headers: ["Content-Type": type], body: Array(body.utf8))
      let found = try await toy.ask(request).status
      #expect(found == status)
    }
  }

  @Test func aClientThatAsksTooOftenWaits() async throws {
    try await ToyServer.withServer {
      $0.limits.requestsPerSecond = 0.01
    } _: { toy async throws in
      #expect(try await toy.get("/health").status == 200)
      let answer = try await toy.get("/health")
      #expect(answer.status == 429)
      #expect(Int(answer.headers["retry-after"] ?? "").map { $0 > 1 } == true)
    }
  }

  @Test func whatDoesNotFitIntoTheQueueIsRefused() async throws {
    try await ToyServer.withServer {
      $0.limits.waitingRequests = 1
      $0.limits.batchSize = 1
    } _: { toy async throws in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<200 {
          group.addTask {
            let sentence = (0..<120).map { ToyServer.words[($0 * (number + 1)) % 12] }.joined(separator: " ")
            let answer = try await toy.post("/api/search", #"{"text":"\#(sentence)"}"#)
            if answer.status == 503 { #expect(answer.headers["retry-after"] == "1") }
            return answer.status
          }
        }
        return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
      }
      #expect(statuses.subtracting([200, 503]).isEmpty)
      #expect(statuses.contains(200))
      #expect(try await serves(toy))
    }
  }

  @Test func otherMethodsAreTold() async throws {
    try await ToyServer.withServer { toy async throws in
      let answer = try await toy.ask(HTTPRequestText("PUT", "/api/items"))
      #expect(answer.status == 405)
      #expect(answer.headers["allow"] == "GET, POST")
      #expect(try await toy.ask(HTTPRequestText("TRACE", "/")).status == 405)
      let head = try await toy.ask(HTTPRequestText("HEAD", "/api/info"))
      #expect(head.status == 200)
      #expect(head.body.isEmpty)
    }
  }

  @Test func aConnectionServesManyRequests() async throws {
    try await ToyServer.withServer { toy async throws in
      let statuses = try await ToyServer.blocking { [port = toy.port] in
        let connection = try HTTPConnection(port: port)
        // After a request that is wrong but was read whole the next one is answered on the same connection.
        return try (0..<4).map { number in
          let json = number == 1 ? "{" : #"{"text":"a dog"}"#
          connection.send(HTTPRequestText("POST", "/api/search", json: json).bytes(port: port))
          return try connection.answer()?.status
        }
      }
      #expect(statuses == [200, 400, 200, 200])
    }
  }

  @Test func aServerThatStopsFinishesWhatIsUnderWay() async throws {
    let answer = try await ToyServer.withServer { toy async throws in
      let port = toy.port
      let begun = try HTTPConnection(port: port)
      let request = HTTPRequestText("POST", "/api/search", json: #"{"text":"a dog"}"#).bytes(port: port)
      begun.send(request.dropLast(3))
      // The head is there; its end comes once the server has been told to stop.
      try await Task.sleep(for: .milliseconds(500))
      return Task {
        try await ToyServer.blocking {
          usleep(300_000)
          begun.send(request.suffix(3))
          return try begun.answer()
        }
      }
    }
    #expect(try await answer.value?.status == 200)
  }
}
