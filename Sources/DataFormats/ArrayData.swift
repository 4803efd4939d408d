/// An array as a file holds it: element type, shape, and its bytes (little-endian, last dimension fastest),
/// either mapped from the file or owned.
///
/// Copies share the bytes, and a mapping lives as long as an array that points into it. The hosts are taken to
/// be little-endian, as all that Swift runs on are.
public struct ArrayData: Sendable {
  /// The type of the elements.
  public let elementType: ArrayElementType
  /// The sizes of the dimensions, none negative; empty for a single number.
  public let shape: [Int]
  /// The product of the shape.
  public let elementCount: Int
  // Invariant: as many bytes as the elements have.
  private let storage: ArrayStorage

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
    storage = .owned(bytes[...])
  }

  /// A copy of `values` in this shape, or in one dimension; the shape must have as many elements.
  public init<Element: ArrayElement>(_ values: [Element], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    let extent = Element.arrayElementType.extent(ofShape: shape)
    precondition(extent?.elements == values.count, "the shape must have as many elements as the values")
    elementType = Element.arrayElementType
    self.shape = shape
    elementCount = values.count
    storage = .owned(values.withUnsafeBytes { Array($0) }[...])
  }

  /// An array whose bytes begin at `offset` of `file`, where the caller has checked that they fit.
  init(elementType: ArrayElementType, shape: [Int], elementCount: Int, file: MappedFile, offset: Int) {
    let range = offset..<offset + elementCount * elementType.byteCount
    precondition(range.lowerBound >= 0 && range.upperBound <= file.count, "the array must lie in its file")
    self.init(
      elementType: elementType, shape: shape, elementCount: elementCount, storage: .mapped(file, range))
  }

  /// An array of the bytes of `storage`, where the caller has checked that they are as many as it needs.
  init(elementType: ArrayElementType, shape: [Int], elementCount: Int, storage: ArrayStorage) {
    precondition(storage.count == elementCount * elementType.byteCount, "the array must fill its storage")
    self.elementType = elementType
    self.shape = shape
    self.elementCount = elementCount
    self.storage = storage
  }

  /// Calls `body` with the bytes, valid only within the call; they need not be aligned for their type.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try storage.withUnsafeBytes(body)
  }
}
