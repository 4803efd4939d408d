public import Tensors

/// A network that turns prepared photos into rows of features.
public protocol FeatureNetwork {
  /// How photos are prepared for it.
  var preprocessing: Preprocessing { get }
  /// The numbers of a row of features.
  var featureSize: Int { get }

  /// The features [B, featureSize] of B prepared photos, [B, 3 · S · S] without gaps: channel, row, column.
  ///
  /// The result may be a window onto memory that the next call writes to.
  mutating func features(of minibatch: Matrix) throws -> Matrix
}
