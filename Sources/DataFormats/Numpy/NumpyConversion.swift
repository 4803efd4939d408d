/// Copies the elements of an array of NumPy into the form of `ArrayData`: the least significant byte first, the
/// last dimension fastest.
struct NumpyConversion {
  private let elementSize: Int
  private let isBigEndian: Bool
  /// The dimensions above 1, of which there are at least two when they must be reversed; otherwise empty.
  private let transposedShape: [Int]

  /// The side of the square blocks in which two dimensions are exchanged: their lines, up to 32 of 256 bytes on
  /// either side, stay in the first-level cache.
  private static let block = 32

  init(_ header: NumpyHeader, _ type: ArrayElementType) {
    elementSize = type.byteCount
    isBigEndian = header.elements == .numbers(type, isBigEndian: true)
    transposedShape = header.isTransposed ? header.shape.filter { $0 > 1 } : []
  }

  /// One copy of the elements, converted.
  /// - Complexity: O(*n*), at about 1 GB/s.
  func converted(_ source: ArrayStorage) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: source.count) { buffer, count in
      source.withUnsafeBytes { copy($0, to: UnsafeMutableRawBufferPointer(buffer)) }
      count = source.count
    }
  }

  private func copy(_ source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawBufferPointer) {
    guard let from = source.baseAddress, let to = destination.baseAddress else { return }
    let count = source.count / elementSize
    switch elementSize {
    case 1: copy(UInt8.self, from, to, count)
    case 2: copy(UInt16.self, from, to, count)
    case 4: copy(UInt32.self, from, to, count)
    default: copy(UInt64.self, from, to, count)
    }
  }

  // Both sides have `count` words: all offsets below stay under that, as they are made from the indices of an
  // array with that many elements.
  private func copy<Word: FixedWidthInteger & BitwiseCopyable>(
    _ word: Word.Type, _ source: UnsafeRawPointer, _ destination: UnsafeMutableRawPointer, _ count: Int
  ) {
    if !transposedShape.isEmpty {
      transpose(word, source, destination)
    } else {
      for index in 0..<count { move(word, source, index, destination, index) }
    }
  }

  /// Reverses the order of the dimensions.
  ///
  /// The first dimension is the fastest in the source and the slowest in the result, the last one the reverse:
  /// these two are exchanged in blocks, for every combination of indices in those between.
  private func transpose<Word: FixedWidthInteger & BitwiseCopyable>(
    _ word: Word.Type, _ source: UnsafeRawPointer, _ destination: UnsafeMutableRawPointer
  ) {
    let shape = transposedShape
    let (rows, columns) = (shape[0], shape[shape.count - 1])
    let inner = Array(shape.dropFirst().dropLast())
    let innerCount = inner.reduce(1, *)
    // From one index to the next of the last dimension in the source, and of the first one in the result.
    let (sourceStride, destinationStride) = (rows * innerCount, columns * innerCount)
    for index in 0..<innerCount {
      let sourceStart = rows * Self.reversed(index, in: inner)
      let destinationStart = columns * index
      for row in stride(from: 0, to: rows, by: Self.block) {
        for column in stride(from: 0, to: columns, by: Self.block) {
          for i in row..<min(row + Self.block, rows) {
            for j in column..<min(column + Self.block, columns) {
              move(
                word, source, sourceStart &+ i &+ j &* sourceStride, destination,
                destinationStart &+ i &* destinationStride &+ j)
            }
          }
        }
      }
    }
  }

  /// The place in Fortran order of the element that has `index` in C order.
  private static func reversed(_ index: Int, in shape: [Int]) -> Int {
    var rest = index
    var place = 0
    var stride = shape.reduce(1, *)
    for size in shape.reversed() {
      stride /= size
      place += rest % size * stride
      rest /= size
    }
    return place
  }

  @inline(__always)
  private func move<Word: FixedWidthInteger & BitwiseCopyable>(
    _ word: Word.Type, _ source: UnsafeRawPointer, _ from: Int, _ destination: UnsafeMutableRawPointer,
    _ to: Int
  ) {
    let size = MemoryLayout<Word>.size
    let value = source.loadUnaligned(fromByteOffset: from &* size, as: Word.self)
    destination.storeBytes(
      of: isBigEndian ? value.byteSwapped : value, toByteOffset: to &* size, as: Word.self)
  }
}
