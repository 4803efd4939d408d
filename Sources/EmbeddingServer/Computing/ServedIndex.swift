public import ImageFeatures
public import Retrieval

/// What a server computes with, made on its computing thread.
public struct ServedIndex {
  /// A network that turns photos into features.
  public struct PhotoNetwork {
    var network: any FeatureNetwork
    let normalizes: Bool

    /// - Parameter normalizes: whether each row of features is scaled to unit norm.
    public init(_ network: any FeatureNetwork, normalizes: Bool) {
      self.network = network
      self.normalizes = normalizes
    }
  }

  let index: EmbeddingIndex
  let photoNetwork: PhotoNetwork?

  /// An index, and the network for photos where there is one.
  public init(_ index: EmbeddingIndex, photoNetwork: PhotoNetwork? = nil) {
    self.index = index
    self.photoNetwork = photoNetwork
  }
}
