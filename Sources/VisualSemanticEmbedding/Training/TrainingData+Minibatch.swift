internal import Tensors

extension TrainingData {
  /// The pairs of the captions at `rows`, as an update takes them.
  ///
  /// Captions of one length stay in their order; of several, or more than `chunkSize`, they are put in parts.
  /// - Parameters:
  ///   - scratch: memory for the features, which stay valid until it is used again.
  ///   - generator: of the crops of the images, then of the words that are dropped; untouched where nothing is
  ///     random.
  func minibatch(
    _ rows: [Int], options: TrainingOptions, scratch: ScratchMatrix,
    generator: inout SeededRandomNumberGenerator
  ) throws(FeatureTableError) -> Minibatch {
    let limit = options.chunkSize > 0 ? options.chunkSize : nil
    let isWhole = options.batching == .equalLength && limit.map { rows.count <= $0 } ?? true
    let parts = isWhole ? [rows] : CaptionParts.split(rows, lengths: trainTokens.lengths, limit: limit)
    let ordered = parts.flatMap(\.self)
    let table = train.features
    let features = scratch.matrix(rows: ordered.count, columns: table.columnCount)
    let crops = options.samplesCrops ? ordered.map { _ in generator.integer(below: table.cropCount) } : nil
    try table.gather(ordered.map { train.featureRow(ofCaption: $0) }[...], crops: crops, into: features)
    return Minibatch(
      features: features,
      captions: parts.map { part in
        TokenBatch(
          captions: vocabulary.scheme.droppingWords(
            of: part.map { trainTokens[$0] }, rate: options.wordDropout, using: &generator),
          vocabulary: vocabulary.embeddingRows)
      },
      images: ordered.map { Int32(truncatingIfNeeded: train.grouping.imageOfCaption[$0]) })
  }
}
