import Foundation
import VisualSemanticEmbedding

/// Standard input as a file of sentences.
enum StandardInput {
  static func captions() throws -> CaptionFile {
    let name = "standard input"
    let data: Data
    do {
      data = try FileHandle.standardInput.readToEnd() ?? Data()
    } catch {
      throw TextFileError.unreadable(file: name, reason: error.localizedDescription)
    }
    return try CaptionFile(bytes: [UInt8](data), path: name)
  }
}
