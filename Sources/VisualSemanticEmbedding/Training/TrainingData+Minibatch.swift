internal import Tensors

extension TrainingData {
  /// The pairs of the captions at `rows`, as an update takes them.
  ///
  /// Captions of one length stay in their order; of several, or more than `chunkSize`, they are put in parts.
  /// - Parameter scratch: memory for the features, which stay valid until it is used again.
  func minibatch(_ rows: [Int], options: TrainingOptions, scratch: ScratchMatrix) throws(FeatureTableError)
    -> Minibatch
  {
    let limit = options.chunkSize > 0 ? options.chunkSize : nil
    let isWhole = options.batching == .equalLength && limit.map { rows.count <= $0 } ?? true
    let parts = isWhole ? [rows] : CaptionParts.split(rows, lengths: trainTokens.lengths, limit: limit)
    let ordered = parts.flatMap(\.self)
    let features = scratch.matrix(rows: ordered.count, columns: train.features.columnCount)
    try train.features.gather(ordered.map { train.featureRow(ofCaption: $0) }[...], into: features)
    return Minibatch(
      features: features,
      captions: parts.map { part in
        TokenBatch(captions: part.map { trainTokens[$0] }, vocabulary: vocabulary.embeddingRows)
      }, images: ordered.map { Int32(truncatingIfNeeded: train.grouping.imageOfCaption[$0]) })
  }
}
