internal import DataFormats

/// Finds photos in a folder by the names that lists give them.
package struct PhotoFinder: Sendable {
  private let folder: String
  private let files: [String]
  private let index: NameIndex

  /// Looks at the names in a folder and the folders below it.
  package init(folder: String) throws(PreparationError) {
    let photos = try PhotoFolder(path: folder)
    self.folder = folder.hasSuffix("/") ? folder : folder + "/"
    files = photos.files
    index = NameIndex(photos.names.map(\.bytes), file: folder)
  }

  /// The path of a photo: that of the file in the folder which the name leads to, as `vse prepare` finds it, or the one
  /// that the name says, whether or not it is there.
  /// - Throws: `PreparationError` when it could be either of two.
  package func path(of name: PhotoName) throws(PreparationError) -> String {
    let place = try index.places(of: [name])[0]
    return folder + (place.map { files[$0] } ?? name.description)
  }
}
