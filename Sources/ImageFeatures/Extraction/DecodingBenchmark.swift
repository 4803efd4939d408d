/// Decoding and preparing the same photos again and again, for measurements.
package struct DecodingBenchmark: Sendable {
  private let photos: PhotoList
  private let preprocessing: Preprocessing
  private let options: FeatureExtraction.Options

  /// Photos that can all be read; throws for the first that cannot.
  package init(_ photos: PhotoList, preprocessing: Preprocessing, threads: Int) throws {
    self.photos = photos
    self.preprocessing = preprocessing
    var options = FeatureExtraction.Options()
    options.decodingThreads = threads
    self.options = options
    try pass()
  }

  /// The number of photos of a pass.
  package var count: Int { photos.count }

  /// Reads, decodes and prepares each photo once.
  package func pass() throws(PhotoError) {
    let prepared = PreparedPhotos(
      photos.entries[...], preprocessing: preprocessing, options: options,
      capacity: 2 * options.decodingThreads + 2)
    defer { prepared.stop() }
    var failure: PhotoError?
    for _ in photos.entries {
      prepared.useNext { result in
        if case .failure(let error) = result { failure = failure ?? error }
      }
    }
    if let failure { throw failure }
  }
}
