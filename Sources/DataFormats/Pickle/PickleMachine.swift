/// Interprets the opcodes of one pickle, and makes a graph of what it holds.
///
/// The machine is Python's (a stack, marks on it, a memo), with two differences: the names that a pickle gives
/// are never looked up in any program, only among the few of `PickleGlobal`; and of a class that is not among
/// them an instance is noted down, not made.
struct PickleMachine: ~Copyable {
  var cursor: PickleCursor
  var graph: PickleGraph
  var memo = PickleMemo()
  /// Whether the pickle is part of a PyTorch file, and may refer to storages outside of it.
  let allowsStorages: Bool
  private var stack: [PickleNodeID] = []
  /// The heights of the stack at which marks stand.
  private var marks: [Int] = []
  /// Where the current opcode stands, and which it is.
  private(set) var offset = 0
  private(set) var opcode = PickleOpcode.stop
  /// The bytes that each text became when it was encoded: Python's text does not change, so once is enough.
  var encodedText: [PickleNodeID: PickleNodeID] = [:]

  private init(cursor: PickleCursor, graph: PickleGraph, allowsStorages: Bool) {
    self.cursor = cursor
    self.graph = graph
    self.allowsStorages = allowsStorages
  }

  /// Interprets the pickle that begins at `offset` of `source`, and moves `offset` behind it.
  static func run(
    _ source: ByteString, path: String, offset: inout Int, allowsStorages: Bool = false
  ) throws(PickleError) -> (graph: PickleGraph, root: PickleNodeID) {
    let start = offset
    var (graph, root, end) = try source.withUnsafeBytes {
      (bytes) throws(PickleError) -> (PickleGraph, PickleNodeID, Int) in
      var machine = PickleMachine(
        cursor: PickleCursor(bytes, path: path, offset: start),
        graph: PickleGraph(source: source, path: path, start: start), allowsStorages: allowsStorages)
      let root = try machine.run()
      return (machine.graph, root, machine.cursor.offset)
    }
    graph.byteCount = end - start
    offset = end
    return (graph, root)
  }

  /// Interprets up to STOP and returns its value.
  private mutating func run() throws(PickleError) -> PickleNodeID {
    while true {
      offset = cursor.offset
      let byte = try cursor.byte()
      guard let opcode = PickleOpcode(rawValue: byte) else { throw error(.unknownOpcode(byte)) }
      self.opcode = opcode
      if opcode == .stop { break }
      try step()
    }
    for global in graph.globals {
      // A pickle that only looks up a function has already run a module's code, in Python.
      if case .unknown = global.meaning, !global.isClass {
        throw graph.error(.unknownGlobal(global.name.description), at: global.offset)
      }
    }
    return try pop()
  }

  private mutating func step() throws(PickleError) {
    switch opcode {
    case .stop: break
    case .proto:
      let version = try cursor.byte()
      guard version <= 5 else { throw error(.unknownProtocol(version)) }
    case .frame:
      // A frame only says how many bytes may be read at once; they are all here.
      let length = try cursor.number(UInt64.self)
      guard length <= UInt64(cursor.remaining) else {
        throw error(.truncated(missing: length - UInt64(cursor.remaining)))
      }
    case .mark: marks.append(stack.count)
    case .pop:
      if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .dup: push(try top())
    case .none: push(PickleGraph.none)
    case .newtrue: push(PickleGraph.yes)
    case .newfalse: push(PickleGraph.no)
    case .int, .long, .binint, .binint1, .binint2, .long1, .long4, .float, .binfloat: try pushNumber()
    case .string, .binstring, .shortBinstring, .binbytes, .shortBinbytes, .binbytes8, .bytearray8, .unicode,
      .binunicode, .shortBinunicode, .binunicode8:
      try pushString()
    case .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3, .emptyList, .list, .emptyDict, .dict, .emptySet,
      .frozenset:
      try pushContainer()
    case .append, .appends, .setitem, .setitems, .additems: try extendContainer()
    case .get, .binget, .longBinget: try get()
    case .put, .binput, .longBinput, .memoize: try put()
    case .global, .stackGlobal: try pushGlobal()
    case .inst, .obj, .newobj, .newobjEx: try pushInstance()
    case .reduce:
      let arguments = try pop()
      push(try reduce(try pop(), arguments))
    case .build: try build()
    case .binpersid: push(try storage(try pop()))
    case .persid, .ext1, .ext2, .ext4, .nextBuffer, .readonlyBuffer:
      throw error(.unsupportedOpcode(opcode.name))
    }
  }
}

// MARK: - The stack

extension PickleMachine {
  /// The error for a fault of the current opcode.
  func error(_ fault: PickleFault) -> PickleError { cursor.error(fault, at: offset) }

  /// The error for a value of the wrong kind.
  func wrongOperand(_ expected: String) -> PickleError {
    error(.wrongOperand(opcode: opcode.name, expected: expected))
  }

  mutating func push(_ id: PickleNodeID) { stack.append(id) }

  /// Adds a node and pushes it.
  mutating func push(_ node: PickleNode) throws(PickleError) { push(try graph.add(node, at: offset)) }

  /// The uppermost value; a mark hides what is below it.
  func top() throws(PickleError) -> PickleNodeID {
    guard stack.count > (marks.last ?? 0), let id = stack.last else {
      throw error(.stackUnderflow(opcode: opcode.name))
    }
    return id
  }

  mutating func pop() throws(PickleError) -> PickleNodeID {
    let id = try top()
    stack.removeLast()
    return id
  }

  /// The uppermost values, in the order in which they were pushed.
  mutating func pop(_ count: Int) throws(PickleError) -> [PickleNodeID] {
    guard stack.count - (marks.last ?? 0) >= count else { throw error(.stackUnderflow(opcode: opcode.name)) }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  /// The values above the last mark, in the order in which they were pushed; takes the mark away.
  mutating func popToMark() throws(PickleError) -> [PickleNodeID] {
    guard let mark = marks.popLast() else { throw error(.noMark(opcode: opcode.name)) }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }
}
