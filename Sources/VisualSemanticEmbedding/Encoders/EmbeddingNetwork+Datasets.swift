public import Tensors

extension EmbeddingNetwork {
  /// How many rows are encoded at a time.
  static let encodingBatch = 128

  /// Sentence vectors [rows.count, D] of unit norm of the captions at `rows`, in their order.
  ///
  /// Captions are encoded in minibatches of one length; `progress` is called with the number done.
  /// - Throws: what `progress` throws, to stop.
  public func encode<Failure: Error>(
    _ captions: TokenizedCaptions, rows: [Int], progress: (Int) throws(Failure) -> Void
  ) throws(Failure) -> Matrix {
    let result = Matrix(rows: rows.count, columns: configuration.dim)
    let order = rows.indices.sorted {
      (captions[rows[$0]].count, $0) < (captions[rows[$1]].count, $1)
    }
    var start = 0
    while start < order.count {
      let length = captions[rows[order[start]]].count
      var end = start
      while end < order.count, end - start < Self.encodingBatch, captions[rows[order[end]]].count == length {
        end += 1
      }
      let tokens = TokenBatch(
        captions: order[start..<end].map { captions[rows[$0]] }, vocabulary: configuration.vocabularySize)
      result.assignRows(of: sentenceVectors(tokens), at: order[start..<end].map { Int32($0) })
      start = end
      try progress(end)
    }
    return result
  }

  /// Image vectors [rows.count, D] of unit norm of the features at `rows`, in their order.
  public func encode(_ features: FeatureTable, rows: [Int]) throws(FeatureTableError) -> Matrix {
    let result = Matrix(rows: rows.count, columns: configuration.dim)
    let scratch = ScratchMatrix()
    for start in stride(from: 0, to: rows.count, by: Self.encodingBatch) {
      let end = min(start + Self.encodingBatch, rows.count)
      let batch = scratch.matrix(rows: end - start, columns: features.columnCount)
      try features.gather(rows[start..<end], into: batch)
      result.rows(start..<end).assign(imageVectors(batch))
    }
    return result
  }
}

extension FeatureTable {
  /// Copies rows into a matrix [rows.count, I], as Float32; see `gather(rows:crops:into:)`.
  func gather(
    _ rows: ArraySlice<Int>, crops: [Int]? = nil, into matrix: Matrix
  ) throws(FeatureTableError) {
    precondition(matrix.rows == rows.count && matrix.columns == columnCount, "shapes differ")
    try matrix.withUnsafeMutableElements { elements throws(FeatureTableError) in
      try gather(rows: Array(rows), crops: crops, into: elements)
    }
  }
}
