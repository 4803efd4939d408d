internal import DataFormats
internal import Foundation
internal import ImageFeatures

/// The folder of an index in which photos are that clients have sent, named by what is in them.
///
/// Whoever changes it has the right to change the index. A file is written before the catalogue names it and goes after
/// the catalogue has forgotten it: a process that is killed in between leaves a file without an item, never an item
/// without its file, and the next one finds it (`ComputeEngine.removeLeftoverUploads`).
struct UploadFolder: Sendable {
  private let folder: String

  /// - Parameter index: the folder of the index.
  init(index: String) { folder = FilePath.absolute(index) + "/photos" }

  /// Writes a photo unless it is there already, and says where it is.
  func keep(_ bytes: [UInt8]) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let name = Self.checksum(of: bytes)
    let ending = PhotoFormat(firstBytes: bytes)?.rawValue ?? "photo"
    // Others can make a file of the same checksum, but not one that takes this one's place.
    var number = 0
    while true {
      let path = "\(folder)/\(name)\(number == 0 ? "" : "-\(number)").\(ending)"
      guard let known = FileManager.default.contents(atPath: path) else {
        let file = try ReplacingFile(path: path)
        try file.write(bytes)
        try file.commit()
        return path
      }
      if known.elementsEqual(bytes) { return path }
      number += 1
    }
  }

  /// Removes the file of a photo if it is an upload: in this folder, and named by what is in it.
  func forget(_ path: String) {
    guard FilePath.folder(of: path) == folder, let bytes = FileManager.default.contents(atPath: path),
      FilePath.name(of: path).prefix(while: { $0 != "-" && $0 != "." }) == Self.checksum(of: Array(bytes))
    else { return }
    FilePath.remove(path)
  }

  /// The paths of all files.
  func paths() -> [String] { (FilePath.names(in: folder) ?? []).map { folder + "/" + $0 } }

  /// Removes what was being written when its process was killed.
  func removeUnfinished() { ReplacingFile.removeAbandoned(in: folder) }

  /// Where the file of a photo of the index is: as the index says, in the folder of photos, or where uploads are now.
  func place(ofPhoto name: String, photoFolder: String?) -> String {
    let path = name.hasPrefix("/") ? name : (photoFolder.map { $0 + "/" } ?? "") + name
    let upload = folder + "/" + FilePath.name(of: name)
    if !FileManager.default.fileExists(atPath: path), FileManager.default.fileExists(atPath: upload) {
      return upload
    }
    return path
  }

  private static func checksum(of bytes: [UInt8]) -> String {
    var hash = XXHash64()
    hash.update(bytes)
    return String(hash.finalized(), radix: 16)
  }
}
