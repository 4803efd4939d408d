import DataFormats
import TestSupport
import Testing

@Suite struct StridedArrayTests {
  private func array(
    _ shape: [Int], _ strides: [Int], offset: Int = 0, count: Int = 24, isBigEndian: Bool = false
  ) throws -> StridedArray {
    let numbers = (0..<count).map { Int32($0) }
    let bytes = numbers.flatMap { number in
      withUnsafeBytes(of: isBigEndian ? number.bigEndian : number.littleEndian) { Array($0) }
    }
    let layout = try StridedLayout(shape: shape, strides: strides, offset: offset, available: count)
    return try #require(
      StridedArray(elementType: .int32, layout: layout, isBigEndian: isBigEndian, bytes: ByteString(bytes)))
  }

  @Test(
    arguments: [
      ([], [], 5), ([4], [1], 3), ([4], [5], 0), ([4], [0], 7), ([2, 3], [3, 1], 0), ([2, 3], [1, 2], 1),
      ([2, 3, 4], [12, 4, 1], 0), ([4, 3, 2], [1, 4, 12], 0), ([3, 2, 4], [4, 12, 1], 0),
      ([1, 5], [99, 1], 2),
      ([2, 1, 2], [4, 77, 2], 1), ([0, 3], [3, 1], 0), ([3, 0], [1, 1], 99), ([2, 2], [1, 1], 0),
    ] as [([Int], [Int], Int)], [false, true])
  func gathersWhatThePlainLoopDoes(_ layout: ([Int], [Int], Int), isBigEndian: Bool) throws {
    let (shape, strides, offset) = layout
    let array = try array(shape, strides, offset: offset, isBigEndian: isBigEndian)
    var places = shape.contains(0) ? [] : [offset]
    for (size, stride) in zip(shape, strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
    }
    let result = array.contiguous()
    #expect(result.shape == shape && array.shape == shape)
    #expect(try result.values(as: Int32.self) == places.map { Int32($0) })
  }

  @Test func contiguousElementsAreNotCopied() throws {
    let file = MappedFile(bytes: [UInt8](0..<24), path: "x")
    func result(_ shape: [Int], _ strides: [Int], isBigEndian: Bool = false) throws -> ArrayData {
      let layout = try StridedLayout(shape: shape, strides: strides, offset: 2, available: 12)
      return try #require(
        StridedArray(
          elementType: .int16, layout: layout, isBigEndian: isBigEndian, bytes: ByteString(file))
      ).contiguous()
    }
    #expect(try result([2, 5], [5, 1]).mappedFile != nil)
    #expect(try result([2, 1, 5], [5, 3, 1]).mappedFile != nil)
    #expect(try result([2, 5], [1, 2]).mappedFile == nil)
    #expect(try result([2, 5], [5, 1], isBigEndian: true).mappedFile == nil)
    #expect(try result([1], [1]).values(as: Int16.self) == [0x0504])
    #expect(try result([1], [1], isBigEndian: true).values(as: Int16.self) == [0x0405])
  }

  @Test func layoutsStayWithinTheirStorage() throws {
    func fault(_ shape: [Int], _ strides: [Int], offset: Int = 0) -> StridedLayout.Fault? {
      do {
        _ = try StridedLayout(shape: shape, strides: strides, offset: offset, available: 24)
        return nil
      } catch { return error }
    }
    #expect(fault([24], [1]) == nil && fault([6], [4], offset: 3) == nil)
    #expect(fault([25], [1]) == .outOfBounds(extent: 25, available: 24))
    #expect(fault([6], [4], offset: 4) == .outOfBounds(extent: 25, available: 24))
    #expect(fault([2], [Int.max]) == .outOfBounds(extent: Int.max, available: 24))
    #expect(fault([], [], offset: 24) == .outOfBounds(extent: 25, available: 24))
    #expect(fault([2], [Int.max], offset: 1) == .impossibleStrides([Int.max]))
    #expect(fault([3], [Int.max]) == .impossibleStrides([Int.max]))
    #expect(fault([2], [-1], offset: 5) == .impossibleStrides([-1]))
    #expect(fault([2], [1], offset: -1) == .impossibleStrides([1]))
    #expect(fault([2, 2], [1]) == .impossibleStrides([1]))
    #expect(fault([-1], [1]) == .impossibleShape([-1]))
    #expect(fault([Int.max, 2], [0, 0]) == .impossibleShape([Int.max, 2]))
    let many = [Int](repeating: 1, count: 65)
    #expect(fault(many, many) == .impossibleShape(many))
    // Repeated elements, up to a small number.
    #expect(fault([1 << 16], [0]) == nil)
    #expect(fault([1 << 16 + 1], [0]) == .expanded(elements: 1 << 16 + 1, available: 24))
    #expect(fault([1 << 20, 1 << 20], [0, 0]) == .expanded(elements: 1 << 40, available: 24))
  }

  @Test func arraysStayWithinTheirBytes() throws {
    let layout = try StridedLayout(shape: [3], strides: [1], offset: 0, available: 3)
    func array(_ count: Int) -> StridedArray? {
      StridedArray(
        elementType: .int32, layout: layout, isBigEndian: false,
        bytes: ByteString([UInt8](repeating: 0, count: count)))
    }
    #expect(array(12) != nil && array(13) != nil && array(11) == nil)
  }
}
