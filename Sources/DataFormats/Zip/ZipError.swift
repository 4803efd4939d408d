public import Foundation

/// Why a zip archive cannot be read or written. Offsets are in bytes from the beginning of the archive.
public enum ZipError: Error, Equatable, Sendable {
  /// The archive cannot be opened, mapped or written.
  case file(FileError)
  /// Neither the beginning nor the end are those of a zip archive.
  case notZip(path: String)
  /// The archive does not end with the record that says where its directory is.
  case noEndRecord(path: String)
  /// Two records could be the archive's last, so that two programs may see different contents.
  case ambiguousEnd(path: String, offset: Int)
  /// The archive is one part of several.
  case severalParts(path: String, offset: Int)
  /// The directory is not what it should be.
  case malformedDirectory(path: String, offset: Int, expected: String)
  /// Two entries have one name.
  case duplicateName(path: String, offset: Int, entry: String)
  /// An entry's own header says something else than the directory.
  case headerMismatch(path: String, offset: Int, entry: String, expected: String)
  /// An entry begins before the one in front of it ends.
  case overlapping(path: String, offset: Int, entry: String)
  /// An entry is said to have more bytes than its packed bytes can give.
  case impossibleSize(path: String, entry: String, compressed: Int, uncompressed: Int)
  /// An entry is packed with a method other than stored and deflated.
  case unsupportedMethod(path: String, entry: String, method: Int)
  /// An entry can only be read with a password.
  case encrypted(path: String, entry: String)
  /// An entry has more bytes than the reader wants.
  case tooLarge(path: String, entry: String, size: Int, limit: Int)
  /// The packed bytes of an entry are damaged, or give more or fewer bytes than the directory says.
  case damagedEntry(path: String, entry: String)
  /// The unpacked bytes of an entry are not those that were packed.
  case wrongChecksum(path: String, entry: String)
  /// There is not enough memory to unpack an entry, or to write an archive.
  case outOfMemory(path: String, entry: String?)
  /// libzip fails for a reason of its own to unpack an entry, or to write an archive.
  case failed(path: String, entry: String?)
  /// A name given to the writer is used twice, or none that an archive can have.
  case unusableName(path: String, entry: String)
}

extension ZipError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .notZip(let path): "\(quoted(path)) is no zip archive; check the path"
    case .noEndRecord(let path):
      "\(quoted(path)) does not end as a zip archive does: it is cut short or has other bytes behind it; get it again"
    case .ambiguousEnd(let path, let offset):
      "\(quoted(path)), offset \(offset): a second record of an archive's end; pack it again without its comment"
    case .severalParts(let path, let offset):
      "\(quoted(path)), offset \(offset): the archive is one part of several; join them first (zip -s 0)"
    case .malformedDirectory(let path, let offset, let expected):
      "\(quoted(path)), offset \(offset): expected \(expected); the archive is damaged, get it again"
    case .duplicateName(let path, let offset, let entry):
      "\(quoted(path)), offset \(offset): a second entry \(Self.name(entry)); pack the archive again"
    case .headerMismatch(let path, let offset, let entry, let expected):
      "\(quoted(path)), offset \(offset): the header of entry \(Self.name(entry)) does not have \(expected); "
        + "the archive is damaged, get it again"
    case .overlapping(let path, let offset, let entry):
      "\(quoted(path)), offset \(offset): entry \(Self.name(entry)) begins within another one; "
        + "the archive is damaged or made to deceive, get it elsewhere"
    case .impossibleSize(let path, let entry, let compressed, let uncompressed):
      "\(quoted(path)): entry \(Self.name(entry)) cannot have \(uncompressed) bytes packed into \(compressed); "
        + "the archive is damaged or made to deceive, get it elsewhere"
    case .unsupportedMethod(let path, let entry, let method):
      "\(quoted(path)): entry \(Self.name(entry)) is packed with method \(method), expected stored or deflated; "
        + "pack it again"
    case .encrypted(let path, let entry):
      "\(quoted(path)): entry \(Self.name(entry)) is encrypted; unpack it with its password and pack it again"
    case .tooLarge(let path, let entry, let size, let limit):
      "\(quoted(path)): entry \(Self.name(entry)) has \(size) bytes, expected at most \(limit); "
        + "check where the archive is from"
    case .damagedEntry(let path, let entry):
      "\(quoted(path)): entry \(Self.name(entry)) is damaged; get the archive again"
    case .wrongChecksum(let path, let entry):
      "\(quoted(path)): the bytes of entry \(Self.name(entry)) do not have its checksum; get the archive again"
    case .outOfMemory(let path, let entry?):
      "\(quoted(path)): there is not enough memory for entry \(Self.name(entry)); close other programs"
    case .outOfMemory(let path, nil):
      "cannot write \(quoted(path)): there is not enough memory; close other programs"
    case .failed(let path, let entry?):
      "\(quoted(path)): libzip cannot read entry \(Self.name(entry)); pack the archive again"
    case .failed(let path, nil): "cannot write \(quoted(path)): libzip refuses; choose another format"
    case .unusableName(let path, let entry):
      "cannot write \(quoted(path)): the name \(Self.name(entry)) is used twice, empty, too long or has a "
        + "zero byte; choose another"
    }
  }

  private static func name(_ text: String) -> String { quoted(text, limit: 80) }
}
