import Foundation

/// What a path holds, told by its first bytes and not by its name.
public enum FileKind: Sendable, Equatable {
  case missing
  case folder
  /// A pipe, a socket or a device.
  case special
  case empty
  case numpy
  /// A length and the brace of a JSON header, whether or not the rest is sound.
  case safetensors
  /// A zip archive, as .npz files are.
  case zip
  /// A Python pickle.
  case pickle
  /// What PyTorch saves: a zip archive that begins with its pickle, or the stream format.
  case pytorch
  /// Anything else, also a file that cannot be read.
  case unknown

  /// The beginning of a zip archive that is not empty.
  static let zipMagic: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  /// Looks at the file at `path`; reads at most 512 bytes.
  public init(path: String) {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else {
      self = .missing
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: self = .folder
    case S_IFREG: self = status.st_size == 0 ? .empty : Self(firstBytes: Self.firstBytes(of: path))
    default: self = .special
    }
  }

  private init(firstBytes bytes: [UInt8]) {
    if bytes.starts(with: NumpyHeader.magic) {
      self = .numpy
    } else if bytes.starts(with: Self.zipMagic) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      self = PyTorchFile.isArchive(bytes) ? .pytorch : .zip
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[4..<8].allSatisfy({ $0 == 0 }) {
      self = .safetensors
    } else if PyTorchFile.isStream(bytes) {
      self = .pytorch
    } else if PickleReader.isPickle(bytes) {
      self = .pickle
    } else {
      self = .unknown
    }
  }

  /// The first 512 bytes, fewer where the file has no more or cannot be read.
  private static func firstBytes(of path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }
}
