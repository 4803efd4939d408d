import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Sets of options that together have everything on that training can do.
struct TrainingSettings: Sendable, CustomTestStringConvertible {
  var name: String
  var change: @Sendable (inout TrainingOptions) -> Void
  var testDescription: String { name }

  init(_ name: String, _ change: @escaping @Sendable (inout TrainingOptions) -> Void) {
    self.name = name
    self.change = change
  }

  static let all = [
    TrainingSettings("InfoNCE, AdamW, cosine, average, mixed") {
      $0.loss = .infoNCE
      $0.excludesSameImage = true
      $0.normalizeImages = true
      $0.adam = .decoupled
      $0.weightDecay = 0.1
      $0.rateSchedule = .cosine
      $0.warmup = 0.6
      $0.averageDecay = 0.9
      $0.batching = .mixed
      $0.patience = 100
      $0.bidirectional = true
      $0.pooling = .mean
      $0.dropoutWords = 0.2
      $0.dropoutOutput = 0.1
      $0.dropoutFeatures = 0.1
    },
    TrainingSettings("sigmoid, Adam, steps, mixed in chunks, bfloat16") {
      $0.loss = .sigmoid
      $0.excludesSameImage = true
      $0.normalizeImages = true
      $0.adam = .standard
      $0.rateSchedule = .step
      $0.learningRateDecay = 1
      $0.averageDecay = 0.5
      $0.batching = .mixed
      $0.chunkSize = 2
      $0.precision = .bfloat16
      $0.layers = 2
      $0.pooling = .generalized
      $0.dropoutLayers = 0.1
      $0.wordDropout = 0.1
      $0.featureNoise = 0.1
    },
    TrainingSettings("hardest negatives, equal lengths by tokens in chunks") {
      $0.loss = .max
      $0.excludesSameImage = true
      $0.hardNegativeWarmup = 1
      $0.batchTokens = 40
      $0.chunkSize = 5
      $0.warmup = 1.5
      $0.validatesEachEpoch = true
    },
  ]

  func training() throws -> ToyTraining {
    var training = try ToyTraining()
    change(&training.options)
    return training
  }
}
