package import VisualSemanticEmbedding

/// The photos of a split's images, each made into a thumbnail at most once.
package struct PhotoAlbum {
  private let names: ImageNames
  private let finder: PhotoFinder
  private let maker: any ThumbnailMaker
  private var photos: [Int: GalleryPhoto] = [:]
  /// Those of the photos that were asked for that are not to be seen, in the order of the images.
  package var missing: [Missing] {
    photos.sorted { $0.key < $1.key }.compactMap { _, photo in
      if case .missing(let reason) = photo.picture { Missing(name: photo.name, reason: reason) } else { nil }
    }
  }
  /// How many photos were asked for.
  package var count: Int { photos.count }

  /// A photo that is not to be seen, and why.
  package struct Missing: Sendable, Equatable {
    package let name: String
    package let reason: String
  }

  /// The photos that `names` names, in the folder of `finder`.
  package init(names: ImageNames, finder: PhotoFinder, maker: any ThumbnailMaker) {
    self.names = names
    self.finder = finder
    self.maker = maker
  }

  /// The photo of an image.
  /// - Throws: what `maker` throws about all photos.
  package mutating func photo(ofImage image: Int) throws -> GalleryPhoto {
    if let photo = photos[image] { return photo }
    let photo = try makePhoto(ofImage: image)
    photos[image] = photo
    return photo
  }

  private func makePhoto(ofImage image: Int) throws -> GalleryPhoto {
    guard let name = names.names[image] else {
      return GalleryPhoto(
        name: "image \(image + 1)", picture: .missing("line \(image + 1) of the list is no name of a photo"))
    }
    do {
      let path: String
      do { path = try finder.path(of: name) } catch {
        throw ThumbnailFailure(reason: "the name could be that of several photos")
      }
      let thumbnail = try maker.thumbnail(ofPhotoAt: path)
      return GalleryPhoto(name: name.description, picture: .thumbnail(thumbnail))
    } catch let failure as ThumbnailFailure {
      return GalleryPhoto(name: name.description, picture: .missing(failure.reason))
    }
  }
}
