/// The name of an archive's entry, taken apart and found to be a plain path below the folder that it is unpacked
/// into, on every system.
package struct EntryName: Equatable, Sendable {
  /// From the outermost folder to the file; none is empty, `.` or `..`.
  package let components: [String]
  /// Whether it ends with a slash, as the names of folders do.
  package let isFolder: Bool

  /// Why a name is not taken.
  package struct Refusal: Error, Equatable, Sendable {
    /// Follows the name in a sentence.
    package let reason: String
  }

  /// Names that Windows takes for devices, whatever their extension.
  private static let devices: Set<String> = [
    "con", "prn", "aux", "nul", "conin$", "conout$", "com0", "com1", "com2", "com3", "com4", "com5", "com6",
    "com7", "com8", "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
  ]

  /// - Throws: `Refusal` when the name could lead out of its folder or to something else than a file on any
  ///   system.
  package init(_ bytes: [UInt8], depth: Int) throws(Refusal) {
    guard let name = String(validating: bytes, as: UTF8.self) else { throw Refusal(reason: "is not UTF-8") }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw Refusal(reason: "has control characters")
    }
    guard !bytes.contains(UInt8(ascii: "\\")) else { throw Refusal(reason: "has a backslash") }
    guard !bytes.contains(UInt8(ascii: ":")) else { throw Refusal(reason: "has a colon or a drive letter") }
    guard bytes.first != UInt8(ascii: "/") else { throw Refusal(reason: "is an absolute path") }
    isFolder = bytes.last == UInt8(ascii: "/")
    // "./a" is how some programs write "a".
    components = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String($0) ?? "" }.filter { $0 != "." }.dropLast(isFolder ? 1 : 0)
    guard !components.contains("..") else { throw Refusal(reason: "leads out of its folder (..)") }
    guard isFolder || !components.isEmpty, !components.contains("") else {
      throw Refusal(reason: "has a part without a name")
    }
    guard components.count <= depth + 1 else { throw Refusal(reason: "is more than \(depth) folders deep") }
    guard components.allSatisfy({ $0.utf8.count <= 255 }) else { throw Refusal(reason: "is too long") }
    guard !components.contains(where: Self.isDevice) else {
      throw Refusal(reason: "is the name of a device on Windows")
    }
  }

  /// Whether this is what macOS puts into archives beside the files.
  var isLitter: Bool { components.first == "__MACOSX" || components.last == ".DS_Store" }

  private static func isDevice(_ component: String) -> Bool {
    let stem = component.prefix { $0 != "." }.lowercased()
    return devices.contains(String(stem.reversed().drop { $0 == " " }.reversed()))
  }
}
