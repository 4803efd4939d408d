import DataFormats
import Foundation
import VisualSemanticEmbedding

/// Standard input as a file of text.
enum StandardInput {
  /// What errors call it.
  static let name = "standard input"

  static func captions() throws -> CaptionFile { try CaptionFile(bytes: bytes(), path: name) }

  /// All that comes until it ends.
  static func bytes() throws(TextFileError) -> [UInt8] {
    let (bytes, code) = OpenFile.contents(of: FileHandle.standardInput.fileDescriptor, limit: Int(UInt32.max))
    guard code == 0 else { throw .unreadable(file: name, reason: String(cString: strerror(code))) }
    return bytes
  }
}
