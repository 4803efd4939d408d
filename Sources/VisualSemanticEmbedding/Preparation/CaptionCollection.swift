/// The images that sources name, each once, with their captions, in the order in which they are first named.
package struct CaptionCollection: Sendable {
  /// An image of a source.
  package struct Image: Sendable {
    package let name: PhotoName
    /// The captions, with words, as they go into a dataset.
    package internal(set) var captions: [[UInt8]] = []
    /// Where the source puts it.
    package internal(set) var split: SourceSplit?
  }

  /// What a source says that an image is for.
  package enum SourceSplit: Sendable, Equatable {
    case split(Dataset.Split)
    /// Karpathy's: images of COCO's validation part that are neither in dev nor in test.
    case restval
  }

  package private(set) var images: [Image] = []
  /// Captions without a word, which are left out.
  package private(set) var emptyCaptions = 0
  /// Images that a source lists twice as such, once for each time beyond the first.
  package internal(set) var repeatedImages: [PhotoName] = []
  private var numbers: [PhotoName: Int] = [:]

  package init() {}

  /// The number of captions with words.
  package var captionCount: Int { images.reduce(0) { $0 + $1.captions.count } }

  /// Whether a source has splits of its own.
  package var hasSplits: Bool { images.contains { $0.split != nil } }

  /// The number of the image of this name, if it is there.
  package func number(of name: PhotoName) -> Int? { numbers[name] }

  /// The number of the image of this name, which is added unless it is there.
  mutating func insert(_ name: PhotoName) -> (number: Int, isNew: Bool) {
    if let number = numbers[name] { return (number, false) }
    numbers[name] = images.count
    images.append(Image(name: name))
    return (images.count - 1, true)
  }

  /// Adds a caption, unless it has no word.
  mutating func add(_ caption: ArraySlice<UInt8>, to image: Int, _ tokenization: CaptionTokenization) {
    let text = tokenization.apply(to: caption)
    if text.isEmpty {
      emptyCaptions += 1
    } else {
      images[image].captions.append(text)
    }
  }

  /// Puts an image into a split; throws when it is in another.
  mutating func assign(
    _ split: SourceSplit, to image: Int, restval: RestvalUse, place: String
  ) throws(PreparationError) {
    guard let present = images[image].split, present != split else {
      images[image].split = split
      return
    }
    // Two that come to the same are no contradiction.
    guard let first = present.split(restval: restval), let second = split.split(restval: restval),
      first != second
    else { return }
    throw .inTwoSplits(name: images[image].name, first: first, second: second, places: [place])
  }

  /// Removes captions that repeat an earlier one of their image.
  mutating func removeRepeatedCaptions() {
    for index in images.indices {
      var seen: Set<[UInt8]> = []
      images[index].captions.removeAll { !seen.insert($0).inserted }
    }
  }
}

/// What becomes of Karpathy's split `restval`.
public enum RestvalUse: String, Codable, Sendable, CaseIterable {
  /// It is trained on, as most published figures have it.
  case train
  /// It is left out.
  case omit
}

extension CaptionCollection.SourceSplit {
  /// The names that sources have, in small letters or capitals.
  init?(_ name: String) {
    switch name.lowercased() {
    case "train", "training": self = .split(.train)
    case "dev", "val", "valid", "validation": self = .split(.dev)
    case "test": self = .split(.test)
    case "restval": self = .restval
    default: return nil
    }
  }

  /// The split of a dataset, or nil where the image is left out.
  func split(restval: RestvalUse) -> Dataset.Split? {
    switch self {
    case .split(let split): split
    case .restval: restval == .train ? .train : nil
    }
  }
}
