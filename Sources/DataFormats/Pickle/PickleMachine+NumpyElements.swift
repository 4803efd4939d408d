extension PickleMachine {
  /// The elements of an array of this type: numbers, whose bytes stay where they are, or objects and strings.
  mutating func array(
    _ type: PickleNodeID, shape: [Int], isFortranOrder: Bool, data: PickleNodeID
  ) throws(PickleError) -> PickleArrayNode {
    guard case .elementType(let index) = graph[type] else { throw wrongOperand("a dtype") }
    // The shape is copied, and the tuple that it comes from may be used again and again.
    try graph.share(shape.count, at: offset)
    let type = graph.elementTypes[index]
    switch type.kind.first {
    case "O": return try objects(shape: shape, data)
    case "S", "U": return try strings(type, shape: shape, isFortranOrder: isFortranOrder, data)
    default: return try numbers(type, shape: shape, isFortranOrder: isFortranOrder, data)
    }
  }

  private func numbers(
    _ type: PickleElementTypeNode, shape: [Int], isFortranOrder: Bool, _ data: PickleNodeID
  ) throws(PickleError) -> PickleArrayNode {
    guard
      let elementType = ArrayElementType.allCases.first(where: {
        $0.numpyDescriptor?.dropFirst() == type.kind[...]
      })
    else { throw error(.unsupportedElementType(type.kind)) }
    guard let extent = elementType.extent(ofShape: shape) else {
      throw error(.layout(.impossibleShape(shape)))
    }
    let count = try byteCount(data)
    guard extent.bytes == count else { throw error(.wrongByteCount(expected: extent.bytes, found: count)) }
    let layout = try layout { () throws(StridedLayout.Fault) in
      try StridedLayout(shape: shape, isFortranOrder: isFortranOrder, available: extent.elements)
    }
    return .numbers(elementType, layout, isBigEndian: type.isBigEndian, bytes: data, isScalar: false)
  }

  private func byteCount(_ data: PickleNodeID) throws(PickleError) -> Int {
    switch graph[data] {
    case .bytes(_, let count): return count
    case .decodedBytes(let index): return graph.decodedBytes[index].count
    default: throw wrongOperand("the bytes of an array")
    }
  }

  /// An array of objects keeps them in a list, the last dimension fastest whatever the order.
  private mutating func objects(shape: [Int], _ list: PickleNodeID) throws(PickleError) -> PickleArrayNode {
    guard case .list(let index) = graph[list] else { throw wrongOperand("a list of objects") }
    let elements = graph.sequences[index]
    _ = try layout { () throws(StridedLayout.Fault) in
      try StridedLayout(shape: shape, isFortranOrder: false, available: elements.count)
    }
    try graph.share(elements.count, at: offset)
    return .objects(shape: shape, elements: elements)
  }

  /// An array of byte strings (`S5`: five bytes each) or of text (`U5`: five characters of UTF-32 each), which
  /// are filled up with zeros, becomes an array of objects.
  private mutating func strings(
    _ type: PickleElementTypeNode, shape: [Int], isFortranOrder: Bool, _ data: PickleNodeID
  ) throws(PickleError) -> PickleArrayNode {
    let count = try byteCount(data)
    let isText = type.kind.first == "U"
    guard let length = Int(type.kind.dropFirst()), (0...1 << 30).contains(length) else {
      throw error(.unsupportedElementType(type.kind))
    }
    // Python's empty string is an element without bytes, of which there can be only one.
    let size = max(1, isText ? 4 * length : length)
    let available = length == 0 ? 1 : count / size
    guard length == 0 ? count == 0 : count % size == 0 else {
      throw error(.wrongByteCount(expected: available * size, found: count))
    }
    // Twice what is allowed for each byte, so that no string of bytes becomes elements more than once.
    try graph.share(2 * count, at: offset)
    let layout = try layout { () throws(StridedLayout.Fault) in
      try StridedLayout(shape: shape, isFortranOrder: isFortranOrder, available: available)
    }
    let bytes = graph.bytes(data) ?? ByteString([])
    var elements: [PickleNodeID] = []
    for place in layout.places {
      let part = bytes[place * size..<min((place + 1) * size, bytes.count)]
      elements.append(isText ? try text(part, isBigEndian: type.isBigEndian) : try string(part))
    }
    return .objects(shape: shape, elements: elements)
  }

  private mutating func string(_ padded: ByteString) throws(PickleError) -> PickleNodeID {
    let count = padded.withUnsafeBytes { $0.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0 }
    graph.decodedBytes.append(padded[0..<count])
    return try graph.add(.decodedBytes(graph.decodedBytes.count - 1), at: offset)
  }

  private mutating func text(_ padded: ByteString, isBigEndian: Bool) throws(PickleError) -> PickleNodeID {
    var scalars = String.UnicodeScalarView()
    let isValid = padded.withUnsafeBytes { bytes in
      let words = stride(from: 0, to: bytes.count, by: 4).map { place in
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        return isBigEndian ? word.bigEndian : word.littleEndian
      }
      for word in words[..<(words.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)] {
        guard let scalar = Unicode.Scalar(word) else { return false }
        scalars.append(scalar)
      }
      return true
    }
    guard isValid else { throw error(.invalidText) }
    graph.decodedText.append(String(scalars))
    return try graph.add(.decodedText(graph.decodedText.count - 1), at: offset)
  }
}
