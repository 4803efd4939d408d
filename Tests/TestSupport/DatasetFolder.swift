internal import DataFormats
internal import Foundation

/// A dataset in a temporary folder, removed with this object.
public final class DatasetFolder: Sendable {
  public let folder: TemporaryFolder

  public init() throws { folder = try TemporaryFolder() }

  public var path: String { folder.url.path }

  /// Writes PREFIX + SPLIT_caps.txt and PREFIX + SPLIT_ims.npy, and the identifiers where there are any.
  public func write(
    _ split: String, prefix: String = "toy_", captions: [String], features: [[Float]],
    identifiers: [String]? = nil
  ) throws {
    func text(_ lines: [String]) -> [UInt8] { lines.flatMap { Array($0.utf8) + [10] } }
    _ = try folder.write(text(captions), to: "\(prefix)\(split)_caps.txt")
    let shape = [features.count, features.first?.count ?? 0]
    try NumpyArray.write(
      ArrayData(features.flatMap { $0 }, shape: shape), to: folder.path("\(prefix)\(split)_ims.npy"))
    if let identifiers { _ = try folder.write(text(identifiers), to: "\(prefix)\(split)_ids.txt") }
  }

  /// What `writeToy` writes.
  public struct Toy: Sendable {
    public var images = 30
    public var captionsPerImage = 3
    public var imageDim = 12
    /// A row of features for each caption rather than for each image.
    public var hasRowForEachCaption = false
    public var seed: UInt64 = 1

    public init(images: Int = 30, imageDim: Int = 12, hasRowForEachCaption: Bool = false, seed: UInt64 = 1) {
      self.images = images
      self.imageDim = imageDim
      self.hasRowForEachCaption = hasRowForEachCaption
      self.seed = seed
    }
  }

  /// A split that can be learned: captions of one to five of an image's words, features that sum theirs.
  public func writeToy(_ split: String, _ toy: Toy = Toy(), prefix: String = "toy_") throws {
    var generator = SeededGenerator(seed: toy.seed)
    func uniform() -> Float { Float(generator.next() >> 40) * 0x1p-23 - 1 }
    var meaning = SeededGenerator(seed: 99)
    let vectors = (0..<20).map { _ in
      (0..<toy.imageDim).map { _ in Float(meaning.next() >> 40) * 0x1p-23 - 1 }
    }
    var captions: [String] = []
    var features: [[Float]] = []
    for _ in 0..<toy.images {
      let words = (0..<4).map { _ in Int(generator.next() % 20) }
      let row = (0..<toy.imageDim).map { column in
        words.reduce(0.1 * uniform()) { $0 + vectors[$1][column] }
      }
      for _ in 0..<toy.captionsPerImage {
        let length = 1 + Int(generator.next() % 5)
        captions.append(
          (0..<length).map { _ in "word\(words[Int(generator.next() % 4)])" }.joined(separator: " "))
        if toy.hasRowForEachCaption { features.append(row) }
      }
      if !toy.hasRowForEachCaption { features.append(row) }
    }
    try write(split, prefix: prefix, captions: captions, features: features)
  }

  /// Train, dev and test splits.
  public static func toy(_ toy: Toy = Toy()) throws -> DatasetFolder {
    let dataset = try DatasetFolder()
    for (index, split) in ["train", "dev", "test"].enumerated() {
      var part = toy
      part.seed = toy.seed &* 3 &+ UInt64(index)
      if split != "train" { part.images = max(2, toy.images / 3) }
      try dataset.writeToy(split, part)
    }
    return dataset
  }
}
