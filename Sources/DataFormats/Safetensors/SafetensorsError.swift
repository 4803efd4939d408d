public import Foundation

/// Why a safetensors file cannot be read or written. Offsets are in bytes from the beginning of the file.
public enum SafetensorsError: Error, Equatable, Sendable {
  /// The file cannot be opened, mapped or written.
  case file(FileError)
  /// The file ends within its header.
  case truncatedHeader(path: String, missing: UInt64)
  /// The header is said to be longer than the format allows.
  case headerTooLong(path: String, length: UInt64, limit: Int)
  /// The header is not the JSON that it should be.
  case malformedHeader(path: String, offset: Int, expected: String)
  /// A key stands twice in the same object.
  case duplicateKey(path: String, offset: Int, key: String)
  /// A tensor's entry has a key other than `dtype`, `shape` and `data_offsets`.
  case unknownKey(path: String, offset: Int, tensor: String, key: String)
  /// A tensor's entry lacks one of its keys.
  case missingKey(path: String, tensor: String, key: String)
  /// The elements are of a type that is not supported.
  case unknownElementType(path: String, tensor: String, name: String)
  /// The shape has more elements than can be counted.
  case impossibleShape(path: String, tensor: String, shape: [Int])
  /// The data offsets end before they begin, or after the end of the file.
  case offsetsOutOfRange(path: String, tensor: String, begin: Int, end: Int, limit: Int)
  /// The data offsets (or the writer's provider) do not hold as many bytes as the shape needs.
  case wrongByteCount(path: String, tensor: String, expected: Int, found: Int)
  /// The tensor begins within another one, or after a gap.
  case notContiguous(path: String, tensor: String, expected: Int, found: Int)
  /// The file goes on after the last tensor.
  case trailingBytes(path: String, offset: Int, count: Int)
  /// The checksum in the metadata is not one that can be verified.
  case unknownChecksum(path: String)
  /// The bytes of the file are not those that were written.
  case checksumMismatch(path: String, expected: UInt64, found: UInt64)
  /// A name given to the writer is used twice or kept for the format itself.
  case unusableName(path: String, name: String)
  /// The bytes given for the tensors changed while they were written.
  case changedWhileWriting(path: String)
}

extension SafetensorsError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .truncatedHeader(let path, let missing):
      "\(quoted(path)) ends within its header, \(missing) bytes are missing; "
        + "it is cut short or no safetensors file, get it again"
    case .headerTooLong(let path, let length, let limit):
      "\(quoted(path)), offset 0: a header of \(length) bytes, expected at most \(limit); "
        + "it is damaged or no safetensors file"
    case .malformedHeader(let path, let offset, let expected):
      "\(quoted(path)), offset \(offset): expected \(expected); the file is damaged, get it again"
    case .duplicateKey(let path, let offset, let key):
      "\(quoted(path)), offset \(offset): the key \(Self.name(key)) stands twice; save the file again"
    case .unknownKey(let path, let offset, let tensor, let key):
      "\(quoted(path)), offset \(offset): tensor \(Self.name(tensor)) has the unknown key \(Self.name(key)), "
        + "expected 'dtype', 'shape' and 'data_offsets'; save the file again"
    case .missingKey(let path, let tensor, let key):
      "\(quoted(path)): tensor \(Self.name(tensor)) lacks \(quoted(key)); save the file again"
    case .unknownElementType(let path, let tensor, let name):
      "\(quoted(path)): tensor \(Self.name(tensor)) has the unknown type \(Self.name(name)); "
        + "save it as F32, F16 or BF16"
    case .impossibleShape(let path, let tensor, let shape):
      "\(quoted(path)): tensor \(Self.name(tensor)) cannot have the shape \(described(shape)); "
        + "the file is damaged, get it again"
    case .offsetsOutOfRange(let path, let tensor, let begin, let end, let limit):
      "\(quoted(path)): tensor \(Self.name(tensor)) is said to be at \(begin)..<\(end) of \(limit) bytes of data; "
        + "the file is cut short or damaged, get it again"
    case .wrongByteCount(let path, let tensor, let expected, let found):
      "\(quoted(path)): tensor \(Self.name(tensor)) needs \(expected) bytes and has \(found); "
        + "the file is damaged, get it again"
    case .notContiguous(let path, let tensor, let expected, let found):
      "\(quoted(path)): tensor \(Self.name(tensor)) begins at byte \(found) of the data, expected \(expected); "
        + "save the file again without gaps and overlaps"
    case .trailingBytes(let path, let offset, let count):
      "\(quoted(path)) has \(count) bytes too many from offset \(offset), expected its end; get it again"
    case .unknownChecksum(let path):
      "\(quoted(path)): the metadata's checksum is damaged or of an unknown kind, expected 'xxh64'; "
        + "get the file again, or read it without verifying"
    case .checksumMismatch(let path, let expected, let found):
      "\(quoted(path)) is damaged: its checksum is \(ChecksumKeys.text(found)), "
        + "expected \(ChecksumKeys.text(expected)); get it again"
    case .unusableName(let path, let name):
      "cannot write \(quoted(path)): the name \(Self.name(name)) is used twice or reserved; choose another"
    case .changedWhileWriting(let path):
      "cannot write \(quoted(path)): the tensors changed while they were written; write it again"
    }
  }

  private static func name(_ text: String) -> String { quoted(text, limit: 80) }
}
