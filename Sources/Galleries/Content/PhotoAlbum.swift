package import VisualSemanticEmbedding

/// The photos of a page, each made into a thumbnail at most once.
package struct PhotoAlbum {
  private let finder: PhotoFinder?
  private let maker: any ThumbnailMaker
  private var photos: [Int: GalleryPhoto] = [:]
  /// Those of the photos that were asked for that are not to be seen, in the order of their numbers.
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

  /// Photos in the folder of `finder`, or where there is none at the paths that they are named by.
  package init(finder: PhotoFinder?, maker: any ThumbnailMaker) {
    self.finder = finder
    self.maker = maker
  }

  /// The photo of an image of a dataset, by its number, from 0 on.
  /// - Throws: what `maker` throws about all photos.
  package mutating func photo(ofImage image: Int, names: ImageNames) throws -> GalleryPhoto {
    guard let name = names.names[image] else {
      return remember(
        GalleryPhoto(
          number: image, name: "image \(image + 1)",
          picture: .missing("line \(image + 1) of the list is no name of a photo")))
    }
    return try photo(number: image, name: name.description, shownAs: name.description)
  }

  /// A photo by its number and its name.
  /// - Throws: what `maker` throws about all photos.
  package mutating func photo(number: Int, name: String, shownAs title: String) throws -> GalleryPhoto {
    if let photo = photos[number] { return photo }
    let picture: GalleryPhoto.Picture
    do {
      picture = .thumbnail(try maker.thumbnail(ofPhotoAt: try path(of: name)))
    } catch let failure as ThumbnailFailure {
      picture = .missing(failure.reason)
    }
    return remember(GalleryPhoto(number: number, name: title, picture: picture))
  }

  private mutating func remember(_ photo: GalleryPhoto) -> GalleryPhoto {
    photos[photo.number] = photo
    return photo
  }

  private func path(of name: String) throws(ThumbnailFailure) -> String {
    guard let finder else { return name }
    let photo: PhotoName
    do { photo = try PhotoName(name.utf8) } catch {
      throw ThumbnailFailure(reason: "its name \(error.rawValue)")
    }
    do { return try finder.path(of: photo) } catch {
      throw ThumbnailFailure(reason: "the name could be that of several photos")
    }
  }
}
