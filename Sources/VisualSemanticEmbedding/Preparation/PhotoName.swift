/// The name of a photo as caption files give it: a file name or a path below a folder, compared byte for byte.
///
/// It is opened below the folder of photos and written into lists of a name a line, so it has no control
/// characters, does not begin with a slash and does not go up.
public struct PhotoName: Hashable, Sendable {
  /// The bytes of the name, without white space at both ends.
  public let bytes: [UInt8]

  /// Takes `bytes` for a name, without the white space at both ends.
  /// - Throws: `Refusal` when they cannot be one.
  public init(_ bytes: some Collection<UInt8>) throws(Refusal) {
    let name = Array(bytes).trimmed
    guard !name.isEmpty else { throw .empty }
    guard name.count <= 4096 else { throw .tooLong }
    guard !name.contains(where: \.isControl) else { throw .controlCharacter }
    let components = name.split(separator: .slash, omittingEmptySubsequences: false)
    guard !components[0].isEmpty, !components.contains(where: { $0.elementsEqual("..".utf8) }) else {
      throw .outsideFolder
    }
    self.bytes = Array(name)
  }

  /// Why bytes are no name.
  public enum Refusal: String, Error, Sendable {
    /// There is no name.
    case empty = "is empty"
    /// It is longer than any path.
    case tooLong = "is longer than 4096 bytes"
    /// It would break a line of a list.
    case controlCharacter = "has a control character"
    /// It is absolute, or goes up by `..`.
    case outsideFolder = "leads out of the folder of photos"
  }

  /// The bytes before the last dot of the last component, or all of them where it has none.
  var stem: ArraySlice<UInt8> { bytes[...].stem }
}

extension PhotoName: CustomStringConvertible {
  /// The name for display, what is no UTF-8 replaced by U+FFFD.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension PhotoName: Encodable {
  /// Encodes the description.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
