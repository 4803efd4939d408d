/// A tensor to be written: its name, type and shape, and a way to its bytes.
public struct SafetensorsTensor {
  /// Calls its argument with the bytes of the tensor, in one piece or in several in order.
  ///
  /// It is called twice, for the checksum and for the file, and must give the same bytes.
  public typealias BytesProvider = (_ consume: (UnsafeRawBufferPointer) -> Void) -> Void

  /// The name in the file.
  public let name: String
  /// The type of the numbers.
  public let elementType: ArrayElementType
  /// The sizes of the dimensions; empty for a single number.
  public let shape: [Int]
  let provideBytes: BytesProvider

  /// A tensor whose bytes (little-endian, last dimension fastest) are fetched when they are written.
  public init(
    name: String, elementType: ArrayElementType, shape: [Int], provideBytes: @escaping BytesProvider
  ) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.provideBytes = provideBytes
  }

  /// A tensor with the bytes of `array`, which are not copied.
  public init(name: String, _ array: ArrayData) {
    self.init(name: name, elementType: array.elementType, shape: array.shape) { consume in
      array.withUnsafeBytes { consume($0) }
    }
  }

  /// A float32 tensor of `values`, which must stay valid and unchanged until the file is written.
  public init(name: String, shape: [Int], values: UnsafeBufferPointer<Float>) {
    self.init(name: name, elementType: .float32, shape: shape) { consume in
      consume(UnsafeRawBufferPointer(values))
    }
  }
}
