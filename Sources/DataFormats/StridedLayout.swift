/// Where the elements of an array stand in its storage: element [i, j, …] at offset + i · strides[0] +
/// j · strides[1] + …, counted in elements.
package struct StridedLayout: Sendable, Equatable {
  /// Why there is no such layout.
  package enum Fault: Error, Equatable, Sendable {
    /// A dimension is negative, there are more than 64, or the size exceeds what can be counted.
    case impossibleShape([Int])
    /// There are not as many strides as dimensions, or one is negative, or the offset is.
    case impossibleStrides([Int])
    /// An element lies beyond the last that is there.
    case outOfBounds(extent: Int, available: Int)
    /// The same elements stand for so many that a copy would exceed what is there by far.
    case expanded(elements: Int, available: Int)
  }

  /// The sizes of the dimensions, none negative.
  package let shape: [Int]
  /// The distance of neighbours along each dimension, none negative.
  package let strides: [Int]
  /// Where the first element stands.
  package let offset: Int
  /// The product of the shape.
  package let elementCount: Int
  /// How many elements the storage must have; 0 where there are none.
  package let extent: Int

  /// NumPy and PyTorch have at most 64 dimensions.
  static let dimensionLimit = 64
  /// A layout may repeat its elements (a stride of 0) up to this number of elements.
  static let repeatedElementLimit = 1 << 16

  /// The layout of `shape` with these strides, in a storage of `available` elements.
  ///
  /// More elements than the storage has (rows that share their elements) are accepted only in small numbers,
  /// so that a few bytes cannot claim a large array.
  package init(shape: [Int], strides: [Int], offset: Int, available: Int) throws(Fault) {
    guard shape.count <= Self.dimensionLimit,
      let elementCount = ArrayElementType.uint64.extent(ofShape: shape)?.elements
    else { throw .impossibleShape(shape) }
    guard strides.count == shape.count, offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
      throw .impossibleStrides(strides)
    }
    var last = offset
    for (dimension, stride) in zip(shape, strides) where elementCount > 0 {
      let (distance, isTooFar) = (dimension - 1).multipliedReportingOverflow(by: stride)
      let (sum, isTooMuch) = last.addingReportingOverflow(distance)
      guard !isTooFar, !isTooMuch else { throw .impossibleStrides(strides) }
      last = sum
    }
    guard elementCount == 0 || last < available else {
      throw .outOfBounds(extent: last == Int.max ? last : last + 1, available: available)
    }
    guard elementCount <= max(available, Self.repeatedElementLimit) else {
      throw .expanded(elements: elementCount, available: available)
    }
    self.shape = shape
    self.strides = strides
    self.offset = elementCount > 0 ? offset : 0
    self.elementCount = elementCount
    extent = elementCount > 0 ? last + 1 : 0
  }

  /// The layout of an array that fills a storage of `available` elements, with the last dimension fastest, or
  /// the first in Fortran order; throws when the shape has another number of elements.
  package init(shape: [Int], isFortranOrder: Bool, available: Int) throws(Fault) {
    guard let extent = ArrayElementType.uint64.extent(ofShape: shape) else { throw .impossibleShape(shape) }
    guard extent.elements == available else {
      throw .outOfBounds(extent: extent.elements, available: available)
    }
    var strides = [Int](repeating: 1, count: shape.count)
    var product = 1
    for axis in isFortranOrder ? Array(shape.indices) : shape.indices.reversed() {
      strides[axis] = product
      product *= max(1, shape[axis])  // cannot overflow, as the extent did not
    }
    try self.init(shape: shape, strides: strides, offset: 0, available: available)
  }

  /// The same layout further on in a larger storage, where the sum can be counted.
  func moved(by distance: Int) throws(Fault) -> StridedLayout {
    try StridedLayout(shape: shape, strides: strides, offset: offset + distance, available: Int.max)
  }

  /// Whether the elements stand in order without gaps, the last dimension fastest.
  package var isContiguous: Bool {
    guard elementCount > 0 else { return true }
    var expected = 1
    for (dimension, stride) in zip(shape, strides).reversed() where dimension > 1 {
      guard stride == expected else { return false }
      expected *= dimension
    }
    return true
  }

  /// The places of all elements in order, the last dimension fastest.
  var places: [Int] {
    var places: [Int] = []
    places.reserveCapacity(elementCount)
    let (columns, step) = (shape.last ?? 1, strides.last ?? 1)
    forEachRow { _, start in places += (0..<columns).map { start + $0 * step } }
    return places
  }

  /// Calls `body` with the number of each row of the last dimension and the place of its first element.
  func forEachRow(_ body: (_ row: Int, _ start: Int) -> Void) {
    guard elementCount > 0 else { return }
    let outer = shape.dropLast()
    var indices = [Int](repeating: 0, count: outer.count)
    var start = offset
    for row in 0..<elementCount / (shape.last ?? 1) {
      body(row, start)
      for axis in outer.indices.reversed() {
        indices[axis] += 1
        start += strides[axis]
        if indices[axis] < outer[axis] { break }
        start -= indices[axis] * strides[axis]
        indices[axis] = 0
      }
    }
  }
}
