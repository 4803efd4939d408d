internal import Tensors

/// A trained model: encoders with their parameters, and the vocabulary that turns words into tokens.
public final class EmbeddingModel {
  /// The encoders and their parameters.
  public let network: EmbeddingNetwork
  /// The words it knows.
  public let vocabulary: Vocabulary
  /// The options that it was trained with, when they are known.
  public let training: TrainingOptions?
  /// How it scored on the development set when training kept it, when that is known.
  public let validation: ValidationRecord?
  /// The options that another program had trained it with, by their names there, if another did.
  public let originalOptions: [String: OptionValue]?
  /// What is kept of the files of Kiros et al. that it came from, if it did.
  public let kirosPickles: KirosPickles?

  /// A model of a network and a vocabulary with a word vector for each token.
  public init(
    network: EmbeddingNetwork, vocabulary: Vocabulary, training: TrainingOptions? = nil,
    validation: ValidationRecord? = nil, originalOptions: [String: OptionValue]? = nil,
    kirosPickles: KirosPickles? = nil
  ) {
    precondition(
      vocabulary.embeddingRows == network.configuration.vocabularySize,
      "a row of the embedding for each token")
    self.network = network
    self.vocabulary = vocabulary
    self.training = training
    self.validation = validation
    self.originalOptions = originalOptions
    self.kirosPickles = kirosPickles
  }

  /// How the network is built.
  public var configuration: ModelConfiguration { network.configuration }
}
