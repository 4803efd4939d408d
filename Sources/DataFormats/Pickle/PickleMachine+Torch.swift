extension PickleMachine {
  /// BINPERSID: what a PyTorch file keeps outside of its pickle.
  ///
  /// ('storage', type, key, device, number of elements), with a view of it (key, offset, number) or None as a
  /// sixth value in the legacy format; and there also ('module', class, file, source), which is the class.
  mutating func storage(_ id: PickleNodeID) throws(PickleError) -> PickleNodeID {
    guard allowsStorages else { throw error(.persistentID) }
    guard let values = graph.tuple(id), let kind = values.first.flatMap(graph.name) else {
      throw wrongOperand("a tuple that names a storage")
    }
    if kind == "module", values.count == 4 {
      _ = try className(values[1])
      return values[1]
    }
    guard kind == "storage", values.count == 5 || values.count == 6,
      case .storage(let elementType)? = graph.global(values[1])?.meaning, let key = graph.name(values[2]),
      let count = graph.int(values[4]), count >= 0
    else {
      throw wrongOperand("('storage', a class of storages, a key, a device, a number of elements)")
    }
    let storage = PickleStorage(key: key, elementType: elementType, elementCount: count)
    guard let place = graph.place(of: storage) else {
      throw wrongOperand("the same type and size wherever storage \(quoted(key, limit: 40)) is used")
    }
    let view = values.count == 6 ? try view(values[5], of: storage) : 0..<count
    graph.storageParts.append(PickleStorageNode(storage: place, offset: view.lowerBound, count: view.count))
    return try graph.add(.storage(graph.storageParts.count - 1), at: offset)
  }

  private func view(_ id: PickleNodeID, of storage: PickleStorage) throws(PickleError) -> Range<Int> {
    if id == PickleGraph.none { return 0..<storage.elementCount }
    guard let values = graph.tuple(id), values.count == 3, let start = graph.int(values[1]),
      let count = graph.int(values[2]), start >= 0, count >= 0, start <= storage.elementCount,
      count <= storage.elementCount - start
    else { throw wrongOperand("a view within its storage") }
    return start..<start + count
  }

  /// `_rebuild_tensor(storage, offset, shape, strides)`; version 2 adds whether it needs a gradient, and hooks,
  /// which are empty.
  mutating func tensor(_ call: PickleCall, argumentCount: Int) throws(PickleError) -> PickleNodeID {
    let values = call.arguments
    // The newest versions add metadata, which only tells how the numbers are to be used.
    guard values.count == argumentCount || values.count == argumentCount + 1 && argumentCount == 6,
      case .storage(let index) = graph[values[0]], let first = graph.int(values[1]),
      let shape = graph.ints(values[2]), let strides = graph.ints(values[3])
    else { throw wrongArguments(call, "a storage, an offset, a shape and strides") }
    try graph.share(shape.count + strides.count, at: offset)
    var requiresGradient = false
    if argumentCount == 6 {
      guard let flag = graph.int(values[4]) else {
        throw wrongArguments(call, "a truth value after the strides")
      }
      requiresGradient = flag != 0
    }
    let part = graph.storageParts[index]
    let layout = try layout { () throws(StridedLayout.Fault) in
      try StridedLayout(shape: shape, strides: strides, offset: first, available: part.count)
        .moved(by: part.offset)
    }
    graph.tensors.append(
      PickleTensorNode(
        storage: part.storage, layout: layout, requiresGradient: requiresGradient, isParameter: false))
    return try graph.add(.tensor(graph.tensors.count - 1), at: offset)
  }

  /// `_rebuild_parameter(tensor, whether it needs a gradient, hooks)`.
  mutating func parameter(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard call.arguments.count == 3, case .tensor(let index) = graph[call.arguments[0]],
      let flag = graph.int(call.arguments[1])
    else { throw wrongArguments(call, "a tensor and a truth value") }
    var tensor = graph.tensors[index]
    tensor.requiresGradient = flag != 0
    tensor.isParameter = true
    graph.tensors.append(tensor)
    return try graph.add(.tensor(graph.tensors.count - 1), at: offset)
  }
}
