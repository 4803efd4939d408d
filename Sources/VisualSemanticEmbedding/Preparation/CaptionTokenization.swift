/// What becomes of the text of a caption.
///
/// Either way each control character (a line feed or a tab in a quoted field, a NUL) becomes a space, and the white
/// space at both ends goes.
public enum CaptionTokenization: String, Codable, Sendable, CaseIterable {
  /// The text stays as it is, for sources whose words are parted by spaces already.
  case asGiven = "as-given"
  /// Lower-case words, with punctuation apart, in the manner of the Penn treebank:
  ///
  /// - A to Z become small; no other letters change, and no byte is lost but white space.
  /// - ASCII letters, digits and all bytes beyond ASCII make words, except the dashes, quotation marks, daggers,
  ///   bullets and dots of U+2013 to U+2026, which are punctuation, and U+00A0, which is a space.
  /// - `'` (U+2019 too, written as `'`) and `-` between two such bytes, and `.`, `,` and `:` between digits, stay in
  ///   the word: "o'clock", "t-shirt", "1,000", "10:30".
  /// - The endings 's 'm 'd 're 've 'll and n't become words of their own: "dog 's", "do n't".
  /// - Every other punctuation character is a word of its own.
  ///
  /// Text that has been through this stays as it is.
  case words

  /// The caption as it goes into a dataset, which may be empty.
  /// - Complexity: O(bytes).
  package func apply(to caption: ArraySlice<UInt8>) -> [UInt8] {
    switch self {
    case .asGiven: return Array(caption.map { $0.isControl ? .space : $0 }.trimmed)
    case .words:
      var splitter = WordSplitter(caption)
      return splitter.words()
    }
  }
}

/// Parts words and punctuation as `CaptionTokenization.words` says.
private struct WordSplitter {
  /// What stands at a place of the text.
  private enum Symbol: Equatable {
    case space, letter, digit, apostrophe
    case punctuation(length: Int)
  }

  private let text: ArraySlice<UInt8>
  private var result: [UInt8] = []
  private var word: [UInt8] = []

  private static let clitics: [[UInt8]] = ["'s", "'m", "'d", "'re", "'ve", "'ll", "n't"].map {
    Array($0.utf8)
  }
  /// U+2019, the typographic apostrophe.
  private static let rightQuote: [UInt8] = [0xE2, 0x80, 0x99]

  init(_ text: ArraySlice<UInt8>) { self.text = text }

  mutating func words() -> [UInt8] {
    var place = text.startIndex
    while place < text.endIndex {
      switch symbol(at: place) {
      case .space:
        endWord()
        place += text[place] == 0xC2 ? 2 : 1
      case .letter, .digit:
        word.append(text[place].lowercased)
        place += 1
      case .apostrophe:
        let length = text[place] == 0xE2 ? 3 : 1
        if staysInWord(at: place, next: place + length) {
          word.append(UInt8(ascii: "'"))
        } else {
          append(punctuation: [UInt8(ascii: "'")])
        }
        place += length
      case .punctuation(let length):
        let mark = text[place..<place + length]
        if length == 1, staysInWord(mark: mark[place], at: place) {
          word.append(mark[place])
        } else {
          append(punctuation: mark)
        }
        place += length
      }
    }
    endWord()
    return result
  }

  private func symbol(at place: Int) -> Symbol {
    let byte = text[place]
    switch byte {
    case 0...0x20, 0x7F: return .space
    case 0x30...0x39: return .digit
    case 0x41...0x5A, 0x61...0x7A: return .letter
    case UInt8(ascii: "'"): return .apostrophe
    case 0xC2 where place + 1 < text.endIndex && text[place + 1] == 0xA0: return .space
    case 0xE2 where place + 2 < text.endIndex && text[place + 1] == 0x80:
      guard (0x93...0xA6).contains(text[place + 2]) else { return .letter }
      return text[place + 2] == Self.rightQuote[2] ? .apostrophe : .punctuation(length: 3)
    case 0x80...: return .letter
    default: return .punctuation(length: 1)
    }
  }

  private func isWord(at place: Int) -> Bool {
    place < text.endIndex && [.letter, .digit].contains(symbol(at: place))
  }

  /// Whether an apostrophe stands within a word, or begins one of the endings that stands alone already.
  private func staysInWord(at place: Int, next: Int) -> Bool {
    guard isWord(at: next) else { return false }
    if !word.isEmpty { return true }
    var ending: [UInt8] = [UInt8(ascii: "'")]
    var end = next
    while isWord(at: end), ending.count <= 3 {
      ending.append(text[end].lowercased)
      end += 1
    }
    return Self.clitics.contains(ending)
  }

  private func staysInWord(mark: UInt8, at place: Int) -> Bool {
    guard let last = word.last else { return false }
    switch mark {
    case UInt8(ascii: "-"): return isWord(at: place + 1)
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"):
      return last.isDigit && place + 1 < text.endIndex && text[place + 1].isDigit
    default: return false
    }
  }

  private mutating func append(punctuation mark: some Collection<UInt8>) {
    endWord()
    append(mark)
  }

  private mutating func append(_ token: some Collection<UInt8>) {
    if !result.isEmpty { result.append(.space) }
    result += token
  }

  /// Ends the word, and makes words of its endings.
  private mutating func endWord() {
    guard !word.isEmpty else { return }
    var endings: [[UInt8]] = []
    while let ending = Self.clitics.first(where: { word.ends(with: $0) }) {
      endings.append(ending)
      word.removeLast(ending.count)
    }
    append(word)
    for ending in endings.reversed() { append(ending) }
    word.removeAll()
  }
}

extension [UInt8] {
  /// Whether these bytes end so, and have before it what can stand as a word.
  fileprivate func ends(with ending: [UInt8]) -> Bool {
    count > ending.count && suffix(ending.count).elementsEqual(ending)
      && !"-'".utf8.contains(self[count - ending.count - 1])
  }
}
