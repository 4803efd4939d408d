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
    reply.failures = captions.indices.filter { lines[$0].isEmpty }.map {
      .init(name: printable(captions[$0], limit: 100), reason: "the caption has no word")
    }
    for line in lines where !line.isEmpty {
      reply.ids += try index.items(exactlyNamed: line)
        .filter { $0.kind == .caption && $0.group == labels.group }.map(\.id)
    }
    return reply
  }

  /// Keeps the files of photos and adds them; what cannot be added leaves nothing behind.
  func add(photos: [NewPhoto], labels: ChangeLabels) throws -> AddReply {
    guard !photos.isEmpty else { return AddReply() }
    let features = try features(of: photos.map(\.prepared))
    return try index.whileLocked(waiting: Self.refuseToWait) {
      var paths: [String] = []
      defer { forgetUnnamed(paths) }
      for photo in photos { paths.append(try uploads.keep(photo.sent.bytes)) }
      let embedder = KnownFeatures(
        featureCount: model.configuration.imageDim,
        rows: Dictionary(zip(paths, features)) { first, _ in first })
      let report = try index.add(photos: paths, embedder: embedder, labels: labels.forItems(paths.count))
      var reply = AddReply(report)
      reply.failures = report.failures.map { failure in
        let sent = zip(paths, photos).first { $0.0 == failure.name }?.1.sent
        // Of a photo that was decoded already, what is said of its file is nobody's but the server's.
        return .init(name: printable(sent?.name ?? "", limit: 100), reason: "the photo could not be added")
      }
      for (place, path) in paths.enumerated() where paths.firstIndex(of: path) == place {
        reply.ids += try photo(at: path).map { [$0.id] } ?? []
      }
      return reply
    }
  }

  /// Removes an item, and its file if that was uploaded.
  func remove(_ id: Int64) throws {
    try index.whileLocked(waiting: Self.refuseToWait) {
      let item = try item(id)
      try index.remove(ids: [id])
      if item.kind == .photo { forgetUnnamed([item.name]) }
    }
  }

  /// Removes those of some files that were uploaded and are no items of the index; needs the right to change it.
  private func forgetUnnamed(_ paths: [String]) {
    // Where the catalogue cannot be read the files stay, until a server starts for which it can.
    for path in paths where (try? isNamed(path)) == false { uploads.forget(path) }
  }

  /// Whether a file is a photo of the index, under its own path or the one that it had in an index that was moved since, or
  /// that is reached by a link.
  private func isNamed(_ path: String) throws -> Bool {
    try photo(at: path) != nil || index.hasPhoto(inFileNamed: FilePath.name(of: path))
  }

  /// The item that is the photo in a file.
  private func photo(at path: String) throws -> IndexItem? {
    try index.items(exactlyNamed: path).first { $0.kind == .photo }
  }

  /// Removes files that a process has left which was killed while it added or removed photos.
  ///
  /// - Throws: `APIError.busy` while another process changes the index, and what reading the catalogue throws.
  func removeLeftoverUploads() throws {
    guard !uploads.paths().isEmpty else { return }
    try index.whileLocked(waiting: Self.refuseToWait) {
      uploads.removeUnfinished()
      let unnamed = try uploads.paths().filter { try photo(at: $0) == nil }
      guard !unnamed.isEmpty else { return }
      // As `isNamed`, but with one pass over the items for all files.
      let names = Set(try index.items(ItemFilter(kind: .photo)).map { FilePath.name(of: $0.name) })
      for path in unnamed where !names.contains(FilePath.name(of: path)) { uploads.forget(path) }
    }
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
  }
}
