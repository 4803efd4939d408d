internal import DataFormats
internal import Foundation
internal import ImageFeatures

/// The folder of an index in which photos are that clients have sent, named by what is in them.
struct UploadFolder: Sendable {
  private let folder: String

  /// - Parameter index: the folder of the index.
  init(index: String) { folder = URL(fileURLWithPath: index).standardizedFileURL.path + "/photos" }

  /// Writes a photo unless it is there already, and says where it is.
  func keep(_ bytes: [UInt8]) throws -> (path: String, isNew: Bool) {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var hash = XXHash64()
    hash.update(bytes)
    let name = String(hash.finalized(), radix: 16)
    let ending = PhotoFormat(firstBytes: bytes)?.rawValue ?? "photo"
    // Others can make a file of the same checksum, but not one that takes this one's place.
    var number = 0
    while true {
      let path = "\(folder)/\(name)\(number == 0 ? "" : "-\(number)").\(ending)"
      guard let known = FileManager.default.contents(atPath: path) else {
        let file = try ReplacingFile(path: path)
        try file.write(bytes)
        try file.commit()
        return (path, true)
      }
      if known.elementsEqual(bytes) { return (path, false) }
      number += 1
    }
  }

  /// Removes the file of a photo that was in the folder; any other stays.
  func forget(_ path: String) {
    guard FilePath.folder(of: path) == folder else { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Where the file of a photo of the index is: as the index says, in the folder of photos, or where uploads are now.
  func place(ofPhoto name: String, photoFolder: String?) -> String {
    let path = name.hasPrefix("/") ? name : (photoFolder.map { $0 + "/" } ?? "") + name
    let upload = folder + "/" + FilePath.name(of: name)
    if !FileManager.default.fileExists(atPath: path), FileManager.default.fileExists(atPath: upload) {
      return upload
    }
    return path
  }
}
