import Foundation

/// Why a file of PyTorch's cannot be read. Offsets are in bytes from the beginning of the file.
package enum PyTorchError: Error, Equatable, Sendable {
  /// The file cannot be opened or mapped.
  case file(FileError)
  /// The zip archive is damaged.
  case zip(ZipError)
  /// A pickle in it is damaged, or holds what is not understood.
  case pickle(PickleError)
  /// Neither a zip archive nor the stream format.
  case notPyTorch(path: String)
  /// The zip archive has no `data.pkl`, or several.
  case noPickle(path: String)
  /// The stream format has a version other than 1001.
  case unknownVersion(path: String)
  /// The zip archive's `byteorder` is neither little nor big.
  case unknownByteOrder(path: String)
  /// The stream format's fifth pickle is no list of different names.
  case malformedKeys(path: String, offset: Int)
  /// A tensor's storage is not there, or no tensor has the storage that is.
  case missingStorage(path: String, key: String)
  /// A storage has another size than the pickle says.
  case wrongStorageSize(path: String, key: String, expected: Int, found: Int)
  /// The stream format ends within a storage.
  case truncatedStorage(path: String, offset: Int, key: String, missing: Int)
  /// The stream format goes on after the last storage.
  case trailingBytes(path: String, offset: Int, count: Int)
}

extension PyTorchError: CustomStringConvertible, LocalizedError {
  package var errorDescription: String? { description }

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .zip(let error): error.description
    case .pickle(let error): error.description
    case .notPyTorch(let path): "\(quoted(path)) is no file of torch.save; check the path"
    case .noPickle(let path):
      "\(quoted(path)) is a zip archive without exactly one data.pkl, and no file of torch.save; check the path"
    case .unknownVersion(let path):
      "\(quoted(path)) has an unknown version of PyTorch's format, expected 1001; save it again with torch.save"
    case .unknownByteOrder(let path):
      "\(quoted(path)): the entry byteorder is neither little nor big; the file is damaged, get it again"
    case .malformedKeys(let path, let offset):
      "\(quoted(path)), offset \(offset): expected a list of storages' names; the file is damaged, get it again"
    case .missingStorage(let path, let key):
      "\(quoted(path)): storage \(Self.name(key)) is not there or not used; the file is damaged, get it again"
    case .wrongStorageSize(let path, let key, let expected, let found):
      "\(quoted(path)): storage \(Self.name(key)) has the size \(found), expected \(expected); "
        + "the file is damaged, get it again"
    case .truncatedStorage(let path, let offset, let key, let missing):
      "\(quoted(path)), offset \(offset): the file is cut short within storage \(Self.name(key)), "
        + "\(missing) bytes are missing; get it again"
    case .trailingBytes(let path, let offset, let count):
      "\(quoted(path)) has \(count) bytes too many from offset \(offset), expected its end; get it again"
    }
  }

  private static func name(_ text: String) -> String { quoted(text, limit: 80) }
}
