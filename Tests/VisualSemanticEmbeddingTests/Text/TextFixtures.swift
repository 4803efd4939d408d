import Foundation
import Testing
import VisualSemanticEmbedding

/// The captions of a text, under a name that no file has.
func captions(_ text: String, path: String = "caps.txt") throws -> CaptionFile {
  try CaptionFile(bytes: Array(text.utf8), path: path)
}

/// Writes `bytes` to a file of its own and hands over its path; the file is gone afterwards.
func withTextFile(_ bytes: some Sequence<UInt8>, _ body: (String) throws -> Void) throws {
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("vse-\(UUID().uuidString).txt")
  try Data(bytes).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  try body(file.path)
}
