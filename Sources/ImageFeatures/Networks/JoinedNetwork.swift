public import Tensors

/// Several networks side by side: the features of each are scaled to unit norm, joined, and scaled to unit norm
/// again.
public struct JoinedNetwork: FeatureNetwork {
  private let networks: [LoadedNetwork]
  /// That of all the networks.
  public let preprocessing: Preprocessing
  /// The sum of the networks' sizes.
  public let featureSize: Int

  /// Joins networks, at least one, that take the same prepared photos; throws when they do not.
  public init(_ networks: [LoadedNetwork]) throws(NetworkWeightsError) {
    guard let first = networks.first else { preconditionFailure("there must be a network to join") }
    for other in networks.dropFirst() {
      guard other.preprocessing == first.preprocessing, other.network.input == first.network.input else {
        throw .differentPreprocessing(first: first.network.name, second: other.network.name)
      }
    }
    self.networks = networks
    preprocessing = first.preprocessing
    featureSize = networks.reduce(0) { $0 + $1.featureSize }
  }

  /// The features [B, featureSize] of B prepared photos, of unit norm.
  public func features(of minibatch: Matrix) -> Matrix {
    let result = Matrix(rows: minibatch.rows, columns: featureSize)
    var column = 0
    for network in networks {
      let features = network.features(of: minibatch)
      features.normalizeRows()
      result.columns(column..<column + network.featureSize).assign(features)
      column += network.featureSize
    }
    result.normalizeRows()
    return result
  }
}
