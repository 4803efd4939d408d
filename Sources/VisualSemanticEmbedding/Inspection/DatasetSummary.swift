internal import DataFormats

/// What the folder of a dataset holds.
public struct DatasetSummary: Sendable, Equatable, Encodable {
  /// The splits that are there.
  public var splits: [SplitSummary]

  /// Opens each split that is there.
  /// - Throws: what `Dataset.open` throws; when no split is there, what it throws for the test split.
  init(folder: String, crops: Int) throws {
    let dataset = Dataset(folder: folder, crops: crops)
    splits = []
    var absence: (any Error)?
    for split in Dataset.Split.allCases {
      do {
        splits.append(try SplitSummary(try dataset.open(split)))
      } catch let error as DatasetError {
        guard case .noSplit = error else { throw error }
        absence = error
      }
    }
    if splits.isEmpty, let absence { throw absence }
  }
}

/// What a split of a dataset holds.
public struct SplitSummary: Sendable, Equatable, Encodable {
  /// Which split it is.
  public var split: Dataset.Split
  /// Captions, those without a word among them.
  public var captions: Int
  /// Captions without a word.
  public var emptyCaptions: Int
  /// Words of all captions.
  public var words: Int
  /// How many of the words differ.
  public var distinctWords: Int
  /// The words of the longest caption.
  public var longestCaption: Int
  /// Images.
  public var images: Int
  /// The fewest captions of an image.
  public var minimumCaptionsPerImage: Int
  /// The most captions of an image.
  public var maximumCaptionsPerImage: Int
  /// Rows of features: one for each image, or one for each caption.
  public var featureRows: Int
  /// The numbers of a row of features, I.
  public var featureWidth: Int
  /// The features' element type, float32 or float16.
  public var featureType: String

  init(_ split: DatasetSplit) throws(VocabularyError) {
    self.split = split.name
    captions = split.captions.count
    emptyCaptions = split.captions.emptyCaptionCount
    words = split.captions.wordCount
    distinctWords = try Vocabulary.build(from: [split.captions], scheme: .kiros).wordCount
    longestCaption = split.captions.lazy.map(\.count).max() ?? 0
    images = split.grouping.imageCount
    let counts = (0..<images).lazy.map { split.grouping.captions(ofImage: $0).count }
    minimumCaptionsPerImage = counts.min() ?? 0
    maximumCaptionsPerImage = counts.max() ?? 0
    featureRows = split.features.rowCount
    featureWidth = split.features.columnCount
    featureType = split.features.elementType.rawValue
  }
}
