import DataFormats
import ImageFeatures
import Retrieval

/// Photos to features for an index: each decoded and prepared ahead of the network, which sees minibatches. Photos that
/// are cut short are told of.
final class NetworkEmbedder: ImageEmbedder {
  private var network: any FeatureNetwork
  private let options: FeatureExtraction.Options

  /// Throws where the network cannot see photos as the options ask for.
  init(_ network: any FeatureNetwork, options: FeatureExtraction.Options) throws(ExtractionError) {
    try options.check(for: network)
    self.network = network
    self.options = options
  }

  var featureCount: Int { network.featureSize }

  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>] {
    network.features(ofPhotos: paths, options: options) { path, truncation in
      Terminal.note("\(quoted(path)) is \(truncation)")
    }
  }
}
