public import Tensors

/// The mean colours of a photo's parts as its features: no network, but a row of numbers without any weights.
///
/// A baseline to compare networks with, and a way to try out everything around them.
public struct ColourGrid: FeatureNetwork {
  /// The parts of each side, a divisor of 224.
  public let side: Int

  /// - Precondition: `side` divides 224.
  public init(side: Int = 8) {
    precondition(side > 0 && 224 % side == 0, "the parts must have whole pixels")
    self.side = side
  }

  /// The photo squashed to 224 × 224, RGB, 0 to 1.
  public var preprocessing: Preprocessing {
    Preprocessing(
      resizing: .squashed(antialiased: true), mean: SIMD3(0, 0, 0), deviation: SIMD3(255, 255, 255))
  }
  /// A number for each channel of each part: channel, row, column.
  public var featureSize: Int { 3 * side * side }

  /// The mean colours [B, featureSize] of B prepared photos [B, 3 · 224 · 224], 0 to 1.
  public func features(of minibatch: Matrix) -> Matrix {
    precondition(minibatch.columns == preprocessing.inputSize, "photos of 224 × 224 pixels")
    let part = 224 / side
    let result = Matrix(rows: minibatch.rows, columns: featureSize)
    for photo in 0..<minibatch.rows {
      let pixels = minibatch.rowValues(photo)
      for place in 0..<featureSize {
        let (plane, row, column) = (place / (side * side), place / side % side * part, place % side * part)
        var sum: Float = 0
        for y in row..<row + part {
          let start = (plane * 224 + y) * 224 + column
          for pixel in pixels[start..<start + part] { sum += pixel }
        }
        result[photo, place] = sum / Float(part * part)
      }
    }
    return result
  }
}
