internal import DataFormats
internal import Foundation

extension PhotoList {
  /// The photos at `paths`: files as they are given, and of folders all files with the ending of a photo, those in
  /// folders within too, sorted by their bytes; files whose names begin with a dot are left out.
  ///
  /// Of a single folder, names are relative to it; otherwise they are paths as given.
  public init(paths: [String]) throws(PhotoListError) {
    var entries: [Entry] = []
    for path in paths {
      switch FileKind(path: path) {
      case .missing: throw .unreadable(.notFound(path: path))
      case .folder:
        let names = try Self.names(in: path).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !names.isEmpty else { throw .noPhotos(folder: path) }
        let folder = path.hasSuffix("/") ? path : path + "/"
        entries += names.map { Entry(name: paths.count == 1 ? $0 : folder + $0, path: folder + $0) }
      default: entries.append(Entry(name: path, path: path))
      }
    }
    try self.init(entries)
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
    try self.init(names.map { Entry(name: $0, path: $0.hasPrefix("/") ? $0 : folder + $0) })
  }

  /// The names of photos in a folder and those within it, relative to it, in no order.
  ///
  /// Links to folders are not followed, other than `folder` itself: they may lead round in circles.
  private static func names(in folder: String, prefix: String = "") throws(PhotoListError) -> [String] {
    guard let found = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .unreadable(.permissionDenied(path: folder, operation: .open))
    }
    var names: [String] = []
    for name in found where !name.hasPrefix(".") {
      let path = folder + "/" + name
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
        if !isLink { names += try Self.names(in: path, prefix: prefix + name + "/") }
      } else if let dot = name.lastIndex(of: "."),
        PhotoFormat.endings.contains(name[name.index(after: dot)...].lowercased())
      {
        names.append(prefix + name)
      }
    }
    return names
  }
}
