extension FeatureNetwork {
  /// The features of photos, in their order, or why a photo has none; photos are decoded and prepared by threads of
  /// their own, ahead of the network.
  ///
  /// Of the options those matter that say how features are made, not those about files.
  public mutating func features(
    ofPhotos paths: [String], options: FeatureExtraction.Options
  ) -> [Result<[Float], any Error>] {
    guard !paths.isEmpty else { return [] }
    if case .squashed = preprocessing.resizing, options.crops != .centre {
      return paths.map { _ in .failure(ExtractionError.noCorners) }
    }
    var minibatch = PhotoMinibatch(preprocessing: preprocessing, options: options)
    var decoding = options
    decoding.decodingThreads = min(options.decodingThreads, paths.count)
    let prepared = PreparedPhotos(
      paths.map { PhotoList.Entry(name: $0, path: $0) }[...], preprocessing: preprocessing, options: decoding,
      capacity: min(paths.count, minibatch.capacity + decoding.decodingThreads))
    defer { prepared.stop() }
    var results: [Result<[Float], any Error>] = []
    while results.count < paths.count {
      while !minibatch.isFull, results.count + minibatch.photoCount < paths.count {
        prepared.useNext { minibatch.add($0) }
      }
      let count = minibatch.photoCount
      do {
        results += try minibatch.rows(from: &self).map { row in row.mapError { $0 as any Error } }
      } catch {
        results += (0..<count).map { _ in .failure(error) }
      }
    }
    return results
  }
}

extension FeatureNetwork {
  /// The features of photos that are prepared already, [3 · S · S] each, in their order; a few go through the network at
  /// once.
  package mutating func features(ofPrepared photos: [[Float]], normalized: Bool) throws -> [[Float]] {
    var options = FeatureExtraction.Options()
    options.normalizes = normalized
    options.batchSize = max(1, min(options.batchSize, photos.count))
    var minibatch = PhotoMinibatch(preprocessing: preprocessing, options: options)
    var rows: [[Float]] = []
    for (place, photo) in photos.enumerated() {
      precondition(photo.count == preprocessing.inputSize, "a photo prepared for this network")
      photo.withUnsafeBufferPointer { minibatch.add(.success($0)) }
      guard minibatch.isFull || place == photos.count - 1 else { continue }
      rows += try minibatch.rows(from: &self).map { try $0.get() }
    }
    return rows
  }
}
