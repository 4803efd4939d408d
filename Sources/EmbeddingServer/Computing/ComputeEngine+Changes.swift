internal import DataFormats
internal import Retrieval
internal import VisualSemanticEmbedding

extension ComputeEngine {
  /// Adds captions, those with words that are not there with the same group.
  func add(captions: [String], labels: ChangeLabels) throws -> AddReply {
    // A line is a caption; white space of any kind, and zeros, which the catalogue cannot hold, part words.
    let lines = captions.map {
      $0.split { $0.isWhitespace || $0 == "\0" }.joined(separator: " ")
    }
    guard lines.contains(where: { !$0.isEmpty }) else { throw APIError.bad("no caption has a word") }
    let file = try CaptionFile(bytes: Array(lines.joined(separator: "\n").utf8), path: "captions")
    let report = try index.add(
      captions: file, labels: labels.forItems(file.count), waiting: Self.refuseToWait)
    var reply = AddReply(report)
    for line in lines {
      reply.ids += try index.items(exactlyNamed: line)
        .filter { $0.kind == .caption && $0.group == labels.group }.map(\.id)
    }
    return reply
  }

  /// Adds photos that are in files already.
  func add(photos: [KeptPhoto], labels: ChangeLabels) throws -> AddReply {
    guard !photos.isEmpty else { return AddReply() }
    let features = try features(of: photos.map(\.photo))
    let embedder = KnownFeatures(
      featureCount: model.configuration.imageDim,
      rows: Dictionary(zip(photos.map(\.path), features)) { first, _ in first })
    let report = try index.add(
      photos: photos.map(\.path), embedder: embedder, labels: labels.forItems(photos.count),
      waiting: Self.refuseToWait)
    var reply = AddReply(report)
    for photo in photos {
      reply.ids += try index.items(exactlyNamed: photo.path).filter { $0.kind == .photo }.map(\.id)
    }
    return reply
  }

  /// Removes an item, and returns its name.
  func remove(_ id: Int64) throws -> String {
    let item = try item(id)
    guard try index.remove(ids: [id], waiting: Self.refuseToWait) > 0 else { throw APIError.noSuchItem(id) }
    return item.name
  }

  /// The vector of a photo, [D].
  func vector(of photo: PreparedPhoto) throws -> [Float] {
    guard let row = try features(of: [photo]).first else { throw APIError.noNetwork }
    return try model.vector(ofFeatures: row)
  }

  /// Another process may be adding for hours; searches cannot wait for that.
  private static func refuseToWait() throws {
    throw APIError.busy("another process is changing the index; try again later")
  }
}

/// Features that are known already, by the paths of their photos.
private struct KnownFeatures: ImageEmbedder {
  let featureCount: Int
  let rows: [String: [Float]]

  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>] {
    paths.map { path in rows[path].map { .success($0) } ?? .failure(APIError.noNetwork) }
  }
}

extension AddReply {
  init(_ report: AddingReport) {
    added = report.added
    replaced = report.replaced
    unchanged = report.unchanged
    // Of photos that were decoded already, what is said of a file is nobody's but the server's.
    failures = report.failures.map {
      Failure(name: FilePath.name(of: $0.name), reason: "the photo could not be added")
    }
  }
}
