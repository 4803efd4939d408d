internal import DataFormats
internal import Foundation

/// The names of the photos of a split's images, from a list of a name a line.
package struct ImageNames: Sendable {
  /// The name of each image, N of them; nil where a line is no name of a photo.
  package let names: [PhotoName?]
  /// The list.
  package let path: String

  /// Reads a list with a line for each image of the split, or for each row of its features.
  ///
  /// Throws `ImageNamesError` when there are more or fewer lines, and `PreparationError` when it cannot be read.
  package init(contentsOf path: String, of split: DatasetSplit) throws {
    let lines = try NamedFeatures.names(in: path)
    let images = split.grouping.imageCount
    let rows: [Int]
    if lines.count == images {
      rows = Array(0..<images)
    } else if split.hasRowForEachCaption, lines.count == split.features.rowCount {
      rows = (0..<images).map { split.featureRow(ofImage: $0) }
    } else {
      throw ImageNamesError.countsDiffer(
        names: lines.count, path: path, images: images, captionFile: split.captions.path)
    }
    self.path = path
    names = rows.map { try? PhotoName(lines[$0]) }
  }

  /// Reads the list that `vse prepare` has written beside the split.
  package init(of split: DatasetSplit, in dataset: Dataset) throws {
    let path = try dataset.imageNamesPath(of: split.name)
    guard FileKind(path: path) != .missing else { throw ImageNamesError.noList(path: path) }
    try self.init(contentsOf: path, of: split)
  }
}

/// Why it is not known which photo an image is.
package enum ImageNamesError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  case noList(path: String)
  case countsDiffer(names: Int, path: String, images: Int, captionFile: String)

  package var errorDescription: String? { description }
  package var description: String {
    switch self {
    case .noList(let path):
      "\(quoted(path)) is not there, so that nothing names the photos; give --names FILE, a name a line for each image"
    case .countsDiffer(let names, let path, let images, let captionFile):
      "\(quoted(path)) has \(names) names, but \(quoted(captionFile)) has captions of \(images) images; there must be a "
        + "line for each image"
    }
  }
}
