internal import DataFormats
internal import Foundation

/// The bytes of a file, or of a pipe until it ends.
func readTextFile(_ path: String, holding contents: TextFileError.Contents) throws(TextFileError) -> [UInt8] {
  let (bytes, code) = OpenFile.contents(of: path, limit: WordBuffer.maximumByteCount)
  switch code {
  case 0: return bytes
  case ENOENT: throw .missing(file: path, contents: contents)
  case EFBIG: throw .tooLarge(file: path, byteLimit: WordBuffer.maximumByteCount)
  default: throw .unreadable(file: path, reason: String(cString: strerror(code)))
  }
}
