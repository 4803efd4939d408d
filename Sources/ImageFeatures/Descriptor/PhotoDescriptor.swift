public import Tensors

/// A photo as numbers that follow from its pixels by fixed formulas, without any weights: where which colours are, and
/// which way edges run.
///
/// For those who have no weights of a network yet, for pictures that are simple, and as a baseline: it sees a red ball
/// on the left and a meadow below, but no dog. On real photos the features of a network that was trained on a million
/// of them find several times as much.
///
/// The photo is squashed to S × S, S = 128, values R, G, B from 0 to 1. A row of features has three parts side by side,
/// each divided by its L2 norm and multiplied by √⅓, so that the whole has norm 1; a part that is all zeros stays so.
///
/// 1. **Colour layout**, 6 · 8 · 8: of each of 8 × 8 cells, the mean and the standard deviation of the opponent colours
///    (van de Sande, Gevers, Snoek 2010) o₁ = (R − G)/√2, o₂ = (R + G − 2B)/√6, o₃ = (R + G + B)/√3 − √3/2, which are
///    zero for middle grey. The means are the idea of MPEG-7's colour layout descriptor (ISO/IEC 15938-3); the cosine
///    transform that it ends with changes no scalar product of two photos, and is left out.
/// 2. **Shares of colours**, 16 · 4 · 4: of each of 4 × 4 cells, how much of it has each of 12 hues and 4 greys. With
///    c = max(R, G, B) − min(R, G, B), a pixel gives c to its hue, shared between the two that are nearest on the circle
///    (red is 0, yellow 2, green 4, …), and 1 − c to its lightness (max + min)/2, shared between the two nearest of 0,
///    ⅓, ⅔, 1. The square roots of the shares are taken: their scalar product is Bhattacharyya's coefficient.
/// 3. **Oriented gradients**, 8 · 8 · 8, after Dalal and Triggs (2005): of each of 8 × 8 cells, how strong edges are in
///    each of 8 directions, from 0 to 180 degrees. The gradient of a pixel is that of differences between its
///    neighbours, [−1 0 1], in the channel where it is longest (beyond the border lie the pixels of the border). Its
///    length is shared between the two nearest directions and the four nearest cells' centres, linearly; votes beyond the
///    border are lost. With h the mean over a cell's pixels, a block is 2 × 2 cells, and a number is the mean, over
///    the one to four blocks that its cell is in, of min(h / √(Σ h² + ε²), 0.2), the sum being over the block;
///    ε = 0.02 keeps the noise of plain surfaces small.
///
/// The numbers of a part are ordered by what is counted (o₁ o₂ o₃ of means, then of deviations; hues, then greys;
/// directions), then by row, then by column.
public struct PhotoDescriptor: FeatureNetwork {
  /// S, the side of the square that a photo becomes.
  static let side = 128

  /// The descriptor; there is only one.
  public init() {}

  /// The photo squashed to 128 × 128, RGB, 0 to 1.
  public var preprocessing: Preprocessing {
    Preprocessing(
      resizing: .squashed(antialiased: true), cropSize: Self.side, mean: SIMD3(repeating: 0),
      deviation: SIMD3(repeating: 255))
  }

  /// 1152.
  public var featureSize: Int { Self.layoutSize + Self.shareSize + Self.gradientSize }

  /// The features of photos, on all threads that compute; a row depends on its photo alone.
  public func features(of minibatch: Matrix) -> Matrix {
    precondition(minibatch.columns == preprocessing.inputSize, "photos of 128 × 128 pixels")
    let result = Matrix(rows: minibatch.rows, columns: featureSize)
    Parallel.forEachRange(of: minibatch.rows, grain: 1) { photos in
      for photo in photos {
        let row = Self.row(PhotoPlanes(values: minibatch.rowValues(photo)))
        result.rows(photo..<photo + 1).withUnsafeMutableElements { _ = $0.update(from: row) }
      }
    }
    return result
  }

  private static func row(_ photo: PhotoPlanes) -> [Float] {
    [colourLayout(photo), colourShares(photo), orientedGradients(photo)].flatMap(weighted)
  }

  /// A part with its share of the whole row's norm.
  private static func weighted(_ part: [Float]) -> [Float] {
    let norm = part.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm > 0 else { return part }
    let scale = Float((1.0 / 3).squareRoot() / norm)
    return part.map { scale * $0 }
  }
}

/// A prepared photo: the planes red, green and blue of S × S values.
struct PhotoPlanes {
  private let values: [Float]

  /// - Parameter values: [3 · S · S]; what is not from 0 to 1 is taken for the nearer of both, NaN for 0.
  init(values: [Float]) {
    self.values = values.map { $0 > 0 ? min($0, 1) : 0 }
  }

  /// The value of a channel, 0 to 2, at a place.
  subscript(channel: Int, row: Int, column: Int) -> Float {
    values[(channel * PhotoDescriptor.side + row) * PhotoDescriptor.side + column]
  }

  /// Red, green and blue at a place.
  subscript(row: Int, column: Int) -> SIMD3<Float> {
    SIMD3(self[0, row, column], self[1, row, column], self[2, row, column])
  }
}
