/// What decides which image goes into which split.
public enum SplitRule: Sendable, Equatable {
  /// The captions' source, or chance where it does not say.
  case source(otherwise: RandomSplits)
  /// A text file for each split, the name of an image a line.
  case lists([Dataset.Split: String])
  /// Chance.
  case random(RandomSplits)
}

extension SplitRule {
  /// The lists, in the order of the splits.
  var lists: [(split: Dataset.Split, file: String)] {
    guard case .lists(let files) = self else { return [] }
    return Dataset.Split.allCases.compactMap { split in files[split].map { (split, $0) } }
  }

  var listFiles: [String] { lists.map { $0.file } }
}

/// Splits drawn at random, by image: dev and test of the given sizes, train the rest.
public struct RandomSplits: Sendable, Equatable {
  /// Images of the development set.
  public var dev: SplitSize
  /// Images of the test set.
  public var test: SplitSize
  /// What all draws follow from.
  public var seed: UInt64

  /// A tenth each, unless said otherwise.
  public init(dev: SplitSize = .share(0.1), test: SplitSize = .share(0.1), seed: UInt64 = 0) {
    self.dev = dev
    self.test = test
    self.seed = seed
  }
}

/// The size of a split.
public enum SplitSize: Sendable, Equatable {
  /// So many images, 0 or more.
  case images(Int)
  /// A share of all images, 0 to 1, and one at least unless it is 0.
  case share(Double)

  /// Takes "1000", "0.1" or "10%".
  public init?(_ text: String) {
    if text.hasSuffix("%") {
      guard let percent = Double(text.dropLast()), (0...100).contains(percent) else { return nil }
      self = .share(percent / 100)
    } else if text.utf8.allSatisfy(\.isDigit), let count = Int(text) {
      self = .images(count)
    } else {
      guard let share = Double(text), (0...1).contains(share) else { return nil }
      self = .share(share)
    }
  }

  func count(of images: Int) -> Int {
    switch self {
    case .images(let count): count
    case .share(0): 0
    case .share(let share): max(1, Int((share * Double(images)).rounded()))
    }
  }
}
