internal import DataFormats
internal import Foundation

/// What is known of the bytes of a partial file.
struct PartialFileRecord: Codable, Equatable {
  /// Where they came from, as it was asked for.
  var address = ""
  /// What marks the version of the file, see `AnswerHead`.
  var strongTag: String?
  var lastModified: String?
  /// The bytes of the whole file, where the host has told.
  var total: Int?
  /// The bytes that are here.
  var bytes = 0
  /// Whether nothing is missing.
  var isComplete = false

  /// By what a host can tell whether the rest that it sends belongs to what is here.
  var validator: String? { strongTag ?? lastModified }

  enum CodingKeys: String, CodingKey {
    case address
    case strongTag = "etag"
    case lastModified = "last_modified"
    case total = "bytes_in_all"
    case bytes
    case isComplete = "is_complete"
  }

  init() {}

  /// The record of an answer that begins the file.
  init(address: String, _ head: AnswerHead) {
    self.address = address
    strongTag = head.strongTag
    lastModified = head.lastModified
    total = head.contentLength
  }

  /// The record at `path`; nil when there is none that can be understood.
  init?(path: String) {
    guard let data = FileManager.default.contents(atPath: path),
      let record = try? JSONDecoder().decode(Self.self, from: data),
      record.bytes >= 0, record.total ?? 0 >= 0,
      // It becomes a line of a request.
      record.validator?.utf8.allSatisfy({ $0 >= 0x20 }) ?? true
    else { return nil }
    self = record
  }

  func write(to path: String) throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Strings and numbers can always be encoded.
    guard let data = try? encoder.encode(self) else { return }
    let file = try ReplacingFile(path: path)
    try file.write([UInt8](data) + [0x0A])
    try file.commit()
  }

  /// Whether an answer is of the version of the file that is recorded, as far as both tell.
  func agrees(with head: AnswerHead) -> Bool {
    func agree(_ ours: String?, _ theirs: String?) -> Bool { ours == nil || theirs == nil || ours == theirs }
    return agree(strongTag, head.strongTag) && agree(lastModified, head.lastModified)
  }
}
