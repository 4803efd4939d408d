public import Foundation

/// Which token indices have a part of their own, and how a caption is wrapped in them.
///
/// Indices below `firstWord` are special, those from it on are the vocabulary's words in their order.
public struct TokenScheme: Hashable, Sendable {
  /// The index that fills up shorter captions, for models that have one; no row of ours needs it.
  public let padding: Int32?
  /// The index put before a caption's words.
  public let start: Int32?
  /// The index put after a caption's words.
  public let end: Int32?
  /// The index that stands for every word that the vocabulary lacks.
  public let unknown: Int32
  /// The index of the first word; the number of special indices.
  public let firstWord: Int32

  /// The scheme of Kiros et al.: 0 ends a caption, 1 is an unknown word, words start at 2.
  public static let kiros = TokenScheme(
    uncheckedPadding: nil, start: nil, end: 0, unknown: 1, firstWord: 2)

  /// The scheme of VSE++: 0 pads, 1 starts and 2 ends a caption, 3 is an unknown word, words start at 4.
  public static let vsepp = TokenScheme(uncheckedPadding: 0, start: 1, end: 2, unknown: 3, firstWord: 4)

  /// Creates a scheme; throws `TokenSchemeError` unless the special indices differ and lie in 0 ..< `firstWord`.
  public init(
    padding: Int32?, start: Int32?, end: Int32?, unknown: Int32, firstWord: Int32
  ) throws(TokenSchemeError) {
    let special = [padding, start, end, unknown].compactMap { $0 }
    for index in special where !(0..<max(0, firstWord)).contains(index) {
      throw .outOfRange(index: index, firstWord: firstWord)
    }
    guard Set(special).count == special.count else { throw .shared(indices: special) }
    self.init(uncheckedPadding: padding, start: start, end: end, unknown: unknown, firstWord: firstWord)
  }

  private init(uncheckedPadding: Int32?, start: Int32?, end: Int32?, unknown: Int32, firstWord: Int32) {
    padding = uncheckedPadding
    self.start = start
    self.end = end
    self.unknown = unknown
    self.firstWord = firstWord
  }

  /// The number of tokens that wrapping adds to a caption's words.
  public var wrappingTokenCount: Int {
    (start == nil ? 0 : 1) + (end == nil ? 0 : 1)
  }
}

extension TokenScheme: Codable {
  private enum CodingKeys: String, CodingKey {
    case padding, start, end, unknown
    case firstWord = "first_word"
  }

  /// Reads a scheme; throws `DecodingError` when a member is missing or the indices do not fit each other.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let padding = try container.decodeIfPresent(Int32.self, forKey: .padding)
    let start = try container.decodeIfPresent(Int32.self, forKey: .start)
    let end = try container.decodeIfPresent(Int32.self, forKey: .end)
    let unknown = try container.decode(Int32.self, forKey: .unknown)
    let firstWord = try container.decode(Int32.self, forKey: .firstWord)
    do {
      try self.init(padding: padding, start: start, end: end, unknown: unknown, firstWord: firstWord)
    } catch {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }

  /// Writes the indices by name; those that the scheme lacks are left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(padding, forKey: .padding)
    try container.encodeIfPresent(start, forKey: .start)
    try container.encodeIfPresent(end, forKey: .end)
    try container.encode(unknown, forKey: .unknown)
    try container.encode(firstWord, forKey: .firstWord)
  }
}

/// Why token indices make no scheme.
public enum TokenSchemeError: Error, Equatable, Sendable {
  /// A special index is negative or not below the first word's.
  case outOfRange(index: Int32, firstWord: Int32)
  /// Two parts have one index.
  case shared(indices: [Int32])
}

extension TokenSchemeError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .outOfRange(let index, let firstWord):
      "token scheme: special index \(index) should lie below the first word's, \(firstWord), and from 0 on"
    case .shared(let indices):
      "token scheme: the special indices \(indices) should all differ"
    }
  }
}
