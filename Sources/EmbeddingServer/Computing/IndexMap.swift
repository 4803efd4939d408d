internal import Retrieval
internal import Tensors

/// Items of an index as points of a plane: the two directions in which their vectors differ most.
struct IndexMap: Sendable {
  struct Point: Sendable {
    let id: Int64
    /// −1 to 1.
    let x, y: Float
  }

  let points: [Point]
  let kind: IndexItem.Kind
  /// Which part of the variance each direction has.
  let explained: [Double]
}

extension ComputeEngine {
  private static let mostPoints = 5000

  /// The map of the photos, or captions where there are no photos; made when it is first asked for, and again after a
  /// change of the index.
  ///
  /// - Complexity: one product of N × D by D × D for N points.
  func currentMap() throws -> IndexMap {
    let kind = try kindToSearch()
    if let map { return map }
    let sample = try index.sample(of: kind, limit: Self.mostPoints)
    let components = PrincipalComponents(of: sample.vectors, count: 2)
    let places = components.coordinates(of: sample.vectors)
    // One scale for both, so that distances stay what they are.
    let largest = places.values.reduce(Float(0)) { max($0, abs($1)) }
    let scale = largest > 0 ? 1 / largest : 0
    let made = IndexMap(
      points: sample.items.enumerated().map { row, item in
        IndexMap.Point(id: item.id, x: places[row, 0] * scale, y: places[row, 1] * scale)
      }, kind: kind, explained: components.explained)
    map = made
    return made
  }
}
