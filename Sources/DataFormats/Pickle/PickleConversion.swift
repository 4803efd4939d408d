/// Turns the graph of a pickle into a value, node by node, each once.
///
/// The walk keeps its own stack, so that no nesting can exhaust the program's; a node that is met again while
/// what it holds is being turned holds itself, which no value can.
struct PickleConversion {
  private enum State: UInt8 { case new, begun, done }

  private let graph: PickleGraph
  /// The bytes of PyTorch's storages, in the order of `PickleGraph.storages`.
  private let storages: [PyTorchStorage]
  private var states: [State]
  private var values: [PickleValue]
  private var depths: [UInt16]
  /// How many steps a walk over each value takes that visits what is shared each time it is used; a string
  /// counts for its length too.
  private var weights: [Int]
  private let weightLimit: Int
  private var keys = PickleKeys()
  /// The dictionary that last had a key of this number, and at which place.
  private var lastPlaces: [(dictionary: Int, place: Int)] = []
  private var dictionaryCount = 0

  /// The value of the node `root`.
  static func value(
    of root: PickleNodeID, in graph: PickleGraph, storages: [PyTorchStorage] = []
  ) throws(PickleError) -> PickleValue {
    var conversion = PickleConversion(graph, storages: storages)
    return try conversion.value(of: root)
  }

  private init(_ graph: PickleGraph, storages: [PyTorchStorage]) {
    self.graph = graph
    self.storages = storages
    states = Array(repeating: .new, count: graph.nodes.count)
    values = Array(repeating: .none, count: graph.nodes.count)
    depths = Array(repeating: 0, count: graph.nodes.count)
    weights = Array(repeating: 1, count: graph.nodes.count)
    weightLimit = PickleReader.weightLimit(byteCount: graph.byteCount)
  }

  private mutating func value(of root: PickleNodeID) throws(PickleError) -> PickleValue {
    // Those that are begun are the way from the root to the uppermost.
    var pending = [root]
    while let id = pending.last {
      let index = Int(id.index)
      switch states[index] {
      case .done: pending.removeLast()
      case .begun:
        try measure(id)
        values[index] = try converted(id)
        states[index] = .done
        pending.removeLast()
      case .new:
        states[index] = .begun
        for child in graph.children(of: id) {
          switch states[Int(child.index)] {
          case .new: pending.append(child)
          case .begun: throw graph.error(.cycle, at: graph.offset(of: child))
          case .done: break
          }
        }
      }
    }
    return values[Int(root.index)]
  }

  /// Checks the depth and the weight of a node, of which all children are done.
  private mutating func measure(_ id: PickleNodeID) throws(PickleError) {
    var depth: UInt16 = 0
    var weight = 1 + graph.stringLength(id) / PickleReader.bytesOfUnitWeight
    for child in graph.children(of: id) {
      depth = max(depth, depths[Int(child.index)] + 1)
      // Neither is above the limit.
      weight = min(weight + weights[Int(child.index)], weightLimit + 1)
    }
    guard depth <= PickleReader.depthLimit else {
      throw graph.error(.tooDeep(limit: PickleReader.depthLimit), at: graph.offset(of: id))
    }
    guard weight <= weightLimit else { throw graph.error(.excessiveSharing, at: graph.offset(of: id)) }
    depths[Int(id.index)] = depth
    weights[Int(id.index)] = weight
  }

  private func value(at id: PickleNodeID) -> PickleValue { values[Int(id.index)] }

  private func values(at ids: [PickleNodeID]) -> [PickleValue] { ids.map { values[Int($0.index)] } }

  private mutating func converted(_ id: PickleNodeID) throws(PickleError) -> PickleValue {
    switch graph[id] {
    case .none: return .none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(PickleInteger(value))
    case .largeInteger(let index): return .integer(graph.integers[index])
    case .double(let value): return .double(value)
    case .bytes(let start, let count): return .bytes(graph.source[start..<start + count])
    case .decodedBytes(let index): return .bytes(graph.decodedBytes[index])
    case .decodedText(let index): return .text(graph.decodedText[index])
    case .text(let start, let count):
      let text = graph.source[start..<start + count].withUnsafeBytes {
        String(validating: $0, as: UTF8.self)
      }
      guard let text else { throw graph.error(.invalidText, at: graph.offset(of: id)) }
      return .text(text)
    case .tuple(let index): return .tuple(values(at: graph.sequences[index]))
    case .list(let index): return .list(values(at: graph.sequences[index]))
    case .set(let index): return .set(try distinct(graph.sequences[index]))
    case .frozenSet(let index): return .frozenSet(try distinct(graph.sequences[index]))
    case .dictionary(let index): return .dictionary(try dictionary(graph.dictionaries[index]))
    case .instance(let index): return .instance(try instance(graph.instances[index]))
    case .elementType(let index): return .elementType(graph.elementTypes[index].kind)
    case .array(let index): return try array(graph.arrays[index], id)
    case .storage(let index): return try storage(graph.storageParts[index], id)
    case .tensor(let index): return try tensor(graph.tensors[index], id)
    case .global(let index):
      let global = graph.globals[index]
      guard global.meaning.isConstant else {
        throw graph.error(.unknownGlobal(global.name.description), at: global.offset)
      }
      return .name(global.name)
    }
  }

  /// The elements without those that come again.
  private mutating func distinct(_ ids: [PickleNodeID]) throws(PickleError) -> [PickleValue] {
    dictionaryCount += 1
    var elements: [PickleValue] = []
    for id in ids where try place(ofKey: id, next: elements.count) == nil { elements.append(value(at: id)) }
    return elements
  }

  /// The entries; a key that comes again keeps its place and takes the later value, as in Python.
  private mutating func entries(_ items: [PickleNodeID]) throws(PickleError) -> [PickleDictionary.Entry] {
    dictionaryCount += 1
    var entries: [PickleDictionary.Entry] = []
    for index in stride(from: 0, to: items.count, by: 2) {
      let (key, value) = (items[index], value(at: items[index + 1]))
      if let place = try place(ofKey: key, next: entries.count) {
        entries[place] = PickleDictionary.Entry(key: entries[place].key, value: value)
      } else {
        entries.append(PickleDictionary.Entry(key: self.value(at: key), value: value))
      }
    }
    return entries
  }

  /// Where the current dictionary or set has this key; when nowhere, notes it down for the place `next`.
  private mutating func place(ofKey id: PickleNodeID, next: Int) throws(PickleError) -> Int? {
    guard let number = keys.number(of: id, in: graph) else {
      throw graph.error(.unusableKey, at: graph.offset(of: id))
    }
    while lastPlaces.count < keys.count { lastPlaces.append((0, 0)) }
    if lastPlaces[number].dictionary == dictionaryCount { return lastPlaces[number].place }
    lastPlaces[number] = (dictionaryCount, next)
    return nil
  }

  private mutating func dictionary(_ node: PickleDictionaryNode) throws(PickleError) -> PickleDictionary {
    PickleDictionary(
      kind: node.kind, entries: try entries(node.items), attributes: entries(of: node.attributes))
  }

  /// The entries of a node that is a dictionary, if it is there.
  private func entries(of id: PickleNodeID?) -> [PickleDictionary.Entry] {
    id.flatMap { value(at: $0).entries } ?? []
  }

  private mutating func instance(_ node: PickleInstanceNode) throws(PickleError) -> PickleInstance {
    PickleInstance(
      className: node.className, arguments: values(at: node.arguments),
      namedArguments: entries(of: node.namedArguments), state: node.state.map(value),
      elements: values(at: node.elements), entries: try entries(node.items))
  }

  private func array(_ node: PickleArrayNode, _ id: PickleNodeID) throws(PickleError) -> PickleValue {
    switch node {
    case .objects(let shape, let elements): return .objects(shape: shape, values(at: elements))
    case .numbers(_, _, _, _, let isScalar):
      if let array = graph.numbers(id) { return isScalar ? .scalar(array) : .array(array) }
      fallthrough
    case .empty:
      throw graph.error(
        .wrongOperand(opcode: PickleOpcode.stop.name, expected: "every array to be filled"),
        at: graph.offset(of: id))
    }
  }

  private func storage(_ node: PickleStorageNode, _ id: PickleNodeID) throws(PickleError) -> PickleValue {
    let layout = try? StridedLayout(
      shape: [node.count], strides: [1], offset: node.offset, available: Int.max)
    guard let layout, let array = storages[node.storage].array(layout) else {
      throw missingStorage(node.storage, id)
    }
    return .array(array)
  }

  private func tensor(_ node: PickleTensorNode, _ id: PickleNodeID) throws(PickleError) -> PickleValue {
    guard let array = storages[node.storage].array(node.layout) else {
      throw missingStorage(node.storage, id)
    }
    return .tensor(
      PyTorchTensor(array: array, requiresGradient: node.requiresGradient, isParameter: node.isParameter))
  }

  private func missingStorage(_ storage: Int, _ id: PickleNodeID) -> PickleError {
    let layout = StridedLayout.Fault.outOfBounds(
      extent: graph.storages[storage].elementCount, available: storages[storage].elementCount)
    return graph.error(.layout(layout), at: graph.offset(of: id))
  }
}

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
