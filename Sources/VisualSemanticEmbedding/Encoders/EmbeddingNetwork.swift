public import Tensors

/// Both encoders and their parameters: images and sentences into one space.
public final class EmbeddingNetwork {
  /// How the network is built.
  public let configuration: ModelConfiguration
  /// The trained numbers; tell `parametersChanged()` after changing them.
  public let parameters: ParameterSet
  package let sentences: SentenceEncoder
  package let images: ImageProjection
  private let sentenceMemory = SentenceEncoder.Memory()
  private let imageMemory = ImageProjection.Memory()

  /// A network whose parameters are all zero.
  public init(configuration: ModelConfiguration, precision: Precision = .float32) {
    var layout = ParameterLayout()
    self.configuration = configuration
    sentences = SentenceEncoder(configuration, layout: &layout)
    images = ImageProjection(configuration, layout: &layout)
    parameters = ParameterSet(layout: layout)
    parameters.usePrecision(precision)
  }

  /// The names and shapes of the parameters of such a network, without its memory.
  static func layout(of configuration: ModelConfiguration) -> ParameterLayout {
    var layout = ParameterLayout()
    _ = SentenceEncoder(configuration, layout: &layout)
    _ = ImageProjection(configuration, layout: &layout)
    return layout
  }

  /// Draws the parameters as the layout says; the precision is kept.
  public func initialize(using generator: inout SeededRandomNumberGenerator) {
    parameters.initialize(using: &generator)
    parametersChanged()
  }

  /// Must follow every change of `parameters` from outside.
  public func parametersChanged() {
    parameters.usePrecision(parameters.rounded == nil ? .float32 : .bfloat16)
  }

  /// Sentence vectors [B, D] of unit norm, valid until the next call.
  public func sentenceVectors(_ tokens: TokenBatch) -> Matrix {
    sentences.forward(tokens, parameters: parameters, memory: sentenceMemory, keepsActivations: false)
  }

  /// Image vectors [N, D] of unit norm from features [N, I], valid until the next call.
  public func imageVectors(_ features: Matrix) -> Matrix {
    precondition(features.columns == configuration.imageDim, "features of another width")
    return images.forward(features, normalizing: true, parameters: parameters, memory: imageMemory)
  }
}
