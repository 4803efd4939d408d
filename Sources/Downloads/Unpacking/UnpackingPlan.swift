package import DataFormats

/// What an archive would become, decided before anything is written.
package struct UnpackingPlan: Equatable, Sendable {
  /// A file to be written.
  package struct File: Equatable, Sendable {
    /// Its place among the archive's entries.
    package let entry: Int
    /// Relative to the folder that the archive becomes.
    package let path: String
    package let bytes: Int
  }

  /// In the order of the archive.
  package private(set) var files: [File] = []

  /// The bytes of all files.
  package var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

  private let archive: String
  private let limits: UnpackingLimits
  /// The names taken, as a system that ignores case and spelling of accents would compare them.
  private var taken: [String: (name: String, isFolder: Bool)] = [:]

  /// - Parameters:
  ///   - entries: what the archive's directory lists.
  ///   - archiveBytes: the size of the archive.
  /// - Throws: `UnpackingError` when an entry's name, its kind or all the sizes together are not as an honest
  ///   archive has them.
  package init(
    _ entries: [ZipEntry], archive: String, archiveBytes: Int, limits: UnpackingLimits
  ) throws(UnpackingError) {
    self.archive = archive
    self.limits = limits
    guard entries.count <= limits.entries else {
      throw .tooManyEntries(archive: archive, count: entries.count, limit: limits.entries)
    }
    var named: [(entry: Int, components: [String])] = []
    var total = 0
    for (index, entry) in entries.enumerated() {
      let name = try name(of: entry)
      guard try !isFolder(entry, name), !name.isLitter else { continue }
      try take(name.components, entry)
      total = Self.sum(total, entry.uncompressedSize)
      named.append((index, name.components))
    }
    let allowed = max(limits.freeBytes, Self.product(archiveBytes, limits.ratio))
    guard total <= min(allowed, limits.bytes) else {
      throw .bomb(archive: archive, bytes: total, archiveBytes: archiveBytes)
    }
    let depth = Self.commonDepth(named.map(\.components))
    files = named.map { index, components in
      File(
        entry: index, path: components.dropFirst(depth).joined(separator: "/"),
        bytes: entries[index].uncompressedSize)
    }
  }

  package static func == (a: Self, b: Self) -> Bool { a.files == b.files }

  /// The plan without the files that `isKept` says are there already.
  func dropping(_ isKept: (String) -> Bool) -> Self {
    var plan = self
    plan.files.removeAll { isKept($0.path) }
    return plan
  }

  private func name(of entry: ZipEntry) throws(UnpackingError) -> EntryName {
    do {
      return try EntryName(entry.nameBytes, depth: limits.depth)
    } catch {
      throw .unsafeName(archive: archive, entry: entry.name, reason: error.reason)
    }
  }

  /// Whether an entry is a folder, which is made when a file needs it.
  private func isFolder(_ entry: ZipEntry, _ name: EntryName) throws(UnpackingError) -> Bool {
    let kind = (entry.unixMode ?? 0) & 0o170000
    // Without a mode, or with one that has no type, the slash decides.
    switch (kind, name.isFolder) {
    case (0, false), (0o100000, false): return false
    case (0, true), (0o040000, true): return true
    default: throw .notFile(archive: archive, entry: entry.name)
    }
  }

  /// Notes the file and the folders above it, none of which may be taken for another.
  private mutating func take(_ components: [String], _ entry: ZipEntry) throws(UnpackingError) {
    for count in 1...components.count {
      let path = components.prefix(count).joined(separator: "/")
      let isFolder = count < components.count
      // Strings are equal when their canonical forms are.
      if let other = taken[path.lowercased()] {
        guard isFolder, other.isFolder, other.name == path else {
          throw .clashingNames(archive: archive, entry: entry.name, other: other.name)
        }
      } else {
        taken[path.lowercased()] = (path, isFolder)
      }
    }
  }

  /// How many outermost folders all files have in common.
  private static func commonDepth(_ paths: [[String]]) -> Int {
    guard var common = paths.first?.dropLast() else { return 0 }
    for path in paths {
      common = common.prefix(zip(common, path.dropLast()).prefix { $0.0 == $0.1 }.count)
    }
    return common.count
  }

  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? .max : sum
  }

  private static func product(_ a: Int, _ b: Int) -> Int {
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    return overflows ? .max : product
  }
}
