import DataFormats
import Foundation

/// A file of JSON on its way to its place, where it replaces nothing but JSON.
struct JSONFile {
  private let file: ReplacingFile

  /// What stands at the path is something else.
  struct OtherFile: LocalizedError {
    let path: String
    var errorDescription: String? {
      "\(quoted(path)) exists and is no JSON, so it is left alone; choose another file"
    }
  }

  /// Throws when the file cannot be written or is something else, before any work is done for it.
  init(path: String) throws {
    switch FileKind(path: path) {
    case .missing, .folder, .special, .empty: break
    case .unknown where Self.firstByte(of: path) == UInt8(ascii: "{"): break
    default: throw OtherFile(path: path)
    }
    file = try ReplacingFile(path: path)
  }

  /// Puts the file in its place with a value; names become snake_case.
  func write(_ value: some Encodable) throws {
    try file.write(Array(jsonText(value).utf8) + Array("\n".utf8))
    try file.commit()
  }

  private static func firstByte(of path: String) -> UInt8? {
    try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: 1)?.first
  }
}
