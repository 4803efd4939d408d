package import Tensors

/// What training changes at random, so that a model does not lean on single words, features or numbers. Nothing of
/// it acts when encoding and scoring.
package struct TrainingNoise: Sendable, Equatable {
  /// The probability that an element of a word vector is dropped, in 0 ..< 1: the same elements for all occurrences
  /// of the word in the minibatch.
  package var words: Float
  /// That an element of a state is dropped on its way to the layer above.
  package var layers: Float
  /// That an element of a sentence's pooled states is dropped, before they are scaled to unit norm.
  package var output: Float
  /// That an image feature is dropped.
  package var features: Float
  /// The standard deviation of normal noise on the features, in units of the root mean square of an image's.
  package var featureDeviation: Float

  /// Nothing but what is given.
  package init(
    words: Float = 0, layers: Float = 0, output: Float = 0, features: Float = 0, featureDeviation: Float = 0
  ) {
    self.words = words
    self.layers = layers
    self.output = output
    self.features = features
    self.featureDeviation = featureDeviation
  }

  /// Draws what the sentence encoder drops in one pass. What has no part in it draws nothing.
  package func drawSentenceMasks(
    for model: ModelConfiguration, using generator: inout SeededRandomNumberGenerator
  ) -> SentenceMasks {
    var masks = SentenceMasks(words: DropoutMask(rate: words, using: &generator))
    for _ in 1..<model.layers {
      let directions = model.bidirectional ? 2 : 1
      let drawn = (0..<directions).compactMap { _ in DropoutMask(rate: layers, using: &generator) }
      if !drawn.isEmpty { masks.layers.append(drawn) }
    }
    masks.output = DropoutMask(rate: output, using: &generator)
    return masks
  }

  /// Draws what happens to the features of one pass. What has no part in it draws nothing.
  package func drawImageMasks(using generator: inout SeededRandomNumberGenerator) -> ImageMasks {
    let noise = NormalNoise(deviation: featureDeviation, using: &generator)
    return ImageMasks(features: DropoutMask(rate: features, using: &generator), noise: noise)
  }
}

/// What a sentence encoder drops in one minibatch.
package struct SentenceMasks: Sendable, Equatable {
  /// Of the vectors of the distinct words, [U, E].
  package var words: DropoutMask?
  /// Of the states of each layer but the topmost and of each of its directions, [T·B, D]; empty for nothing.
  package var layers: [[DropoutMask]] = []
  /// Of the pooled states, [B, D].
  package var output: DropoutMask?

  /// Nothing.
  package static let none = SentenceMasks()
}

/// What happens to the features of one minibatch, [B, I]: noise first.
package struct ImageMasks: Sendable, Equatable {
  package var features: DropoutMask?
  package var noise: NormalNoise?

  /// Nothing.
  package static let none = ImageMasks()
}
