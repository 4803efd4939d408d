/// A file within a zip archive, as the archive's directory and the file's own header agree on it.
public struct ZipEntry: Sendable, Equatable {
  /// How the bytes of an entry are packed.
  public enum Method: Sendable, Equatable {
    /// As it is.
    case stored
    /// With DEFLATE, the usual way.
    case deflated
    /// Another of the format's methods, by its number; such entries are listed and cannot be read.
    case other(Int)
  }

  /// The bytes of the name, whatever their encoding; none of them is zero.
  public let nameBytes: [UInt8]
  /// How the bytes are packed.
  public let method: Method
  /// Whether a password would be needed; such entries are listed and cannot be read.
  public let isEncrypted: Bool
  /// The number of bytes that the entry takes in the archive.
  public let compressedSize: Int
  /// The number of bytes that it has unpacked.
  public let uncompressedSize: Int
  /// The CRC-32 of its unpacked bytes.
  public let crc32: UInt32
  /// The type and permissions of the file where a Unix system packed it, as in `st_mode`; otherwise nil.
  public let unixMode: UInt32?
  /// Where its packed bytes stand in the archive.
  public let packedRange: Range<Int>

  /// The name as UTF-8, with U+FFFD for bytes that are not.
  public var name: String { String(decoding: nameBytes, as: UTF8.self) }

  /// Whether the entry stands for a folder: the name ends with a slash.
  public var isFolder: Bool { nameBytes.last == UInt8(ascii: "/") }

  /// Whether it can be unpacked here: it is stored or deflated, and not encrypted.
  public var canBeUnpacked: Bool { !isEncrypted && (method == .stored || method == .deflated) }

  /// Where its unpacked bytes stand in the archive; nil unless they are stored as they are.
  public var storedRange: Range<Int>? { method == .stored && !isEncrypted ? packedRange : nil }
}
