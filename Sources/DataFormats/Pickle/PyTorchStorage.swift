/// The bytes of a storage of PyTorch's.
struct PyTorchStorage {
  let elementType: ArrayElementType
  let isBigEndian: Bool
  let bytes: ByteString

  var elementCount: Int { bytes.count / elementType.byteCount }

  /// The elements with this layout; nil when they do not lie within the storage.
  func array(_ layout: StridedLayout) -> StridedArray? {
    StridedArray(elementType: elementType, layout: layout, isBigEndian: isBigEndian, bytes: bytes)
  }
}
