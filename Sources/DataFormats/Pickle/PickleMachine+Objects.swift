extension PickleMachine {
  /// GLOBAL and STACK_GLOBAL: a name of Python's, in two lines or on the stack.
  mutating func pushGlobal() throws(PickleError) {
    if opcode == .global {
      try push(global: try nameInLines())
    } else {
      let parts = try pop(2)
      guard let module = graph.name(parts[0]), let name = graph.name(parts[1]) else {
        throw wrongOperand("a module and a name")
      }
      try push(global: PickleName(module: module, name: name))
    }
  }

  private mutating func push(global name: PickleName) throws(PickleError) {
    graph.globals.append(PickleGlobalNode(name: name, meaning: PickleGlobal(name), offset: offset))
    try push(.global(graph.globals.count - 1))
  }

  private mutating func nameInLines() throws(PickleError) -> PickleName {
    let (module, name) = (try cursor.line(), try cursor.line())
    guard max(module.count, name.count) <= PickleGraph.nameLimit else {
      throw malformed("a module and a name of at most \(PickleGraph.nameLimit) bytes")
    }
    return PickleName(module: cursor.text(at: module), name: cursor.text(at: name))
  }

  /// INST and OBJ of Python 2's old-style classes, NEWOBJ and NEWOBJ_EX: notes an instance down.
  mutating func pushInstance() throws(PickleError) {
    switch opcode {
    case .inst:
      let name = try nameInLines()
      guard case .unknown = PickleGlobal(name) else { throw unexpectedArguments(name) }
      try push(instanceOf: name, arguments: try popToMark())
    case .obj:
      var values = try popToMark()
      guard !values.isEmpty else { throw error(.stackUnderflow(opcode: opcode.name)) }
      let name = try className(values.removeFirst())
      try push(instanceOf: name, arguments: values)
    case .newobj:
      let operands = try pop(2)
      try pushNew(operands[0], operands[1], named: nil)
    default:
      let operands = try pop(3)
      guard case .dictionary = graph[operands[2]] else { throw wrongOperand("a dictionary of arguments") }
      try pushNew(operands[0], operands[1], named: operands[2])
    }
  }

  private mutating func pushNew(
    _ global: PickleNodeID, _ arguments: PickleNodeID, named: PickleNodeID?
  ) throws(PickleError) {
    guard let values = graph.tuple(arguments) else { throw wrongOperand("a tuple of arguments") }
    if let node = graph.global(global), values.isEmpty, named == nil, node.meaning.isEmptyContainer {
      push(try reduce(global, arguments))
    } else {
      try graph.share(values.count, at: offset)
      try push(instanceOf: try className(global), arguments: values, named: named)
    }
  }

  private mutating func push(
    instanceOf name: PickleName, arguments: [PickleNodeID], named: PickleNodeID? = nil
  ) throws(PickleError) {
    graph.instances.append(
      PickleInstanceNode(className: name, arguments: arguments, namedArguments: named))
    try push(.instance(graph.instances.count - 1))
  }

  /// The name of a class that is not understood, which is now known to be one.
  mutating func className(_ id: PickleNodeID) throws(PickleError) -> PickleName {
    guard case .global(let index) = graph[id] else { throw wrongOperand("a class") }
    guard case .unknown = graph.globals[index].meaning else {
      throw unexpectedArguments(graph.globals[index].name)
    }
    graph.globals[index].isClass = true
    return graph.globals[index].name
  }

  private func unexpectedArguments(_ name: PickleName) -> PickleError {
    error(.wrongArguments(global: name.description, expected: "the arguments that Python's pickle gives it"))
  }

  /// BUILD: gives an instance its state, fills NumPy's arrays and element types.
  mutating func build() throws(PickleError) {
    let state = try pop()
    switch graph[try top()] {
    case .instance(let index):
      guard graph.instances[index].state == nil else { throw wrongOperand("an instance without a state") }
      graph.instances[index].state = state
    case .dictionary(let index):
      guard graph.dictionaries[index].attributes == nil, case .dictionary = graph[state] else {
        throw wrongOperand("a dictionary of attributes")
      }
      graph.dictionaries[index].attributes = state
    case .array(let index): try fill(array: index, state: state)
    case .elementType(let index): try fill(elementType: index, state: state)
    default: throw wrongOperand("an instance")
    }
  }
}

extension PickleGlobal {
  /// Whether it makes an empty container when it is called without arguments.
  fileprivate var isEmptyContainer: Bool {
    switch self {
    case .orderedDictionary, .defaultDictionary, .set, .frozenSet: true
    default: false
    }
  }
}
