/// An array as a file holds it: element type, shape, and its bytes (little-endian, last dimension fastest),
/// either mapped from the file or owned.
///
/// Copies share the bytes, and a mapping lives as long as an array that points into it. The hosts are taken to
/// be little-endian, as all that Swift runs on are.
public struct ArrayData: Sendable {
  private enum Storage: Sendable {
    // Invariant: the range lies within the file.
    case mapped(MappedFile, Range<Int>)
    case owned([UInt8])
  }

  /// The type of the elements.
  public let elementType: ArrayElementType
  /// The sizes of the dimensions, none negative; empty for a single number.
  public let shape: [Int]
  /// The product of the shape.
  public let elementCount: Int
  private let storage: Storage

  /// The number of bytes of all elements.
  public var byteCount: Int { elementCount * elementType.byteCount }

  /// The file that the bytes are mapped from, if they are.
  public var mappedFile: MappedFile? {
    if case .mapped(let file, _) = storage { file } else { nil }
  }

  /// An array that owns `bytes`; throws when the shape cannot be counted or needs another number of bytes.
  public init(elementType: ArrayElementType, shape: [Int], bytes: [UInt8]) throws(ArrayDataError) {
    guard let extent = elementType.extent(ofShape: shape) else { throw .impossibleShape(shape) }
    guard extent.bytes == bytes.count else {
      throw .wrongByteCount(expected: extent.bytes, found: bytes.count)
    }
    self.elementType = elementType
    self.shape = shape
    elementCount = extent.elements
    storage = .owned(bytes)
  }

  /// A copy of `values` in this shape, or in one dimension; the shape must have as many elements.
  public init<Element: ArrayElement>(_ values: [Element], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    let extent = Element.arrayElementType.extent(ofShape: shape)
    precondition(extent?.elements == values.count, "the shape must have as many elements as the values")
    elementType = Element.arrayElementType
    self.shape = shape
    elementCount = values.count
    storage = .owned(values.withUnsafeBytes { Array($0) })
  }

  /// An array whose bytes begin at `offset` of `file`, where the caller has checked that they fit.
  init(elementType: ArrayElementType, shape: [Int], elementCount: Int, file: MappedFile, offset: Int) {
    let range = offset..<offset + elementCount * elementType.byteCount
    precondition(range.lowerBound >= 0 && range.upperBound <= file.count, "the array must lie in its file")
    self.elementType = elementType
    self.shape = shape
    self.elementCount = elementCount
    storage = .mapped(file, range)
  }

  /// Calls `body` with the bytes, valid only within the call; they need not be aligned for their type.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .mapped(let file, let range):
      return try file.withBytes { (bytes) throws(Failure) -> Result in
        try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
      }
    case .owned(let array):
      return try array.withUnsafeBufferPointer { (bytes) throws(Failure) -> Result in
        try body(UnsafeRawBufferPointer(bytes))
      }
    }
  }
}
