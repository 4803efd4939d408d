internal import Tensors

/// A trained model: encoders with their parameters, and the vocabulary that turns words into tokens.
public final class EmbeddingModel {
  public let network: EmbeddingNetwork
  public let vocabulary: Vocabulary
  /// The options that it was trained with, when they are known.
  public let training: TrainingOptions?

  public init(network: EmbeddingNetwork, vocabulary: Vocabulary, training: TrainingOptions?) {
    precondition(
      vocabulary.embeddingRows == network.configuration.vocabularySize,
      "a row of the embedding for each token")
    self.network = network
    self.vocabulary = vocabulary
    self.training = training
  }

  public var configuration: ModelConfiguration { network.configuration }
}
