internal import DataFormats
public import Foundation
internal import Tensors

/// What embedding a file of sentences or features came across.
public struct EmbeddingReport: Sendable, Equatable {
  /// Rows of the array that was written, one for each line or row of the input.
  public var rows: Int
  /// Sentences without a word, whose rows are zeros.
  public var emptySentences: Int
  /// Words of the sentences that the model does not know.
  public var unknownWords: Int
}

/// Why vectors were not written.
public enum EmbeddingError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// What is at the output's place is no array and is left alone.
  case outputIsNotAnArray(path: String)
  /// The output is the file of the features.
  case outputIsTheInput(path: String)
  /// There are no features.
  case noRows(path: String)
  /// The vector of a row is not finite.
  case notFinite(path: String, row: Int)

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .outputIsNotAnArray(let path):
      "\(quoted(path)) exists and is no .npy file, so it is left alone; choose another --output"
    case .outputIsTheInput(let path):
      "\(quoted(path)) holds the features to embed, so it is left alone; choose another --output"
    case .noRows(let path): "\(quoted(path)) has no rows, so there is nothing to embed; give features"
    case .notFinite(let path, let row):
      "\(quoted(path)), row \(row): its vector is NaN or infinite, the numbers are too large; scale the features"
    }
  }
}

extension EmbeddingModel {
  /// How many rows are encoded, and kept, before they are written.
  private static let rowsPerBlock = 4096

  /// Writes the vectors of sentences as a float32 .npy file [C, D], a row a line, in the order of the lines.
  ///
  /// Rows have unit norm; that of a sentence without a word is zeros, so that rows and lines stay together. The
  /// file appears when it is whole.
  /// - Parameters:
  ///   - sentences: a sentence a line, words parted by white space.
  ///   - path: the file to write.
  ///   - progress: told how many rows are done; what it throws stops the work, and nothing is left.
  /// - Throws: `EmbeddingError`, `NumpyError`.
  public func embed(
    _ sentences: CaptionFile, to path: String, progress: (Int) throws -> Void = { _ in }
  ) throws -> EmbeddingReport {
    let tokens = TokenizedCaptions(sentences, vocabulary: vocabulary)
    let writer = try Self.writer(path: path, rows: tokens.count, columns: configuration.dim)
    let block = ScratchMatrix()
    for start in stride(from: 0, to: tokens.count, by: Self.rowsPerBlock) {
      let range = start..<min(start + Self.rowsPerBlock, tokens.count)
      let rows = range.filter(tokens.isIncluded)
      let vectors = try network.encode(tokens, rows: rows) { done in try progress(start + done) }
      let output = block.matrix(rows: range.count, columns: configuration.dim)
      output.fill(0)
      output.assignRows(of: vectors, at: rows.map { Int32($0 - start) })
      try Self.append(output, to: writer, input: sentences.path)
      try progress(range.upperBound)
    }
    try writer.finish()
    return EmbeddingReport(
      rows: tokens.count, emptySentences: tokens.emptyCount, unknownWords: tokens.unknownWordCount)
  }

  /// Writes the vectors of image features as a float32 .npy file [N, D], a row a row, each of unit norm.
  ///
  /// The file appears when it is whole.
  /// - Parameters:
  ///   - features: those of images [N, I], of the network that the model was trained on.
  ///   - path: the file to write.
  ///   - progress: told how many rows are done; what it throws stops the work, and nothing is left.
  /// - Throws: `DatasetError.widthsDiffer`, `FeatureTableError`, `EmbeddingError`, `NumpyError`.
  public func embed(
    _ features: FeatureTable, to path: String, progress: (Int) throws -> Void = { _ in }
  ) throws -> EmbeddingReport {
    guard features.columnCount == configuration.imageDim else {
      throw DatasetError.widthsDiffer(
        found: features.columnCount, file: features.path, expected: configuration.imageDim,
        expectedBy: "the model")
    }
    let files = [path, features.path].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath() }
    guard files[0] != files[1] else { throw EmbeddingError.outputIsTheInput(path: path) }
    guard features.rowCount > 0 else { throw EmbeddingError.noRows(path: features.path) }
    let writer = try Self.writer(path: path, rows: features.rowCount, columns: configuration.dim)
    for start in stride(from: 0, to: features.rowCount, by: Self.rowsPerBlock) {
      let range = start..<min(start + Self.rowsPerBlock, features.rowCount)
      try Self.append(try network.encode(features, rows: Array(range)), to: writer, input: features.path)
      try progress(range.upperBound)
    }
    try writer.finish()
    return EmbeddingReport(rows: features.rowCount, emptySentences: 0, unknownWords: 0)
  }

  /// A model or a text at the output's place is more likely a slip than meant to go.
  private static func writer(path: String, rows: Int, columns: Int) throws -> NumpyRowWriter {
    switch FileKind(path: path) {
    case .numpy, .missing, .empty, .special: break
    case .folder, .safetensors, .zip, .pickle, .pytorch, .unknown:
      throw EmbeddingError.outputIsNotAnArray(path: path)
    }
    return try NumpyRowWriter(path: path, rowCount: rows, columnCount: columns)
  }

  private static func append(_ vectors: Matrix, to writer: NumpyRowWriter, input: String) throws {
    if let row = vectors.firstNonFiniteRow {
      throw EmbeddingError.notFinite(path: input, row: writer.rowsWritten + row)
    }
    try vectors.withUnsafeMutableElements { try writer.append(UnsafeBufferPointer($0)) }
  }
}
