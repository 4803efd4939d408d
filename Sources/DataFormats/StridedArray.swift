/// An array whose elements stand anywhere within its bytes, at regular distances, in either byte order: a
/// Fortran-ordered array of NumPy, a transposed tensor of PyTorch.
///
/// Nothing is copied before `contiguous()` asks for it. That every element lies within the bytes is checked at
/// the beginning.
package struct StridedArray: Sendable {
  /// The type of the elements.
  package let elementType: ArrayElementType
  /// Where the elements stand.
  package let layout: StridedLayout
  /// Whether the most significant byte of an element comes first.
  package let isBigEndian: Bool
  // Invariant: has at least `layout.extent` elements.
  private let bytes: ByteString

  /// The array with this layout in `bytes`; nil when an element would lie beyond them.
  package init?(elementType: ArrayElementType, layout: StridedLayout, isBigEndian: Bool, bytes: ByteString) {
    guard layout.extent <= bytes.count / elementType.byteCount else { return nil }
    self.elementType = elementType
    self.layout = layout
    self.isBigEndian = isBigEndian && elementType.byteCount > 1
    self.bytes = bytes
  }

  /// The sizes of the dimensions; empty for a single number.
  package var shape: [Int] { layout.shape }

  /// The elements in order (little-endian, last dimension fastest): mapped where they stand like that in a
  /// mapped file, otherwise gathered into a copy.
  package func contiguous() -> ArrayData {
    let size = elementType.byteCount
    let part =
      layout.isContiguous && !isBigEndian
      ? bytes[layout.offset * size..<(layout.offset + layout.elementCount) * size] : ByteString(gathered())
    return ArrayData(
      elementType: elementType, shape: shape, elementCount: layout.elementCount, storage: part.storage)
  }

  private func gathered() -> [UInt8] {
    switch elementType.byteCount {
    case 1: gathered(as: UInt8.self)
    case 2: gathered(as: UInt16.self)
    case 4: gathered(as: UInt32.self)
    default: gathered(as: UInt64.self)
    }
  }

  /// Copies row after row of the last dimension. The layout keeps every index within the bytes.
  private func gathered<Word: FixedWidthInteger & BitwiseCopyable>(as word: Word.Type) -> [UInt8] {
    let size = MemoryLayout<Word>.size
    let columns = layout.shape.last ?? 1
    let step = layout.strides.last ?? 1
    return [UInt8](unsafeUninitializedCapacity: layout.elementCount * size) { buffer, count in
      let destination = UnsafeMutableRawBufferPointer(buffer)
      bytes.withUnsafeBytes { source in
        layout.forEachRow { row, start in
          for column in 0..<columns {
            let word = source.loadUnaligned(fromByteOffset: (start &+ column &* step) &* size, as: Word.self)
            destination.storeBytes(
              of: isBigEndian ? word.byteSwapped : word, toByteOffset: (row &* columns &+ column) &* size,
              as: Word.self)
          }
        }
      }
      count = layout.elementCount * size
    }
  }
}
