extension FeatureNetwork {
  /// The features of photos, in their order, or why a photo has none; photos are decoded and prepared by threads of
  /// their own, ahead of the network.
  ///
  /// Of the options those matter that say how features are made, not those about files. `noting` is called with
  /// what is missing of photos that are cut short, where the options accept those.
  public mutating func features(
    ofPhotos paths: [String], options: FeatureExtraction.Options,
    noting: (_ path: String, PhotoTruncation) -> Void = { _, _ in }
  ) -> [Result<[Float], any Error>] {
    guard !paths.isEmpty else { return [] }
    do { try options.check(for: self) } catch { return paths.map { _ in .failure(error) } }
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
        for row in try minibatch.rows(from: &self) {
          if let truncation = try? row.get().truncation { noting(paths[results.count], truncation) }
          results.append(row.map(\.features).mapError { $0 as any Error })
        }
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
      photo.withUnsafeBufferPointer { minibatch.add(.success(PreparedPhoto(numbers: $0, truncation: nil))) }
      guard minibatch.isFull || place == photos.count - 1 else { continue }
      rows += try minibatch.rows(from: &self).map { try $0.get().features }
    }
    return rows
  }
}
