public import Tensors

/// Both encoders and their parameters: images and sentences into one space.
public final class EmbeddingNetwork {
  /// How the network is built.
  public let configuration: ModelConfiguration
  /// The trained numbers; tell `parametersChanged()` after changing them.
  public let parameters: ParameterSet
  private let encoders: Encoders
  private let sentenceMemory = SentenceEncoder.Memory()
  private let imageMemory = ImageProjection.Memory()

  package var sentences: SentenceEncoder { encoders.sentences }
  package var images: ImageProjection { encoders.images }
  /// The entries of the layout that belong to the sentence encoder.
  var sentenceParameters: Range<Int> { encoders.sentenceParameters }

  /// A network whose parameters are all zero.
  public convenience init(configuration: ModelConfiguration, precision: Precision = .float32) {
    var layout = ParameterLayout()
    let encoders = Encoders(configuration, layout: &layout)
    self.init(configuration: configuration, encoders: encoders, layout: layout, precision: precision)
  }

  /// The same with what is trained beside the encoders, which `addParameters` adds behind their parameters.
  package static func extended<Addition>(
    configuration: ModelConfiguration, precision: Precision,
    by addParameters: (inout ParameterLayout) -> Addition
  ) -> (network: EmbeddingNetwork, addition: Addition) {
    var layout = ParameterLayout()
    let encoders = Encoders(configuration, layout: &layout)
    let addition = addParameters(&layout)
    let network = EmbeddingNetwork(
      configuration: configuration, encoders: encoders, layout: layout, precision: precision)
    return (network, addition)
  }

  /// The same network with parameters of its own, which are all zero.
  package convenience init(like other: EmbeddingNetwork) {
    self.init(
      configuration: other.configuration, encoders: other.encoders, layout: other.parameters.layout,
      precision: other.parameters.rounded == nil ? .float32 : .bfloat16)
  }

  private init(
    configuration: ModelConfiguration, encoders: Encoders, layout: ParameterLayout, precision: Precision
  ) {
    self.configuration = configuration
    self.encoders = encoders
    parameters = ParameterSet(layout: layout)
    parameters.usePrecision(precision)
  }

  /// Both encoders, and which entries of the layout are whose.
  private struct Encoders {
    let sentences: SentenceEncoder
    let sentenceParameters: Range<Int>
    let images: ImageProjection

    init(_ configuration: ModelConfiguration, layout: inout ParameterLayout) {
      sentences = SentenceEncoder(configuration, layout: &layout)
      sentenceParameters = layout.entries.indices
      images = ImageProjection(configuration, layout: &layout)
    }
  }

  /// The names and shapes of the parameters of such a network, without its memory.
  static func layout(of configuration: ModelConfiguration) -> ParameterLayout {
    var layout = ParameterLayout()
    _ = Encoders(configuration, layout: &layout)
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
