internal import DataFormats

/// The photos in a folder and the folders below it, as `PhotoNaming` tells them, in the order of their names' bytes.
package struct PhotoFolder: Sendable {
  package let path: String
  package let names: [PhotoName]
  /// The path of each below the folder: what the disk calls it, white space at its ends included.
  package let files: [String]

  /// Looks at the names only; names that could not be written into a list are no photos.
  package init(path: String) throws(PreparationError) {
    self.path = path
    let photos = try Self.files(in: path)
      .filter { PhotoNaming.endings.contains(PhotoNaming.ending(of: $0)) }
      .compactMap { file in (try? PhotoName(file.utf8)).map { (name: $0, file: file) } }
    names = photos.map { $0.name }
    files = photos.map { $0.file }
  }

  /// The paths of the files in a folder and the folders below it, relative to it, in the order of their bytes.
  static func files(in path: String) throws(PreparationError) -> [String] {
    switch FileKind(path: path) {
    case .folder: break
    case .missing: throw .file(.notFound(path: path))
    default: throw .wrongKindOfPath(path: path, expected: "a folder")
    }
    do { return try PhotoNaming.files(below: path) } catch { throw .file(error) }
  }
}

extension CaptionReader {
  /// Reads the captions of a folder, a .txt of the same name for each photo, a caption a line.
  mutating func readFolder(_ path: String, tokenization: CaptionTokenization) throws(PreparationError) {
    let photos: PhotoFolder
    if let given = self.photos { photos = given } else { photos = try PhotoFolder(path: path) }
    let photosOfStem = Dictionary(grouping: photos.names, by: \.stem)
    let texts = try PhotoFolder.files(in: path).filter { PhotoNaming.ending(of: $0) == "txt" }
    for text in texts {
      let file = path + "/" + text
      let candidates = photosOfStem[Array(text.utf8)[...].stem] ?? []
      guard let photo = candidates.first else {
        textsWithoutPhoto.append(try name(text.utf8, file: path, place: "its files"))
        continue
      }
      guard candidates.count == 1 else {
        throw .twoPhotos(first: photo, second: candidates[1], text: text)
      }
      let image = collection.insert(photo).number
      let bytes = try textFile(file, holding: .captionSource)
      try withoutByteOrderMark(bytes, path: file).forEachLine { _, line in
        if !line.trimmed.isEmpty { collection.add(line, to: image, tokenization) }
      }
    }
  }
}
