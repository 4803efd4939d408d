extension PickleMachine {
  /// `dtype('f4', False, True)`, to which BUILD adds the byte order.
  mutating func elementType(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard let first = call.arguments.first, call.arguments.count <= 3, let descriptor = graph.name(first)
    else {
      throw wrongArguments(call, "a type such as 'f4'")
    }
    var kind = Substring(descriptor)
    let order = kind.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if order != nil { kind.removeFirst() }
    graph.elementTypes.append(PickleElementTypeNode(kind: String(kind), isBigEndian: order == ">"))
    return try graph.add(.elementType(graph.elementTypes.count - 1), at: offset)
  }

  /// The state of a `dtype`: (version, byte order, part, names, fields, …), without the version or the names
  /// in the oldest files. Types with parts or fields are no numbers.
  mutating func fill(elementType index: Int, state: PickleNodeID) throws(PickleError) {
    guard let values = graph.tuple(state), (5...9).contains(values.count) else {
      throw wrongOperand("the state of a dtype")
    }
    let fields = values.count == 5 ? 0 : 1
    guard let order = graph.name(values[fields]), ["<", ">", "|", "="].contains(order) else {
      throw wrongOperand("the byte order of a dtype")
    }
    let details = values[(fields + 1)..<(values.count > 6 ? fields + 4 : fields + 3)]
    guard details.allSatisfy({ $0 == PickleGraph.none }) else {
      throw error(.unsupportedElementType(graph.elementTypes[index].kind))
    }
    graph.elementTypes[index].isBigEndian = order == ">"
  }

  /// `_reconstruct(ndarray, (0,), 'b')`: an array that BUILD fills.
  mutating func emptyArray(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard call.arguments.count == 3, case .numpyArray? = graph.global(call.arguments[0])?.meaning else {
      throw wrongArguments(call, "numpy.ndarray")
    }
    return try add(.empty)
  }

  /// The state of an array: (version, shape, dtype, is in Fortran order, bytes or a list of objects), without
  /// the version in the oldest files.
  mutating func fill(array index: Int, state: PickleNodeID) throws(PickleError) {
    guard case .empty = graph.arrays[index] else { throw wrongOperand("an array without a state") }
    guard let state = graph.tuple(state), state.count == 4 || state.count == 5 else {
      throw wrongOperand("the state of an array")
    }
    let values = Array(state.suffix(4))
    guard let shape = graph.ints(values[0]), let isFortranOrder = graph.int(values[2]) else {
      throw wrongOperand("the state of an array")
    }
    graph.arrays[index] = try array(
      values[1], shape: shape, isFortranOrder: isFortranOrder != 0, data: values[3])
  }

  /// `_frombuffer(bytes, dtype, shape, 'C')`, as protocol 5 has it.
  mutating func arrayFromBuffer(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard call.arguments.count == 4, let shape = graph.ints(call.arguments[2]),
      let order = graph.name(call.arguments[3]), order == "C" || order == "F"
    else { throw wrongArguments(call, "bytes, a dtype, a shape and the order 'C' or 'F'") }
    return try add(
      try array(call.arguments[1], shape: shape, isFortranOrder: order == "F", data: call.arguments[0]))
  }

  /// `scalar(dtype, bytes)`: one number or string.
  mutating func scalar(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard call.arguments.count == 2, case .elementType(let index) = graph[call.arguments[0]],
      graph.elementTypes[index].kind.first != "O"
    else { throw wrongArguments(call, "a dtype of numbers or strings, and bytes") }
    let array = try array(call.arguments[0], shape: [], isFortranOrder: false, data: call.arguments[1])
    switch array {
    case .numbers(let type, let layout, let isBigEndian, let bytes, _):
      return try add(.numbers(type, layout, isBigEndian: isBigEndian, bytes: bytes, isScalar: true))
    case .objects(_, let elements): return elements.first ?? PickleGraph.none
    case .empty: return PickleGraph.none
    }
  }

  private mutating func add(_ array: PickleArrayNode) throws(PickleError) -> PickleNodeID {
    graph.arrays.append(array)
    return try graph.add(.array(graph.arrays.count - 1), at: offset)
  }

  /// The layout that `make` makes; what is wrong with it is a fault of the current opcode.
  func layout(
    _ make: () throws(StridedLayout.Fault) -> StridedLayout
  ) throws(PickleError) -> StridedLayout {
    do { return try make() } catch { throw self.error(.layout(error)) }
  }
}
