internal import DataFormats
internal import Foundation

/// The photos in a folder and the folders below it, told by their extensions, in the order of their names' bytes.
package struct PhotoFolder: Sendable {
  package let path: String
  package let names: [PhotoName]

  private static let extensions: Set = [
    "jpg", "jpeg", "jpe", "png", "webp", "gif", "tif", "tiff", "heic", "heif", "avif", "bmp",
  ]

  /// Looks at the names only; names that could not be written into a list are no photos.
  package init(path: String) throws(PreparationError) {
    self.path = path
    names = try Self.files(in: path).filter { Self.extensions.contains($0.fileExtension) }
      .compactMap { try? PhotoName($0.utf8) }.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// The paths of everything below a folder, relative to it.
  static func files(in path: String) throws(PreparationError) -> [String] {
    switch FileKind(path: path) {
    case .folder: break
    case .missing: throw .file(.notFound(path: path))
    default: throw .wrongKindOfPath(path: path, expected: "a folder")
    }
    // Resolved, since what a link leads to would not be looked into.
    let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard FileManager.default.isReadableFile(atPath: folder),
      let files = FileManager.default.enumerator(atPath: folder)
    else { throw .file(.permissionDenied(path: path, operation: .open)) }
    return files.compactMap { $0 as? String }
  }
}

extension String {
  /// What follows the last dot of a path, small.
  var fileExtension: String { (self as NSString).pathExtension.lowercased() }
}

extension CaptionReader {
  /// Reads the captions of a folder, a .txt of the same name for each photo, a caption a line.
  mutating func readFolder(_ path: String, tokenization: CaptionTokenization) throws(PreparationError) {
    let photos: PhotoFolder
    if let given = self.photos { photos = given } else { photos = try PhotoFolder(path: path) }
    var photoOfStem: [ArraySlice<UInt8>: PhotoName] = [:]
    for photo in photos.names {
      if let first = photoOfStem.updateValue(photo, forKey: photo.stem) {
        throw .twoPhotos(
          first: first, second: photo, text: "\(String(decoding: photo.stem, as: UTF8.self)).txt")
      }
    }
    let texts = try PhotoFolder.files(in: path).filter { $0.fileExtension == "txt" }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for text in texts {
      let file = path + "/" + text
      guard let photo = photoOfStem[Array(text.utf8)[...].stem] else {
        textsWithoutPhoto.append(try name(text.utf8, file: path, place: "its files"))
        continue
      }
      let image = collection.insert(photo).number
      let bytes = try textFile(file, holding: .captionSource)
      try withoutByteOrderMark(bytes, path: file).forEachLine { _, line in
        if !line.trimmed.isEmpty { collection.add(line, to: image, tokenization) }
      }
    }
  }
}
