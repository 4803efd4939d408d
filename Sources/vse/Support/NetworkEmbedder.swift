import ArgumentParser
import Foundation
import ImageFeatures
import Retrieval
import Tensors

/// Photos to features for an index: each decoded and prepared ahead of the network, which sees minibatches.
final class NetworkEmbedder: ImageEmbedder {
  private var network: any FeatureNetwork
  private let options: FeatureExtraction.Options

  init(_ network: any FeatureNetwork, options: FeatureExtraction.Options) {
    self.network = network
    self.options = options
  }

  var featureCount: Int { network.featureSize }

  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>] {
    network.features(ofPhotos: paths, options: options)
  }
}

/// Which network turns photos into features, where photos are given.
struct PhotoNetworkArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network of photos: vgg19, mobilenet_v1, mobilenet_v2, several with + between them, or descriptor.",
      valueName: "name"))
  var network: FeatureNetworkArguments.Kind?

  @Option(help: ArgumentHelp("The network's weights; once for each network.", valueName: "file"))
  var weights: [String] = []

  @Option(help: "Of vgg19: fc6, fc7, logits or probabilities (default: fc7).")
  var layer: ConvolutionalNetwork.VGGLayer?

  @Option(help: "How convolutions are padded (default: as the weights' file says, else symmetrically).")
  var padding: ConvolutionPadding?

  @Option(
    help: """
      How photos are prepared: "original" (BGR minus means), "torchvision", "timm" or "squashed" (default: as the \
      weights' file says, else as its kind has it).
      """)
  var preprocessing: Preprocessing.Name?

  @Flag(help: "Scale the features of photos to unit L2 norm, as for the model's training data.")
  var normalize = false

  func validate() throws {
    guard network != nil else {
      if !weights.isEmpty || layer != nil || padding != nil || preprocessing != nil || normalize {
        throw ValidationError(
          "--weights, --layer, --padding, --preprocessing and --normalize need --network NAME")
      }
      return
    }
    try arguments?.validate()
  }

  private var arguments: FeatureNetworkArguments? {
    guard let network else { return nil }
    var arguments = FeatureNetworkArguments()
    arguments.network = network
    arguments.weights = weights
    arguments.layer = layer
    arguments.padding = padding
    arguments.preprocessing = preprocessing
    return arguments
  }

  /// How features of photos are made, on `threads`.
  func options(threads: Int) -> FeatureExtraction.Options {
    var options = FeatureExtraction.Options()
    options.normalizes = normalize
    options.decodingThreads = max(1, threads / 2)
    return options
  }

  /// The network with its weights; nil where none is named.
  func loadedNetwork(precision: Precision) throws -> (any FeatureNetwork)? {
    try arguments?.load(precision: precision, batchSize: FeatureExtraction.Options().batchSize)
  }

  /// The same as what an index takes.
  func embedder(precision: Precision, threads: Int) throws -> NetworkEmbedder? {
    try loadedNetwork(precision: precision).map { NetworkEmbedder($0, options: options(threads: threads)) }
  }
}
