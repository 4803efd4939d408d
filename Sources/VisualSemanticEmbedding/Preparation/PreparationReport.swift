/// What preparing a dataset found and wrote.
public struct PreparationReport: Encodable, Sendable, Equatable {
  /// The size of a split.
  public struct Split: Encodable, Sendable, Equatable {
    public let images: Int
    public let captions: Int
  }

  /// What decided on the splits.
  public enum SplitOrigin: String, Encodable, Sendable {
    case lists, source, random
  }

  /// The folder of the dataset, and what its files' names begin with.
  public internal(set) var output: String
  public internal(set) var name: String
  /// The splits that were written, by name.
  public internal(set) var splits: [String: Split] = [:]
  public internal(set) var splitOrigin: SplitOrigin
  /// The seed of random splits.
  public internal(set) var seed: UInt64?
  /// The number of features of a row.
  public internal(set) var featureWidth = 0

  /// The files of captions.
  public internal(set) var sources: [CaptionSource] = []
  /// Images that they name, with or without captions, and captions with words.
  public internal(set) var imagesFound = 0
  public internal(set) var captionsFound = 0
  /// Captions without a word, which are left out.
  public internal(set) var emptyCaptions = 0

  /// Images left out as they have no caption, no photo, or no features.
  public internal(set) var imagesWithoutCaption: [PhotoName] = []
  public internal(set) var imagesWithoutPhoto: [PhotoName] = []
  public internal(set) var imagesWithoutFeatures: [PhotoName] = []
  /// Images left out as their photos could not be read when features were computed.
  public internal(set) var unreadablePhotos: [UnreadablePhoto] = []
  /// Photos, texts and rows of features that are no image's.
  public internal(set) var photosWithoutCaption: [PhotoName] = []
  public internal(set) var featuresWithoutCaption: [String] = []
  public internal(set) var textsWithoutPhoto: [PhotoName] = []
  /// Images that the lists or the source put into no split.
  public internal(set) var imagesInNoSplit = 0
  /// Lists of which no image is left, so that there is no such split.
  public internal(set) var listsWithoutImages: [String] = []

  /// Images that a list, the source or the names of features have twice; they count once.
  public internal(set) var imagesListedTwice: [PhotoName] = []
  public internal(set) var featuresListedTwice: [String] = []
  /// Captions that repeat another one of their image, and whether they are left out.
  public internal(set) var repeatedCaptions = 0
  public internal(set) var dropsRepeatedCaptions = false
}
