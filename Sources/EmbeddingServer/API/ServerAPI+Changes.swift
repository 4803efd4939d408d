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
    let name = try await compute.perform { try $0.remove(id) }
    uploads.forget(name)
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
    return ChangeLabels(group: group, metadata: metadata)
  }

  /// Decodes, keeps and adds photos; those that cannot be used are told and leave nothing behind.
  private func add(_ sent: [SentPhoto], labels: ChangeLabels) async throws -> AddReply {
    var reply = AddReply()
    var kept: [KeptPhoto] = []
    do {
      for photo in sent {
        do {
          let prepared = try await photos.prepare(photo)
          let file = try await photos.keep(photo, in: uploads)
          if kept.contains(where: { $0.path == file.path }) {
            reply.unchanged += 1
          } else {
            kept.append(KeptPhoto(path: file.path, isNew: file.isNew, photo: prepared))
          }
        } catch let error as PhotoError {
          guard let failure = APIError(error), failure.code == .unreadableImage else { throw error }
          reply.failures.append(.init(name: printable(photo.name, limit: 100), reason: failure.message))
        }
      }
      let added = try await compute.perform { [kept] in try $0.add(photos: kept, labels: labels) }
      reply.added += added.added
      reply.replaced += added.replaced
      reply.unchanged += added.unchanged
      reply.failures += added.failures
      reply.ids = added.ids
      return reply
    } catch {
      for photo in kept where photo.isNew { uploads.forget(photo.path) }
      throw error
    }
  }
}

/// A photo that a client has sent, as a file and as the network wants it.
struct KeptPhoto: Sendable {
  let path: String
  let isNew: Bool
  let photo: PreparedPhoto
}

/// What is said about all items of a request.
struct ChangeLabels: Sendable {
  let group: String
  let metadata: String

  func forItems(_ count: Int) -> ItemLabels {
    ItemLabels(groups: [group], metadata: [String](repeating: metadata, count: count))
  }
}
