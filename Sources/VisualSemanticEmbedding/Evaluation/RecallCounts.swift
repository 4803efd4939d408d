/// What each image adds to the recalls, as a query and by its captions, so that they can be had again of any images
/// without ranking.
///
/// Ranks stay what they are against the whole gallery.
package struct RecallCounts: Sendable {
  /// For each image that has a caption: whether it is found within 1, 5 and 10, how many of its captions are, how
  /// many captions it has, and 1 for itself.
  let images: [SIMD8<Int>]

  package init(_ ranks: CrossModalRanks, imageOfCaption: [Int]) {
    var images = [SIMD8<Int>](repeating: SIMD8(), count: ranks.imageCount)
    for (caption, image) in imageOfCaption.enumerated() {
      images[image] &+= Self.hits(ranks.search[caption], firstLane: 3)
      images[image][6] += 1
    }
    // The ranks of annotation are those of the images that have a caption, in order.
    var rank = 0
    for image in images.indices where images[image][6] > 0 {
      images[image] &+= Self.hits(ranks.annotation[rank], firstLane: 0)
      images[image][7] = 1
      rank += 1
    }
    self.images = images.filter { $0[7] == 1 }
  }

  private static func hits(_ rank: Int, firstLane: Int) -> SIMD8<Int> {
    var lanes = SIMD8<Int>()
    for (offset, limit) in [1, 5, 10].enumerated() where rank < limit { lanes[firstLane + offset] = 1 }
    return lanes
  }

  /// The recalls of all images.
  package var recalls: PerRecall<Double> { Self.recalls(images.reduce(into: SIMD8()) { $0 &+= $1 }) }

  /// The recalls of the images at `index`, of which some may come again.
  func recalls(at index: [Int]) -> PerRecall<Double> {
    var sum = SIMD8<Int>()
    for image in index { sum &+= images[image] }
    return Self.recalls(sum)
  }

  private static func recalls(_ sum: SIMD8<Int>) -> PerRecall<Double> {
    var values = (0..<3).map { 100 * Double(sum[$0]) / Double(sum[7]) }
    values += (3..<6).map { 100 * Double(sum[$0]) / Double(sum[6]) }
    return PerRecall(values: values + [values.reduce(0, +)])
  }
}
