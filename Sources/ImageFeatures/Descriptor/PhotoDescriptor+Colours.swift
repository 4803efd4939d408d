extension PhotoDescriptor {
  private static let layoutCells = 8
  private static let shareCells = 4
  private static let hues = 12
  private static let greys = 4

  static let layoutSize = 6 * layoutCells * layoutCells
  static let shareSize = (hues + greys) * shareCells * shareCells

  /// Means and standard deviations of the opponent colours of each cell.
  static func colourLayout(_ photo: PhotoPlanes) -> [Float] {
    let places = layoutCells * layoutCells
    let pixels = Double(side * side / places)
    var layout = [Float](repeating: 0, count: layoutSize)
    forEachCell(layoutCells) { place, rows, columns in
      // In double precision, as the variance is a small difference of large sums where a cell is plain.
      var sums = SIMD3<Double>(repeating: 0)
      var squares = SIMD3<Double>(repeating: 0)
      for row in rows {
        for column in columns {
          let colours = opponentColours(photo[row, column])
          sums += colours
          squares += colours * colours
        }
      }
      let means = sums / pixels
      let variances = squares / pixels - means * means
      for channel in 0..<3 {
        layout[channel * places + place] = Float(means[channel])
        layout[(3 + channel) * places + place] = Float(max(0, variances[channel]).squareRoot())
      }
    }
    return layout
  }

  private static func opponentColours(_ colour: SIMD3<Float>) -> SIMD3<Double> {
    let (red, green, blue) = (Double(colour.x), Double(colour.y), Double(colour.z))
    return SIMD3(
      (red - green) * 0.5.squareRoot(), (red + green - 2 * blue) * (1.0 / 6).squareRoot(),
      (red + green + blue - 1.5) * (1.0 / 3).squareRoot())
  }

  /// The square roots of the shares that hues and greys have in each cell.
  static func colourShares(_ photo: PhotoPlanes) -> [Float] {
    let places = shareCells * shareCells
    let pixels = Float(side * side / places)
    var shares = [Float](repeating: 0, count: shareSize)
    forEachCell(shareCells) { place, rows, columns in
      var counts = [Float](repeating: 0, count: hues + greys)
      for row in rows {
        for column in columns { count(photo[row, column], in: &counts) }
      }
      for (index, count) in counts.enumerated() {
        shares[index * places + place] = (count / pixels).squareRoot()
      }
    }
    return shares
  }

  /// Gives a pixel, 1 in all, to two neighbouring hues and two neighbouring greys.
  private static func count(_ colour: SIMD3<Float>, in counts: inout [Float]) {
    let (largest, smallest) = (colour.max(), colour.min())
    let chroma = largest - smallest
    if chroma > 0 {
      let place = hue(colour, largest: largest, chroma: chroma) * Float(hues) / 6
      let first = Int(place)
      let rest = place - Float(first)
      counts[first % hues] += chroma * (1 - rest)
      counts[(first + 1) % hues] += chroma * rest
    }
    let place = (largest + smallest) / 2 * Float(greys - 1)
    let first = min(Int(place), greys - 2)
    let rest = place - Float(first)
    counts[hues + first] += (1 - chroma) * (1 - rest)
    counts[hues + first + 1] += (1 - chroma) * rest
  }

  /// The place on the circle of hues: red 0, yellow 1, green 2, cyan 3, blue 4, magenta 5, up to 6.
  private static func hue(_ colour: SIMD3<Float>, largest: Float, chroma: Float) -> Float {
    if largest == colour.x {
      let hue = (colour.y - colour.z) / chroma
      return hue < 0 ? hue + 6 : hue
    }
    if largest == colour.y { return 2 + (colour.z - colour.x) / chroma }
    return 4 + (colour.x - colour.y) / chroma
  }

  /// Calls `body` with the place, the rows and the columns of each of `cells` × `cells` cells.
  private static func forEachCell(_ cells: Int, _ body: (Int, Range<Int>, Range<Int>) -> Void) {
    let length = side / cells
    for place in 0..<cells * cells {
      let (row, column) = (place / cells * length, place % cells * length)
      body(place, row..<row + length, column..<column + length)
    }
  }
}
