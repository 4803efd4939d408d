internal import DataFormats
internal import Foundation
package import Tensors

/// A text file of word vectors: a line for each word, the word and its numbers parted by spaces or tabs, as
/// published for GloVe; with a first line that gives the numbers of words and of dimensions, as word2vec and
/// fastText write it, or without.
///
/// Words are bytes, compared with the vocabulary's byte for byte; some of GloVe's have a space inside, so that the
/// numbers are counted from a line's end. The file is mapped and read once from its beginning to its end, and only
/// numbers of words that are asked for are looked at, so that millions of words take no memory.
public struct WordVectorFile: Sendable {
  /// The path of the file.
  public let path: String
  private let file: MappedFile

  /// Opens the file, of which nothing is read yet.
  public init(path: String) throws(WordVectorError) {
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    self.path = path
  }

  /// Writes the vector of each word of a vocabulary that the file has into the word's row of `embedding` [V, E];
  /// other rows stay as they are. Of a word that stands in the file twice the first vector counts.
  ///
  /// - Throws: `WordVectorError` with the line, when any row of the file has not E numbers or a number of a known
  ///   word is none.
  /// - Complexity: O(bytes of the file).
  package func load(
    into embedding: Matrix, of vocabulary: Vocabulary
  ) throws(WordVectorError) -> WordVectorCoverage {
    precondition(embedding.rows == vocabulary.embeddingRows, "a row for each token")
    file.advise(.sequential)
    return try file.withBytes { (bytes) throws(WordVectorError) in
      var reader = WordVectorReader(path: path, width: embedding.columns, vocabulary: vocabulary)
      try reader.read(bytes, into: embedding)
      return WordVectorCoverage(vocabulary: vocabulary, isFound: reader.isFound)
    }
  }
}

/// Which words of a vocabulary have vectors in a file.
public struct WordVectorCoverage: Sendable, Equatable {
  /// Words of the vocabulary that have a row of their own.
  public let words: Int
  /// How many of them were found.
  public let foundWords: Int
  /// Whether each token was found, [V].
  package let isFound: [Bool]

  init(vocabulary: Vocabulary, isFound: [Bool]) {
    words = min(vocabulary.wordCount, vocabulary.embeddingRows - Int(vocabulary.scheme.firstWord))
    foundWords = isFound.count { $0 }
    self.isFound = isFound
  }
}

/// Reads the lines of a word vector file.
///
/// The only code here that sees raw bytes. It relies on nothing but the bounds of the buffer that it is given, which
/// every range of positions stays within: they come from its indices.
private struct WordVectorReader {
  let path: String
  /// E.
  let width: Int
  let vocabulary: Vocabulary
  private(set) var isFound: [Bool]
  private var line = 0
  private var vectors = 0

  init(path: String, width: Int, vocabulary: Vocabulary) {
    self.path = path
    self.width = width
    self.vocabulary = vocabulary
    isFound = [Bool](repeating: false, count: vocabulary.embeddingRows)
  }

  mutating func read(_ bytes: UnsafeRawBufferPointer, into embedding: Matrix) throws(WordVectorError) {
    var expected: Int?
    var start = 0
    while start < bytes.count {
      let end = endOfLine(in: bytes, from: start)
      let fields = Fields(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      line += 1
      start = end + 1
      if line == 1, let header = try header(fields) {
        expected = header
      } else if fields.count > 0 {
        try read(fields, into: embedding)
      }
    }
    guard vectors > 0 else { throw .empty(path: path) }
    if let expected, vectors < expected { throw .truncated(path: path, found: vectors, expected: expected) }
  }

  /// The position of the next line feed, or of the end.
  private func endOfLine(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(UInt8.lineFeed), bytes.count - start)
    else { return bytes.count }
    return UnsafeRawPointer(found) - base
  }

  /// The number of vectors that follow, where the first line is "words dimensions".
  private func header(_ fields: Fields) throws(WordVectorError) -> Int? {
    guard fields.count == 2, let words = Int(fields.text(0)), let dimensions = Int(fields.text(1)),
      words >= 0,
      // A row of a single number looks alike.
      width > 1 || dimensions == 1
    else { return nil }
    guard dimensions == width else { throw .wrongHeader(path: path, found: dimensions, expected: width) }
    return words
  }

  private mutating func read(_ fields: Fields, into embedding: Matrix) throws(WordVectorError) {
    vectors += 1
    let extra = fields.count - 1 - width
    if extra != 0 {
      // More numbers, or a word with spaces inside, which no vocabulary has.
      guard extra > 0, !(1...extra).allSatisfy({ Float(fields.text($0)) != nil }) else {
        throw .wrongWidth(path: path, line: line, found: fields.count - 1, expected: width)
      }
      return
    }
    let token = fields.withFirst { vocabulary.token(of: $0) }
    guard token != vocabulary.scheme.unknown, !isFound[Int(token)] else { return }
    let row = Int(token)
    for (column, text) in fields.texts.dropFirst().enumerated() {
      guard let number = Float(text), number.isFinite else {
        throw .notANumber(path: path, line: line, text: text)
      }
      embedding[row, column] = number
    }
    isFound[row] = true
  }
}

/// The fields of a line, parted by spaces and tabs.
private struct Fields {
  private let bytes: UnsafeRawBufferPointer
  /// How many there are.
  let count: Int

  init(_ line: UnsafeRawBufferPointer) {
    bytes = line
    // A field begins at each byte that is no white space and follows one, or the line's start. Without branches, as
    // all bytes of the file come through here.
    var starts: UInt32 = 0
    var follows: UInt32 = 1
    for byte in line {
      let isSpace: UInt32 = Self.isSpace(byte) ? 1 : 0
      starts &+= follows & (isSpace ^ 1)
      follows = isSpace
    }
    count = Int(starts)
  }

  /// A carriage return stands only before a line feed, where it counts for nothing.
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == .carriageReturn
  }

  /// Calls `body` with the first field.
  func withFirst<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let range = range(from: 0)
    return body(Span(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[range])))
  }

  /// The field at an index, as text.
  func text(_ index: Int) -> String { texts[index] }

  /// All fields as text.
  var texts: [String] {
    var result: [String] = []
    result.reserveCapacity(count)
    var position = 0
    for _ in 0..<count {
      let range = range(from: position)
      result.append(String(decoding: bytes[range], as: UTF8.self))
      position = range.upperBound
    }
    return result
  }

  /// The next field from a position on; empty at the line's end.
  private func range(from position: Int) -> Range<Int> {
    var start = position
    while start < bytes.count, Self.isSpace(bytes[start]) { start += 1 }
    var end = start
    while end < bytes.count, !Self.isSpace(bytes[end]) { end += 1 }
    return start..<end
  }
}
