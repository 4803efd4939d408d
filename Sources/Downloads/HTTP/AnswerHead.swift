/// The head of an HTTP answer: its status and what a download needs of its headers
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110)).
struct AnswerHead: Equatable, Sendable {
  /// What a part of a file is said to be.
  enum ContentRange: Equatable, Sendable {
    /// The bytes `first...last`, of `total` when that is known.
    case part(first: Int, last: Int, total: Int?)
    /// None of the bytes asked for exist; the file has `total`.
    case unsatisfied(total: Int)
  }

  let status: Int
  private let fields: [String: String]

  /// - Parameter fields: the values by their names in lower case.
  init(status: Int, fields: [String: String]) {
    self.status = status
    self.fields = fields
  }

  /// How many bytes the body is said to have.
  var contentLength: Int? { fields["content-length"].flatMap(Self.number) }

  /// Where a redirect leads.
  var location: String? { fields["location"] }

  /// What marks this very version of the file, byte for byte: a strong ETag.
  var strongTag: String? {
    // A weak one (W/"…") says only that the contents mean the same.
    fields["etag"].flatMap { $0.count > 2 && $0.hasPrefix("\"") && $0.hasSuffix("\"") ? $0 : nil }
  }

  /// When the file was changed, as the host writes it.
  var lastModified: String? { fields["last-modified"].flatMap { $0.isEmpty ? nil : $0 } }

  /// How the body is encoded, or nil when it is the file itself.
  var contentEncoding: String? {
    fields["content-encoding"].flatMap { ["", "identity"].contains($0.lowercased()) ? nil : $0 }
  }

  /// How long to wait before asking again, in seconds; dates are not understood.
  var retryAfter: Int? { fields["retry-after"].flatMap(Self.number) }

  /// Which part of the file the body is.
  var contentRange: ContentRange? {
    guard let words = fields["content-range"]?.split(separator: " "), words.count == 2,
      words[0].lowercased() == "bytes"
    else { return nil }
    let halves = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let total = Self.number(halves[1])
    if halves[0] == "*" { return total.map { .unsatisfied(total: $0) } }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map(Self.number)
    guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last,
      total.map({ last < $0 }) ?? (halves[1] == "*")
    else { return nil }
    return .part(first: first, last: last, total: total)
  }

  /// Digits alone, and not more than an Int holds.
  private static func number(_ text: some StringProtocol) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}

/// Puts the lines of a head together.
struct AnswerHeadReader {
  private var status: Int?
  private var fields: [String: String] = [:]

  /// The head whose last line this is, or nil when more lines follow.
  ///
  /// A line that is no header is passed over, and so are heads of the status 1xx, which precede the answer's.
  mutating func read(_ line: String) -> AnswerHead? {
    let line = Self.trimmed(line[...])
    if line.hasPrefix("HTTP/") {
      fields = [:]
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    } else if line.isEmpty {
      guard let status, status >= 200 else { return nil }
      return AnswerHead(status: status, fields: fields)
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...]
      // Of a header that stands twice the first counts.
      let name = line[..<colon].lowercased()
      if fields[name] == nil { fields[name] = Self.trimmed(value) }
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
