internal import DataFormats

extension PhotoList {
  /// The photos at `paths`: files as they are given, and of folders what `PhotoNaming` says.
  ///
  /// Of a single folder, names are relative to it; otherwise they are paths as given.
  public init(paths: [String]) throws(PhotoListError) {
    let entries = try Self.entries(atPaths: paths)
    // Of a folder, what no list can hold is left out; a file that was given itself is refused.
    let unlistable = entries.filter { Self.hasLineBreak($0.name) && !paths.contains($0.path) }.map(\.path)
    let left = Set(unlistable)
    try self.init(entries.filter { !left.contains($0.path) }, unlistable: unlistable)
  }

  /// The photos at `paths`, whatever their names: for those who keep no list of them.
  ///
  /// - Throws: `PhotoListError` also where there is none.
  public static func entries(atPaths paths: [String]) throws(PhotoListError) -> [Entry] {
    var entries: [Entry] = []
    for path in paths {
      switch FileKind(path: path) {
      case .missing: throw .unreadable(.notFound(path: path))
      case .folder:
        let names: [String]
        do { names = try PhotoNaming.photos(below: path) } catch { throw .unreadable(error) }
        guard !names.isEmpty else { throw .noPhotos(folder: path) }
        let folder = path.hasSuffix("/") ? path : path + "/"
        entries += names.map { Entry(name: paths.count == 1 ? $0 : folder + $0, path: folder + $0) }
      default: entries.append(Entry(name: path, path: path))
      }
    }
    guard !entries.isEmpty else { throw .nothing }
    return entries
  }

  /// The photos that the file or pipe `list` names, as of a text.
  public init(list: String, base: String?) throws(PhotoListError) {
    let (bytes, code) = OpenFile.contents(of: list, limit: Self.listLimit)
    guard code == 0 else { throw .unreadable(FileError(code: code, path: list, operation: .open)) }
    try self.init(text: bytes, path: list, base: base)
  }

  /// More than the names of all photos of the largest collections take.
  private static let listLimit = 1 << 30

  /// The photos that a text names, one a line, in the folder `base`; empty lines are left out, and so are white space
  /// at the end of lines and the byte order mark that some programs write.
  ///
  /// Whether the files are there is seen when they are read. Errors call the text `path`.
  public init(text bytes: [UInt8], path: String, base: String?) throws(PhotoListError) {
    let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    guard let text = String(validating: rest, as: UTF8.self) else { throw .notText(path: path) }
    let names = text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
      .map { String(decoding: Self.trimmed($0), as: UTF8.self) }.filter { !$0.isEmpty }
    let folder = base.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
    try self.init(
      names.map { Entry(name: $0, path: $0.hasPrefix("/") ? $0 : folder + $0) }, unlistable: [],
      listPath: path)
  }

  /// The line without spaces and tabs at its end: a photo's name may begin with them, but it ends with that of its
  /// format.
  private static func trimmed(_ line: Substring.UTF8View) -> Substring.UTF8View {
    var result = line
    while let last = result.last, last == 0x20 || last == 0x09 { result.removeLast() }
    return result
  }
}
