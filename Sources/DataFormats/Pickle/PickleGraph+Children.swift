extension PickleGraph {
  /// The nodes that a node holds.
  func children(of id: PickleNodeID) -> [PickleNodeID] {
    switch self[id] {
    case .tuple(let index), .list(let index), .set(let index), .frozenSet(let index): return sequences[index]
    case .dictionary(let index):
      let node = dictionaries[index]
      return node.attributes.map { node.items + [$0] } ?? node.items
    case .instance(let index):
      let node = instances[index]
      return node.arguments + [node.namedArguments, node.state].compactMap(\.self) + node.elements
        + node.items
    case .array(let index):
      if case .objects(_, let elements) = arrays[index] { return elements }
      return []
    default: return []
    }
  }

  /// The number of bytes of a string or of NumPy's numbers.
  func stringLength(_ id: PickleNodeID) -> Int {
    switch self[id] {
    case .bytes(_, let count), .text(_, let count): return count
    case .decodedBytes(let index): return decodedBytes[index].count
    case .decodedText(let index): return decodedText[index].utf8.count
    case .array(let index):
      if case .numbers(let type, let layout, _, _, _) = arrays[index] {
        return layout.elementCount * type.byteCount
      }
      return 0
    default: return 0
    }
  }

  /// NumPy's numbers; nil when the array was never filled.
  func numbers(_ id: PickleNodeID) -> StridedArray? {
    guard case .array(let index) = self[id],
      case .numbers(let type, let layout, let isBigEndian, let bytes, _) = arrays[index],
      let bytes = self.bytes(bytes)
    else { return nil }
    return StridedArray(elementType: type, layout: layout, isBigEndian: isBigEndian, bytes: bytes)
  }

  /// NumPy's scalar.
  func scalar(_ id: PickleNodeID) -> StridedArray? {
    guard case .array(let index) = self[id], case .numbers(_, _, _, _, true) = arrays[index] else {
      return nil
    }
    return numbers(id)
  }
}
