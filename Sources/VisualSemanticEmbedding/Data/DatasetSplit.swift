/// One split of a dataset: captions, their images, and the images' features.
public struct DatasetSplit: Sendable {
  /// Which split it is.
  public let name: Dataset.Split
  /// The captions, C of them.
  public let captions: CaptionFile
  /// The features, [C, I] or [N, I].
  public let features: FeatureTable
  /// Which captions belong to which of the N images.
  public let grouping: ImageGrouping
  /// Whether the features have a row for each caption rather than for each image.
  public let hasRowForEachCaption: Bool

  /// The row of features of a caption's image.
  public func featureRow(ofCaption caption: Int) -> Int {
    hasRowForEachCaption ? caption : grouping.imageOfCaption[caption]
  }

  /// The row of features of an image.
  public func featureRow(ofImage image: Int) -> Int {
    hasRowForEachCaption ? grouping.firstCaption(ofImage: image) : image
  }

  /// Opens a split from its files; `identifiers` names the image of each caption, a line a caption, and `crops`
  /// rows of features follow each other for each image or caption.
  ///
  /// Without identifiers captions are grouped by position: the same number for each row of features, or,
  /// with a row of features for each caption, runs of equal neighbouring rows.
  /// - Throws: an error that names the file, when one is missing or broken or when they do not match.
  public init(
    name: Dataset.Split, captions captionPath: String, features featurePath: String, identifiers: String?,
    crops: Int = 1
  ) throws {
    let captions = try CaptionFile(contentsOf: captionPath)
    let features = try FeatureTable(path: featurePath, crops: crops)
    self.name = name
    self.captions = captions
    self.features = features
    if let identifiers {
      grouping = try ImageGrouping(
        identifierFile: identifiers, captionCount: captions.count, captionFile: captionPath)
      hasRowForEachCaption = features.rowCount == captions.count
      guard hasRowForEachCaption || features.rowCount == grouping.imageCount else {
        throw DatasetError.rowsDoNotMatch(
          captions: captions.count, captionFile: captionPath, images: grouping.imageCount,
          rows: features.rowCount, featureFile: featurePath)
      }
    } else if features.rowCount == captions.count {
      grouping = try Self.groupingByRuns(captions: captions, features: features)
      hasRowForEachCaption = true
    } else {
      grouping = try ImageGrouping(
        captionCount: captions.count, captionFile: captionPath, imageRowCount: features.rowCount,
        imageFile: featurePath)
      hasRowForEachCaption = false
    }
  }

  /// Runs of equal neighbouring rows. Where all runs are multiples of the shortest, that many captions
  /// belong to each image: two different photos that stand side by side may share their features. A run of
  /// one says nothing, as every length is a multiple of it.
  private static func groupingByRuns(captions: CaptionFile, features: FeatureTable) throws -> ImageGrouping {
    let byRuns = ImageGrouping(captionCount: captions.count) { features.rowsAreEqual($0 - 1, $0) }
    let lengths = (0..<byRuns.imageCount).map { byRuns.captions(ofImage: $0).count }
    guard let shortest = lengths.min(), shortest > 1, lengths.allSatisfy({ $0 % shortest == 0 }) else {
      return byRuns
    }
    return try ImageGrouping(
      captionCount: captions.count, captionFile: captions.path, captionsPerImage: shortest)
  }
}
