extension PickleConversion {
  private func value(at id: PickleNodeID) -> PickleValue { values[Int(id.index)] }

  private func values(at ids: [PickleNodeID]) -> [PickleValue] { ids.map { values[Int($0.index)] } }

  /// The value of a node, of which all children are done.
  mutating func converted(_ id: PickleNodeID) throws(PickleError) -> PickleValue {
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
