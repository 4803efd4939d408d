import EmbeddingServer
import Foundation
import TestSupport
import Testing

/// The description of the API agrees with what is served.
@Suite struct DescriptionTests {
  private func description(_ toy: ToyServer) async throws -> [String: Any] {
    let answer = try await toy.get("/openapi.json")
    #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
    return try answer.json()
  }

  @Test func itHasTheRoutesAndNoOthers() async throws {
    try await ToyServer.withServer { toy async throws in
      let paths = try #require(try await description(toy)["paths"] as? [String: [String: Any]])
      let described = Set(
        paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
      let pages = try Set(pageFiles().map { "/\($0)" } + ["/", "/openapi.json"])
      let served = Set(
        EmbeddingServer.routes.filter { !pages.contains($0.path) }.map { "\($0.method) \($0.path)" })
      #expect(described == served)
    }
  }

  @Test func everyFileOfThePageIsServed() async throws {
    let types = [
      "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
      "js": "text/javascript; charset=utf-8",
    ]
    try await ToyServer.withServer { toy async throws in
      for name in try pageFiles() {
        let answer = try await toy.get("/\(name)")
        #expect(answer.status == 200, "\(name)")
        #expect(answer.body == (try bytes(ofFile: pageFolder + "/" + name)), "\(name)")
        #expect(
          answer.headers["content-type"] == types[String(name.split(separator: ".").last ?? "")], "\(name)")
        let tag = try #require(answer.headers["etag"])
        #expect(try await toy.get("/\(name)", headers: ["If-None-Match": tag]).status == 304)
      }
      let (root, index) = (try await toy.get("/"), try await toy.get("/index.html"))
      #expect(root.body == index.body)
    }
  }

  private var pageFolder: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/EmbeddingServer/Page").path
  }

  private func pageFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: pageFolder).filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test func answersAreAsDescribed() async throws {
    try await ToyServer.withServer {
      $0.allowsChanges = true
    } _: { toy async throws in
      let description = try await description(toy)
      let photo = try bytes(ofFile: fixturePath("photos/palette.png"))
      let requests: [(path: String, request: HTTPRequestText)] = [
        ("/health", HTTPRequestText("GET", "/health")), ("/api/info", HTTPRequestText("GET", "/api/info")),
        ("/api/map", HTTPRequestText("GET", "/api/map")),
        ("/api/items", HTTPRequestText("GET", "/api/items")),
        ("/api/items/{id}", HTTPRequestText("GET", "/api/items/1")),
        ("/api/items/{id}", HTTPRequestText("GET", "/api/items/100")),
        (
          "/api/search", HTTPRequestText("POST", "/api/search", json: #"{"text":"a dog zzz","vectors":true}"#)
        ),
        ("/api/search", HTTPRequestText("POST", "/api/search", json: #"{"text":"dog","hubness":"csls"}"#)),
        ("/api/search", HTTPRequestText("POST", "/api/search", json: #"{"text":"zzz"}"#)),
        ("/api/search", HTTPRequestText("POST", "/api/search", json: "[]")),
        ("/api/caption", HTTPRequestText("POST", "/api/caption", json: #"{"item":1}"#)),
        ("/api/embed", HTTPRequestText("POST", "/api/embed", json: #"{"texts":["a dog"]}"#)),
        (
          "/api/items", HTTPRequestText("POST", "/api/items", json: "{}", photos: [("x", photo), ("y", [1])])
        ),
        (
          "/api/items",
          HTTPRequestText("POST", "/api/items", json: "{}", headers: ["Content-Type": "text/plain"])
        ),
      ]
      for (path, request) in requests {
        let answer = try await toy.ask(request)
        let found = schema(of: path, method: request.method, status: answer.status, in: description)
        let schema = try #require(found, "\(request.method) \(path) \(answer.status)")
        let value = try JSONSerialization.jsonObject(with: Data(answer.body), options: .fragmentsAllowed)
        let problems = JSONSchema(document: description).problems(of: value, schema: schema)
        #expect(problems.isEmpty, "\(request.method) \(path)")
      }
    }
  }

  private func schema(
    of path: String, method: String, status: Int, in description: [String: Any]
  ) -> [String: Any]? {
    let paths = description["paths"] as? [String: [String: Any]]
    let operation = paths?[path]?[method.lowercased()] as? [String: Any]
    var response = (operation?["responses"] as? [String: Any])?["\(status)"] as? [String: Any]
    response = response.flatMap { JSONSchema(document: description).resolved($0) }
    let content = (response?["content"] as? [String: Any])?["application/json"] as? [String: Any]
    return content?["schema"] as? [String: Any]
  }
}

/// So much of JSON Schema as the description uses.
struct JSONSchema {
  let document: [String: Any]

  /// What a reference leads to.
  func resolved(_ schema: [String: Any]) -> [String: Any] {
    guard let reference = schema["$ref"] as? String else { return schema }
    var place: Any? = document
    for key in reference.split(separator: "/").dropFirst() { place = (place as? [String: Any])?[String(key)] }
    return place as? [String: Any] ?? ["type": "no such schema: \(reference)"]
  }

  /// Where a value is not what a schema says.
  func problems(of value: Any, schema: [String: Any], at place: String = "") -> [String] {
    let schema = resolved(schema)
    let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    if !types.isEmpty, !types.contains(where: { isOf($0, value) }) { return ["\(place) is no \(types)"] }
    if let choices = schema["enum"] as? [String], !choices.contains(value as? String ?? "") {
      return ["\(place) is none of \(choices)"]
    }
    if let object = value as? [String: Any] { return problems(ofObject: object, schema: schema, at: place) }
    guard let list = value as? [Any] else { return [] }
    let kinds = schema["prefixItems"] as? [[String: Any]]
    return list.enumerated().flatMap { index, element in
      (kinds?[index] ?? schema["items"] as? [String: Any]).map {
        problems(of: element, schema: $0, at: "\(place)[\(index)]")
      } ?? []
    }
  }

  private func problems(ofObject object: [String: Any], schema: [String: Any], at place: String) -> [String] {
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    var problems = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map {
      "\(place) lacks \($0)"
    }
    for (key, element) in object {
      if let property = properties[key] {
        problems += self.problems(of: element, schema: property, at: "\(place).\(key)")
      } else if schema["additionalProperties"] as? Bool == false {
        problems.append("\(place) has \(key), which is not described")
      }
    }
    return problems
  }

  private func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": value is Bool
    case "integer": value is Int
    case "number": value is Double
    case "null": value is NSNull
    default: false
    }
  }
}
