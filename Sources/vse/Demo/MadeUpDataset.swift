import DataFormats
import Foundation
import Tensors
import VisualSemanticEmbedding

/// A small dataset of a made-up world, always the same: scenes, sentences about them, and as features a fixed
/// random projection of a scene's attributes with noise.
struct MadeUpDataset {
  static let captionsPerImage = 5
  static let featureWidth = 256
  static let imageCounts: KeyValuePairs<Dataset.Split, Int> = [.train: 600, .dev: 100, .test: 100]
  private static let noise: Float = 2

  private var generator = SeededRandomNumberGenerator(seed: 2014)
  private let projection: [[Float]]
  /// No scene stands in two splits.
  private var seen: Set<MadeUpScene> = []

  init() {
    var generator = generator
    projection = (0..<MadeUpScene.attributeCount).map { _ in
      (0..<Self.featureWidth).map { _ in generator.normal() }
    }
    self.generator = generator
  }

  /// Writes the three splits into a folder that exists.
  static func write(to folder: String) throws {
    var dataset = MadeUpDataset()
    for (split, images) in imageCounts { try dataset.write(split, images: images, to: folder) }
  }

  private mutating func write(_ split: Dataset.Split, images: Int, to folder: String) throws {
    var captions = ""
    let features = try NumpyRowWriter(
      path: "\(folder)/\(split.rawValue)_ims.npy", rowCount: images, columnCount: Self.featureWidth)
    for _ in 0..<images {
      let scene = newScene()
      for _ in 0..<Self.captionsPerImage { captions += scene.caption(using: &generator) + "\n" }
      try features.append(self.features(of: scene))
    }
    try features.finish()
    try Data(captions.utf8).write(
      to: URL(fileURLWithPath: "\(folder)/\(split.rawValue)_caps.txt"), options: .atomic)
  }

  private mutating func newScene() -> MadeUpScene {
    while true {
      let scene = MadeUpScene(using: &generator)
      if seen.insert(scene).inserted { return scene }
    }
  }

  /// The sum of the projections of the scene's attributes, and noise, to unit norm.
  private mutating func features(of scene: MadeUpScene) -> [Float] {
    let features = Matrix(rows: 1, columns: Self.featureWidth)
    for column in 0..<features.columns {
      features[0, column] = Self.noise * generator.normal()
      for attribute in scene.attributes { features[0, column] += projection[attribute][column] }
    }
    features.normalizeRows()
    return features.values
  }
}
