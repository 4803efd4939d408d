/// A file to be written into a zip archive: its name, how it is packed, and its bytes.
public struct ZipMember: Sendable {
  /// The name within the archive.
  public let name: String
  /// Whether its bytes are deflated; otherwise they are stored as they are, and can be mapped.
  public let isDeflated: Bool
  /// The bytes, in pieces that follow one another.
  let pieces: [ArrayData]
  /// The number of bytes.
  let byteCount: Int

  /// A file of the bytes of these arrays, one after another; they are not copied.
  init(name: String, pieces: [ArrayData], isDeflated: Bool) {
    self.name = name
    self.pieces = pieces
    self.isDeflated = isDeflated
    byteCount = pieces.reduce(0) { $0 + $1.byteCount }
  }

  /// A file of these bytes.
  public init(name: String, bytes: [UInt8], isDeflated: Bool = true) {
    self.init(name: name, pieces: [ArrayData(bytes)], isDeflated: isDeflated)
  }

  /// Copies the bytes from `offset` on to all of `destination`; there must be as many.
  func copyBytes(from offset: Int, to destination: UnsafeMutableRawBufferPointer) {
    var start = offset
    var free = destination[...]
    for piece in pieces {
      if start < piece.byteCount {
        let count = min(piece.byteCount - start, free.count)
        piece.withUnsafeBytes { bytes in
          UnsafeMutableRawBufferPointer(rebasing: free.prefix(count))
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
        }
        free = free.dropFirst(count)
      }
      start = max(0, start - piece.byteCount)
    }
    precondition(free.isEmpty, "only bytes that are there can be copied")
  }
}
