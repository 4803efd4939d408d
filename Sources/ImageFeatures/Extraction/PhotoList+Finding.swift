internal import DataFormats

extension PhotoList {
  /// The photos at `paths`: files as they are given, and of folders what `PhotoNaming` says.
  ///
  /// Of a single folder, names are relative to it; otherwise they are paths as given.
  public init(paths: [String]) throws(PhotoListError) { try self.init(Self.entries(atPaths: paths)) }

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

  /// The photos that a list names, one a line, in the folder `base`; empty lines are left out.
  ///
  /// Whether the files are there is seen when they are read.
  public init(list: String, base: String?) throws(PhotoListError) {
    let bytes: MappedFile
    do { bytes = try MappedFile(path: list) } catch { throw .unreadable(error) }
    let text = bytes.withBytes { String(validating: $0, as: UTF8.self) }
    guard let text else { throw .notText(path: list) }
    let names = text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).compactMap { String($0) }
    let folder = base.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
    try self.init(
      names.map { Entry(name: $0, path: $0.hasPrefix("/") ? $0 : folder + $0) }, listPath: list)
  }
}
