internal import DataFormats
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import ImageFeatures
internal import Retrieval

extension ServerAPI {
  /// `POST /api/items`: adds photos that come in a form, or captions.
  func add(_ request: Request, _ context: ServerContext) async throws -> Response {
    try checkChanges()
    let content = try await bodies.content(of: request, context: context)
    let body = try content.decode(AddBody.self)
    let labels = try Self.labels(body)
    if let captions = body.captions {
      guard content.photos.isEmpty else { throw APIError.bad("add photos and captions one after the other") }
      guard (1...options.limits.texts).contains(captions.count) else {
        throw APIError.bad("captions should be 1 to \(options.limits.texts) sentences")
      }
      try options.limits.check(texts: captions)
      return .json(
        try await compute.perform { try $0.add(captions: captions, labels: labels) }, status: .created)
    }
    guard !content.photos.isEmpty else {
      throw APIError.bad("give captions, or photos as parts \"image\" of a form")
    }
    guard content.photos.count <= options.limits.addedPhotos else {
      throw APIError.bad("add at most \(options.limits.addedPhotos) photos in a request")
    }
    return .json(try await add(content.photos, labels: labels), status: .created)
  }

  /// `DELETE /api/items/{id}`; the file of a photo goes only if it was uploaded.
  func remove(_ context: ServerContext) async throws -> Response {
    try checkChanges()
    let id = try context.itemNumber()
    try await compute.perform { try $0.remove(id) }
    return Response(status: .noContent)
  }

  private func checkChanges() throws {
    guard options.allowsChanges else {
      throw APIError(
        code: .forbidden,
        message: "this server does not let clients change its index; start it with --allow-changes")
    }
  }

  private static func labels(_ body: AddBody) throws -> ChangeLabels {
    var metadata = "{}"
    if let given = body.metadata {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      guard let text = try? encoder.encode(given) else {
        throw APIError.bad("metadata should be a JSON object")
      }
      metadata = String(decoding: text, as: UTF8.self)
    }
    let group = body.group ?? ""
    guard !group.utf8.contains(0), group.utf8.count <= 1000, metadata.utf8.count <= 10_000 else {
      throw APIError.bad("a group may have 1000 bytes, none of them zero, and metadata 10000")
    }
    guard group.utf8.first != UInt8(ascii: "/") else {
      throw APIError.bad(
        "a group may not begin with a slash, as paths of the server's machine do; give a name")
    }
    return ChangeLabels(group: group, metadata: metadata)
  }

  /// Decodes and adds photos; those that cannot be used are told.
  private func add(_ sent: [SentPhoto], labels: ChangeLabels) async throws -> AddReply {
    var failures: [AddReply.Failure] = []
    var decoded: [NewPhoto] = []
    for photo in sent {
      do {
        decoded.append(NewPhoto(sent: photo, prepared: try await photos.prepare(photo)))
      } catch let error as PhotoError {
        guard let failure = APIError(error), failure.code == .unreadableImage else { throw error }
        failures.append(.init(name: printable(photo.name, limit: 100), reason: failure.message))
      }
    }
    var reply = try await compute.perform { [decoded] in try $0.add(photos: decoded, labels: labels) }
    reply.failures = failures + reply.failures
    return reply
  }
}

/// A photo that a client has sent, as it is and as the network wants it.
struct NewPhoto: Sendable {
  let sent: SentPhoto
  let prepared: PreparedPhoto
}

/// What is said about all items of a request.
struct ChangeLabels: Sendable {
  let group: String
  let metadata: String

  func forItems(_ count: Int) -> ItemLabels {
    ItemLabels(groups: [group], metadata: [String](repeating: metadata, count: count))
  }
}
