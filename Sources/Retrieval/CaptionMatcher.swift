internal import Tensors
public import VisualSemanticEmbedding

/// The captions of a file as vectors in memory, to find those nearest to images: the original's `retrieve_captions`.
public final class CaptionMatcher {
  /// The model.
  public let model: EmbeddingModel
  private let captions: CaptionFile
  /// The rows of the file that have a word, each with another text.
  private let rows: [Int]
  /// Their vectors.
  private let vectors: Operand

  /// Encodes the captions of a file; of equal ones the first.
  ///
  /// - Parameters:
  ///   - model: what encodes them, and the images later on.
  ///   - captions: a caption a line.
  ///   - progress: told how many captions are encoded; what it throws stops the work.
  /// - Complexity: memory is 4 · D bytes for each caption.
  public init(model: EmbeddingModel, captions: CaptionFile, progress: (Int) throws -> Void = { _ in }) throws
  {
    self.model = model
    self.captions = captions
    var seen: Set<[Word]> = []
    let tokens = TokenizedCaptions(captions, vocabulary: model.vocabulary)
    rows = tokens.includedRows.filter { seen.insert(Array(captions[$0])).inserted }
    vectors = Operand(try model.network.encode(tokens, rows: rows, progress: progress))
  }

  /// The `count` captions nearest to each of some images by their vectors [D] of unit norm, the nearest first, with
  /// their scores.
  public func captions(for images: [[Float]], count: Int) -> [[(text: String, score: Float)]] {
    let queries = Matrix(
      rows: images.count, columns: model.configuration.dim, values: images.flatMap { $0 })
    return vectors.highest(count, in: .first(vectors.rows), queries: queries).map { found in
      found.map { (captions[rows[$0.row]].description, $0.score) }
    }
  }
}

extension EmbeddingModel {
  /// The vectors [D] of images, of unit norm, by the rows of their features.
  ///
  /// - Throws: `QueryError` for features of another width or vectors that are not finite, `FeatureTableError`.
  public func imageVectors(of features: FeatureTable, rows: [Int]) throws -> [[Float]] {
    guard features.columnCount == configuration.imageDim else {
      throw QueryError.wrongWidth(found: features.columnCount, expected: configuration.imageDim)
    }
    let vectors = try network.encode(features, rows: rows)
    guard vectors.isFinite else { throw QueryError.notFinite }
    return (0..<vectors.rows).map(vectors.rowValues)
  }
}
