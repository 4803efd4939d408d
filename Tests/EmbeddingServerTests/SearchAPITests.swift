import EmbeddingServer
import Foundation
import Retrieval
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Searches through HTTP give what the library gives.
@Suite struct SearchAPITests {
  private func hits(_ answer: HTTPAnswer) throws -> [(id: Int64, score: Float)] {
    let hits = try #require(try answer.json()["hits"] as? [[String: Any]])
    return try hits.map { hit in
      let item = try #require(hit["item"] as? [String: Any])
      return (try #require(item["id"] as? Int64), Float(try #require(hit["score"] as? Double)))
    }
  }

  private func expect(
    _ answer: HTTPAnswer, _ query: EmbeddingQuery, _ options: SearchOptions, _ toy: ToyServer
  ) throws {
    #expect(answer.status == 200, "\(answer.text)")
    let index = try toy.index()
    index.imageEmbedder = DescriptorEmbedder()
    let expected = try index.search(query, options: options)
    let found = try hits(answer)
    #expect(found.map(\.id) == expected.hits.map(\.item.id))
    for (one, other) in zip(found, expected.hits) { #expect(abs(one.score - other.score) < 1e-5) }
    #expect(try answer.json()["candidates"] as? Int == expected.candidates)
  }

  @Test func sentencesItemsPhotosAndSums() async throws {
    try await ToyServer.withServer { toy async throws in
      let photo = fixturePath("photos/jpeg.jpg")
      let photos = SearchOptions(count: 40, filter: ItemFilter(kind: .photo))
      try expect(try await toy.post("/api/search", #"{"text":"a dog"}"#), "a dog", photos, toy)
      let index = try toy.index()
      let item = try index.item(named: fixturePath("photos/png.png"))
      try expect(
        try await toy.post("/api/search", #"{"item":\#(item.id),"k":3}"#),
        EmbeddingQuery(terms: [.init(.item(item))]),
        SearchOptions(count: 3, filter: ItemFilter(kind: .photo)), toy)
      let json = """
        {"text":"a dog","plus":["red","the beach"],"minus":["cat"],"kind":"caption",
         "weights":{"text":2,"image":0.5,"plus":[1,0.25],"minus":[3]}}
        """
      let sum = EmbeddingQuery(terms: [
        .init(.text("a dog"), weight: 2), .init(.photo(photo), weight: 0.5), .init(.text("red")),
        .init(.text("the beach"), weight: 0.25), .init(.text("cat"), weight: -3),
      ])
      let form = HTTPRequestText(
        "POST", "/api/search", json: json, photos: [("x.jpg", try bytes(ofFile: photo))])
      try expect(
        try await toy.ask(form), sum, SearchOptions(count: 40, filter: ItemFilter(kind: .caption)), toy)
      let alone = HTTPRequestText(
        "POST", "/api/search", json: nil, photos: [("x.jpg", try bytes(ofFile: photo))])
      try expect(try await toy.ask(alone), EmbeddingQuery(photo: photo), photos, toy)
    }
  }

  @Test func filtersThresholdsOrderAndVectors() async throws {
    try await ToyServer.withServer { toy async throws in
      try expect(
        try await toy.post("/api/search", #"{"text":"a dog","where":{"place":2}}"#), "a dog",
        SearchOptions(count: 40, filter: ItemFilter(kind: .photo, metadata: ["place": "2"])), toy)
      try expect(
        try await toy.post(
          "/api/search", #"{"text":"a dog","kind":"caption","group":"all","threshold":0.1}"#),
        "a dog", SearchOptions(count: 40, filter: ItemFilter(kind: .caption, group: "all"), threshold: 0.1),
        toy)
      try expect(
        try await toy.post("/api/search", #"{"text":"a dog","rerank":true}"#), "a dog",
        SearchOptions(count: 40, filter: ItemFilter(kind: .photo), reranksByMean: true), toy)
      let answer = try await toy.post("/api/search", #"{"text":"a dog zzz","k":1,"vectors":true}"#)
      let json = try answer.json()
      let query = try #require(json["query"] as? [String: Any])
      #expect(query["unknownWords"] as? [String] == ["zzz"])
      #expect((query["vector"] as? [Double])?.count == 24)
      let hit = try #require((json["hits"] as? [[String: Any]])?.first)
      let vector = try #require(hit["vector"] as? [Double])
      let own = try #require(query["vector"] as? [Double])
      let score = zip(vector, own).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(score - (try #require(hit["score"] as? Double))) < 1e-5)
    }
  }

  @Test(arguments: ["csls", "inverted-softmax"])
  func hubnessIsCorrected(name: String) async throws {
    try await ToyServer.withServer { toy async throws in
      let correction: HubnessCorrection =
        name == "csls"
        ? .csls(neighbors: HubnessCorrection.defaultNeighbors)
        : .invertedSoftmax(temperature: HubnessCorrection.defaultTemperature)
      for kind in IndexItem.Kind.allCases {
        let answer = try await toy.post(
          "/api/search", #"{"text":"a dog","kind":"\#(kind.rawValue)","hubness":"\#(name)"}"#)
        let options = SearchOptions(count: 40, filter: ItemFilter(kind: kind), hubness: correction)
        try expect(answer, "a dog", options, toy)
        let json = try answer.json()
        let stated = try #require(json["hubness"] as? [String: Any])
        #expect(stated["name"] as? String == name)
        #expect(stated["captions"] as? Int == (kind == .photo ? 4 : 0))
        #expect(stated["photos"] as? Int == (kind == .photo ? 0 : 5))
        let hit = try #require((json["hits"] as? [[String: Any]])?.first)
        let plain = try await toy.post("/api/search", #"{"text":"a dog","kind":"\#(kind.rawValue)"}"#)
        let cosine = try hits(plain).first { $0.id == (hit["item"] as? [String: Any])?["id"] as? Int64 }?
          .score
        #expect(cosine.map { abs($0 - Float(hit["cosine"] as? Double ?? .nan)) < 1e-5 } == true)
      }
      #expect(try await toy.post("/api/search", #"{"text":"a dog","hubness":"both"}"#).status == 400)
    }
  }

  @Test func hubnessNeedsItemsOfTheOtherKind() async throws {
    try await ToyServer.withServer(captions: []) { toy async throws in
      let answer = try await toy.post("/api/search", #"{"text":"a dog","hubness":"csls"}"#)
      #expect(answer.status == 409)
      #expect(try answer.errorCode() == "conflict")
      #expect(answer.text.contains("no captions"))
    }
    try await ToyServer.withServer(photos: [], captions: []) { toy async throws in
      #expect(try await toy.post("/api/search", #"{"text":"a dog","hubness":"csls"}"#).status == 200)
    }
  }

  @Test func groupsThatArePathsGoByTheirNames() async throws {
    try await ToyServer.withServer(
      preparing: { folder in
        let index = try EmbeddingIndex(path: folder.path("toy.index"))
        for (caption, group) in [
          ("the cat", "/home/me/photos/beach.jpg"), ("the dog", "/other/beach.jpg"), ("red", "beach.jpg"),
          ("blue", "/home/me/a beach.jpg"), ("a cat", "photos/beach.jpg"),
        ] {
          let file = try CaptionFile(bytes: Array(caption.utf8), path: "captions")
          _ = try index.add(captions: file, labels: ItemLabels(groups: [group]))
        }
      }, configuring: { _ in },
      serving: { toy async throws in
        let all = try await toy.get("/api/items?kind=caption")
        #expect(!all.text.contains("/home/me") && !all.text.contains("/other"))
        for (group, texts) in [
          ("beach.jpg", ["the cat", "the dog", "red"]), ("photos/beach.jpg", ["a cat"]),
          ("/home/me/photos/beach.jpg", []), ("all", ToyServer.captions), ("each.jpg", []),
        ] {
          let list = try await toy.get("/api/items?kind=caption&group=\(group)").json()
          let listed = try #require(list["items"] as? [[String: Any]])
          #expect(listed.map { $0["name"] as? String } == texts)
          #expect(listed.allSatisfy { $0["group"] as? String == group })
          #expect(list["total"] as? Int == texts.count)
          let search = try await toy.post(
            "/api/search", #"{"text":"a dog","kind":"caption","group":"\#(group)"}"#)
          #expect(try hits(search).map(\.id).sorted() == listed.map { $0["id"] as? Int64 })
        }
      })
  }

  @Test func unknownWordsAreTheTokenizers() async throws {
    try await ToyServer.withServer { toy async throws in
      // A space that is no ASCII belongs to its word; each word is told once.
      let answer = try await toy.post("/api/search", #"{"text":"zzz\u00a0qqq  zzz\tqqq zzz"}"#)
      #expect(answer.status == 422)
      let error = try #require(try answer.json()["error"] as? [String: Any])
      #expect(error["unknownWords"] as? [String] == ["zzz\u{A0}qqq", "zzz", "qqq"])
    }
  }

  @Test(arguments: [
    #"{"text":"dog","weights":{"text":1e39}}"#, #"{"text":"dog","weights":{"text":-1e31}}"#,
    #"{"plus":["dog"],"weights":{"plus":[1e300]}}"#,
  ])
  func weightsThatAreTooLargeAreTold(json: String) async throws {
    try await ToyServer.withServer { toy async throws in
      let answer = try await toy.post("/api/search", json)
      #expect(answer.status == 400)
      #expect(answer.text.contains("weights.") && answer.text.contains("1e30"), "\(answer.text)")
    }
  }

  @Test func withoutPhotosCaptionsAreSearched() async throws {
    try await ToyServer.withServer(photos: []) { toy async throws in
      let answer = try await toy.post("/api/search", #"{"text":"a dog","k":2}"#)
      try expect(answer, "a dog", SearchOptions(count: 2, filter: ItemFilter(kind: .caption)), toy)
      #expect(try await toy.get("/api/map").json()["kind"] as? String == "caption")
    }
  }

  @Test func anEmptyIndexAnswersToo() async throws {
    try await ToyServer.withServer(photos: [], captions: []) { toy async throws in
      let answer = try await toy.post("/api/search", #"{"text":"a dog"}"#)
      #expect(answer.status == 200)
      #expect(try hits(answer).isEmpty)
      let map = try await toy.get("/api/map").json()
      #expect((map["points"] as? [Any])?.isEmpty == true)
      #expect(map["explained"] as? [Double] == [0, 0])
    }
  }

  @Test(arguments: [
    (#"{}"#, 400, "bad_request"), (#"{"minus":["dog"]}"#, 400, "bad_request"),
    (#"{"text":""}"#, 400, "bad_request"),
    (#"{"text":"zzz qqq"}"#, 422, "unknown_words"), (#"{"text":"dog","k":0}"#, 400, "bad_request"),
    (#"{"text":"dog","k":201}"#, 400, "bad_request"), (#"{"text":"dog","k":1.5}"#, 400, "bad_request"),
    (#"{"item":999}"#, 404, "not_found"), (#"{"text":"dog","kind":"film"}"#, 400, "bad_request"),
    (#"{"text":"dog","minus":["dog"]}"#, 400, "bad_request"),
    (#"{"text":"dog","weights":{"plus":[1]}}"#, 400, "bad_request"),
    (#"{"text":"dog","weights":{"text":1e30}}"#, 200, nil),
    (#"{"text":"dog","weights":{"text":1e999}}"#, 400, "bad_request"),
    (#"{"text":"dog","wheights":{}}"#, 400, "bad_request"),
    (#"{"text":"dog","where":{"a":[]}}"#, 400, "bad_request"),
    (#"[1]"#, 400, "bad_request"), (#"{"text":"#, 400, "bad_request"), (#"{"text":7}"#, 400, "bad_request"),
    (#"{"item":9223372036854775808}"#, 400, "bad_request"),
    (#"{"text":null,"item":null}"#, 400, "bad_request"),
  ])
  func wrongRequestsAreTold(json: String, status: Int, code: String?) async throws {
    try await ToyServer.withServer { toy async throws in
      let answer = try await toy.post("/api/search", json)
      #expect(answer.status == status, "\(answer.text)")
      #expect(try answer.errorCode() == code)
      if code == "unknown_words" {
        let error = try #require(try answer.json()["error"] as? [String: Any])
        #expect(error["unknownWords"] as? [String] == ["zzz", "qqq"])
      }
    }
  }

  @Test func sentencesMayHaveSoManyWords() async throws {
    let words = { (count: Int) in [String](repeating: "dog", count: count).joined(separator: " ") }
    try await ToyServer.withServer { toy async throws in
      #expect(try await toy.post("/api/search", #"{"text":"\#(words(128))"}"#).status == 200)
      #expect(try await toy.post("/api/search", #"{"text":"\#(words(129))"}"#).status == 400)
      #expect(try await toy.post("/api/embed", #"{"texts":["\#(words(129))"]}"#).status == 400)
      let plus = [String](repeating: "\"\(words(128))\"", count: 4).joined(separator: ",")
      #expect(try await toy.post("/api/search", #"{"plus":[\#(plus)]}"#).status == 200)
      #expect(try await toy.post("/api/search", #"{"text":"dog","plus":[\#(plus)]}"#).status == 400)
    }
  }

  @Test func captionsAreTheNearest() async throws {
    try await ToyServer.withServer { toy async throws in
      let photo = fixturePath("photos/jpeg.jpg")
      let index = try toy.index()
      index.imageEmbedder = DescriptorEmbedder()
      let expected = try index.search(
        EmbeddingQuery(photo: photo), options: SearchOptions(count: 2, filter: ItemFilter(kind: .caption)))
      let item = try index.item(named: photo)
      let form = HTTPRequestText(
        "POST", "/api/caption", json: #"{"k":2}"#, photos: [("x.jpg", try bytes(ofFile: photo))])
      for answer in [
        try await toy.ask(form), try await toy.post("/api/caption", #"{"item":\#(item.id),"k":2}"#),
      ] {
        let captions = try #require(try answer.json()["captions"] as? [[String: Any]])
        #expect(captions.map { $0["text"] as? String } == expected.hits.map(\.item.name))
      }
      #expect(try await toy.post("/api/caption", "{}").status == 400)
    }
    try await ToyServer.withServer(captions: []) { toy async throws in
      let answer = try await toy.post("/api/caption", #"{"item":1}"#)
      #expect(answer.status == 409)
      #expect(try answer.errorCode() == "conflict")
    }
  }

  @Test func vectorsAreThoseOfTheModel() async throws {
    try await ToyServer.withServer { toy async throws in
      let answer = try await toy.post("/api/embed", #"{"texts":["a dog","a dog zzz","the red cat sleeps"]}"#)
      let vectors = try #require(try answer.json()["vectors"] as? [[Double]])
      let model = try toy.index().model()
      for (sentence, vector) in zip(["a dog", "a dog zzz", "the red cat sleeps"], vectors) {
        let expected = try model.vector(of: sentence).vector
        #expect(maximumAbsoluteDifference(vector.map { Float($0) }, expected) < 1e-5)
      }
      #expect(try answer.json()["unknownWords"] as? [[String]] == [[], ["zzz"], []])
      #expect(try await toy.post("/api/embed", #"{"texts":[]}"#).status == 400)
      #expect(try await toy.post("/api/embed", #"{}"#).status == 400)
      let photo = HTTPRequestText(
        "POST", "/api/embed", json: nil, photos: [("x", try bytes(ofFile: fixturePath("photos/png.png")))])
      #expect((try await toy.ask(photo).json()["vectors"] as? [[Double]])?.first?.count == 24)
    }
  }

  @Test func manyClientsGetTheirOwnAnswers() async throws {
    let sentences = (0..<96).map { number in
      "a "
        + (0...number % 5).map { ToyServer.words[(number + 7 * $0) % ToyServer.words.count] }.joined(
          separator: " ")
    }
    for batch in [1, 64] {
      try await ToyServer.withServer {
        $0.limits.batchSize = batch
      } _: { toy async throws in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for sentence in sentences {
            group.addTask {
              let answer = try await toy.post("/api/search", #"{"text":"\#(sentence)","k":3}"#)
              let options = SearchOptions(count: 3, filter: ItemFilter(kind: .photo))
              try expect(answer, EmbeddingQuery(sentence), options, toy)
            }
          }
          try await group.waitForAll()
        }
        let metrics = try await toy.get("/metrics").text
        #expect(metrics.contains("vse_batch_queries_sum 96.0\n"))
        #expect(metrics.contains(#"vse_requests_total{method="POST",route="/api/search",status="200"} 96"#))
      }
    }
  }
}
