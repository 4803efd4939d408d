internal import Foundation

extension PhotoDescriptor {
  private static let cells = 8
  private static let directions = 8
  /// ε: as long as a gradient of 5 of 255 levels at every pixel.
  private static let noise: Float = 0.02
  private static let most: Float = 0.2

  static let gradientSize = directions * cells * cells

  /// How strong edges are in each direction of each cell, compared with what is around it.
  static func orientedGradients(_ photo: PhotoPlanes) -> [Float] {
    let places = cells * cells
    let strengths = directionHistograms(photo)
    var energies = [Float](repeating: 0, count: places)
    for index in strengths.indices { energies[index % places] += strengths[index] * strengths[index] }
    var result = strengths
    for row in 0..<cells {
      for column in 0..<cells {
        let norms = blockNorms(around: row, column, energies: energies)
        for index in stride(from: row * cells + column, to: gradientSize, by: places) {
          let sum = norms.reduce(0) { $0 + min(strengths[index] / $1, most) }
          result[index] = sum / Float(norms.count)
        }
      }
    }
    return result
  }

  /// √(Σ h² + ε²) of the blocks of 2 × 2 cells that a cell is in.
  private static func blockNorms(around row: Int, _ column: Int, energies: [Float]) -> [Float] {
    var norms: [Float] = []
    for top in max(row - 1, 0)...min(row, cells - 2) {
      for left in max(column - 1, 0)...min(column, cells - 2) {
        let place = top * cells + left
        let energy =
          energies[place] + energies[place + 1] + energies[place + cells] + energies[place + cells + 1]
        norms.append((energy + noise * noise).squareRoot())
      }
    }
    return norms
  }

  /// h: for each direction and cell, the mean length of the gradients that vote for them.
  private static func directionHistograms(_ photo: PhotoPlanes) -> [Float] {
    let places = cells * cells
    let pixels = Float(side * side / places)
    // A border of cells around, which takes the votes that are lost.
    let width = cells + 2
    var votes = [Float](repeating: 0, count: directions * width * width)
    for row in 0..<side {
      let down = neighbours(of: row)
      for column in 0..<side {
        let gradient = longestGradient(photo, row: row, column: column)
        guard gradient != SIMD2(0, 0) else { continue }
        let across = neighbours(of: column)
        let (direction, turn) = direction(of: gradient)
        let length = (gradient * gradient).sum().squareRoot()
        let first = direction * width * width + down.first * width + across.first
        let second = first - (direction == directions - 1 ? directions - 1 : -1) * width * width
        for (start, weight) in [(first, length * (1 - turn)), (second, length * turn)] {
          votes[start] += weight * (1 - down.rest) * (1 - across.rest)
          votes[start + 1] += weight * (1 - down.rest) * across.rest
          votes[start + width] += weight * down.rest * (1 - across.rest)
          votes[start + width + 1] += weight * down.rest * across.rest
        }
      }
    }
    return (0..<gradientSize).map { index in
      let (direction, row, column) = (index / places, index / cells % cells, index % cells)
      return votes[(direction * width + row + 1) * width + column + 1] / pixels
    }
  }

  /// The first of the two cells whose centres are nearest to a pixel, counted with the border, and how far the pixel is
  /// on the way to the second.
  private static func neighbours(of pixel: Int) -> (first: Int, rest: Float) {
    let place = (Float(pixel) + 0.5) * Float(cells) / Float(side) + 0.5
    return (Int(place), place - Float(Int(place)))
  }

  /// The differences of the neighbours, across and down, in the channel where they are longest.
  private static func longestGradient(_ photo: PhotoPlanes, row: Int, column: Int) -> SIMD2<Float> {
    let across = photo[row, min(column + 1, side - 1)] - photo[row, max(column - 1, 0)]
    let down = photo[min(row + 1, side - 1), column] - photo[max(row - 1, 0), column]
    let squares = across * across + down * down
    let channel = squares.x >= max(squares.y, squares.z) ? 0 : squares.y >= squares.z ? 1 : 2
    return SIMD2(across[channel], down[channel])
  }

  /// The first of the two nearest directions, and how far the gradient is turned towards the next.
  private static func direction(of gradient: SIMD2<Float>) -> (first: Int, turn: Float) {
    let angle = atan2(gradient.y, gradient.x)
    let place = (angle < 0 ? angle + .pi : angle) * Float(directions) / .pi
    let first = Int(place)
    return (first % directions, place - Float(first))
  }
}
