internal import Tensors

/// Which images of a collection go into a dataset, and in which order.
package struct ImageSelection: Sendable {
  /// The images of each split, by their numbers in the collection.
  package enum Images: Sendable, Equatable {
    case decided([Dataset.Split: [Int]])
    /// To be drawn from.
    case undecided([Int], RandomSplits)
  }

  package private(set) var images: Images
  /// Images with captions that no split takes.
  package private(set) var inNoSplit = 0
  /// Names on a list that have no caption in the source.
  package private(set) var listedWithoutCaption: [PhotoName] = []
  /// Names that stand on a list twice, which count once.
  package private(set) var listedTwice: [PhotoName] = []

  /// Applies a rule, except for what chance decides.
  /// - Throws: `PreparationError` when a list cannot be read or an image is on two of them.
  package init(
    _ collection: CaptionCollection, rule: SplitRule, restval: RestvalUse
  ) throws(PreparationError) {
    switch rule {
    case .lists(let files):
      images = .decided([:])
      try take(lists: files, from: collection)
    case .source where collection.hasSplits:
      var splits: [Dataset.Split: [Int]] = [:]
      for (number, image) in collection.images.enumerated() {
        if let split = image.split?.split(restval: restval) {
          splits[split, default: []].append(number)
        } else {
          inNoSplit += 1
        }
      }
      images = .decided(splits)
    case .source(let random), .random(let random):
      images = .undecided(Array(collection.images.indices), random)
    }
  }

  private mutating func take(
    lists files: [Dataset.Split: String], from collection: CaptionCollection
  ) throws(PreparationError) {
    var splits: [Dataset.Split: [Int]] = [:]
    var places: [PhotoName: (split: Dataset.Split, place: String)] = [:]
    var numberOfStem: [ArraySlice<UInt8>: Int] = [:]
    for split in Dataset.Split.allCases {
      guard let file = files[split] else { continue }
      let bytes = try textFile(file, holding: .photoNames)
      try withoutByteOrderMark(bytes, path: file).forEachLine { (line, text) throws(PreparationError) in
        guard !text.trimmed.isEmpty else { return }
        let listed = try CaptionReader().name(text, file: file, place: "line \(line)")
        var number = collection.number(of: listed)
        if number == nil {
          // Flickr30k's lists leave the extension out.
          if numberOfStem.isEmpty { numberOfStem = Self.numbersOfStems(collection) }
          number = numberOfStem[listed.bytes[...]]
        }
        let name = number.map { collection.images[$0].name } ?? listed
        if let (other, place) = places.updateValue((split, "\(file), line \(line)"), forKey: name) {
          guard other == split else {
            throw .inTwoSplits(
              name: name, first: other, second: split, places: [place, "\(file), line \(line)"])
          }
          listedTwice.append(name)
        } else if let number {
          splits[split, default: []].append(number)
        } else {
          listedWithoutCaption.append(name)
        }
      }
    }
    images = .decided(splits)
    inNoSplit = collection.images.count - splits.values.reduce(0) { $0 + $1.count }
  }

  /// Images by their names without extensions, where these tell them apart.
  private static func numbersOfStems(_ collection: CaptionCollection) -> [ArraySlice<UInt8>: Int] {
    let stems = collection.images.enumerated().map { ($1.name.stem, $0) }
    var shared: Set<ArraySlice<UInt8>> = []
    var numbers = Dictionary(stems) { first, _ in first }
    for (stem, number) in stems where numbers[stem] != number { shared.insert(stem) }
    for stem in shared { numbers[stem] = nil }
    return numbers
  }

  /// All images that a split takes or may take.
  package var candidates: [Int] {
    switch images {
    case .decided(let splits): Dataset.Split.allCases.flatMap { splits[$0] ?? [] }
    case .undecided(let images, _): images
    }
  }

  /// The splits, with only those images that are `complete`; chance decides where it has to.
  ///
  /// The images of a random split keep their order.
  /// - Throws: `PreparationError` when they are too few for the sizes.
  package func splits(complete: (Int) -> Bool) throws(PreparationError) -> [Dataset.Split: [Int]] {
    switch images {
    case .decided(let splits): return splits.mapValues { $0.filter(complete) }
    case .undecided(let images, let random): return try random.splits(images.filter(complete))
    }
  }
}

extension RandomSplits {
  /// Deals images out.
  fileprivate func splits(_ images: [Int]) throws(PreparationError) -> [Dataset.Split: [Int]] {
    let (devCount, testCount) = (dev.count(of: images.count), test.count(of: images.count))
    // Neither is beyond the images once the first two conditions hold, so the sum cannot overflow.
    guard devCount < images.count, testCount < images.count, devCount + testCount < images.count else {
      throw .tooFewImages(images: images.count, dev: devCount, test: testCount)
    }
    var generator = SeededRandomNumberGenerator(seed: seed)
    let order = generator.permutation(of: images.count)
    func part(_ range: Range<Int>) -> [Int] { order[range].sorted().map { images[$0] } }
    return [
      .dev: part(0..<devCount), .test: part(devCount..<devCount + testCount),
      .train: part(devCount + testCount..<images.count),
    ]
  }
}
