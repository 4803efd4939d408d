/// What preparing a dataset found and wrote.
public struct PreparationReport: Encodable, Sendable, Equatable {
  /// The size of a split.
  public struct Split: Encodable, Sendable, Equatable {
    /// Its images.
    public let images: Int
    /// Its captions.
    public let captions: Int
  }

  /// What decided on the splits.
  public enum SplitOrigin: String, Encodable, Sendable {
    /// Lists of images that were given.
    case lists
    /// The source's own.
    case source
    /// Chance.
    case random
  }

  /// The folder of the dataset.
  public internal(set) var output: String
  /// What the names of its files begin with.
  public internal(set) var name: String
  /// The splits that were written, by name.
  public internal(set) var splits: [String: Split] = [:]
  /// Where the splits come from.
  public internal(set) var splitOrigin: SplitOrigin
  /// The seed of random splits.
  public internal(set) var seed: UInt64?
  /// The number of features of a row.
  public internal(set) var featureWidth = 0

  /// The files of captions.
  public internal(set) var sources: [CaptionSource] = []
  /// Images that they name, with or without captions.
  public internal(set) var imagesFound = 0
  /// Captions with words that they have.
  public internal(set) var captionsFound = 0
  /// Captions without a word, which are left out.
  public internal(set) var emptyCaptions = 0

  /// Images left out as they have no caption.
  public internal(set) var imagesWithoutCaption: [PhotoName] = []
  /// Images left out as their photo is not in the folder of photos.
  public internal(set) var imagesWithoutPhoto: [PhotoName] = []
  /// Images left out as their photo has no features.
  public internal(set) var imagesWithoutFeatures: [PhotoName] = []
  /// Images left out as their photos could not be read when features were computed.
  public internal(set) var unreadablePhotos: [UnreadablePhoto] = []
  /// Photos that no captions name.
  public internal(set) var photosWithoutCaption: [PhotoName] = []
  /// Rows of features that no captions name.
  public internal(set) var featuresWithoutCaption: [String] = []
  /// Texts beside which there is no photo.
  public internal(set) var textsWithoutPhoto: [PhotoName] = []
  /// Images that the lists or the source put into no split.
  public internal(set) var imagesInNoSplit = 0
  /// Lists of which no image is left, so that there is no such split.
  public internal(set) var listsWithoutImages: [String] = []

  /// Images that a list or the source has twice; they count once.
  public internal(set) var imagesListedTwice: [PhotoName] = []
  /// Rows of features whose names stand there twice.
  public internal(set) var featuresListedTwice: [String] = []
  /// Captions that repeat another one of their image.
  public internal(set) var repeatedCaptions = 0
  /// Whether captions that repeat another one of their image were left out.
  public internal(set) var dropsRepeatedCaptions = false
}
