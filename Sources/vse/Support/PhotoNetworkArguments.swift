import ArgumentParser
import ImageFeatures
import Tensors

/// Which network turns photos into features, and how those are scaled.
struct PhotoNetworkArguments: ParsableArguments {
  @OptionGroup var choice: FeatureNetworkArguments

  @Flag(help: "Scale the features of each photo to unit L2 norm; the same for training and for searching.")
  var normalize = false

  /// Whether there is a network.
  var isGiven: Bool { choice.network != nil }

  func validate() throws {
    if normalize, !isGiven { throw ValidationError("--normalize belongs to --network NAME; give that too") }
  }
}

/// How photos become features: the network, and what is done before it sees them.
struct PhotoFeatureArguments: ParsableArguments {
  @OptionGroup var network: PhotoNetworkArguments

  @OptionGroup var extraction: ExtractionArguments

  func validate() throws {
    if extraction.areGiven, !network.isGiven {
      throw ValidationError("--ten-crop and how photos are decoded belong to --network NAME; give that too")
    }
  }

  /// The options of an extraction that computes on `threads`.
  func options(threads: Int) -> FeatureExtraction.Options {
    var options = extraction.options(threads: threads)
    options.normalizes = network.normalize
    return options
  }

  /// What an index takes to understand photos; nil where no network is named.
  func embedder(precision: Precision, threads: Int) throws -> NetworkEmbedder? {
    guard network.isGiven else { return nil }
    let options = options(threads: threads)
    return try NetworkEmbedder(
      network.choice.load(precision: precision, batchSize: options.batchSize), options: options)
  }
}
