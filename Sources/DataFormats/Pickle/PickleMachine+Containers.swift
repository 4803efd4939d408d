extension PickleMachine {
  /// Tuples, lists, dictionaries and sets, empty or with the values on the stack.
  mutating func pushContainer() throws(PickleError) {
    switch opcode {
    case .emptyTuple: push(PickleGraph.emptyTuple)
    case .tuple: try push(tuple: try popToMark())
    case .tuple1: try push(tuple: try pop(1))
    case .tuple2: try push(tuple: try pop(2))
    case .tuple3: try push(tuple: try pop(3))
    case .emptyList: try push(.list(add([])))
    case .list: try push(.list(add(try popToMark())))
    case .emptySet: try push(.set(add([])))
    case .frozenset: try push(.frozenSet(add(try popToMark())))
    case .emptyDict: try push(dictionary: .plain, items: [])
    default: try push(dictionary: .plain, items: try pairs(try popToMark()))
    }
  }

  private mutating func push(tuple elements: [PickleNodeID]) throws(PickleError) {
    if elements.isEmpty { push(PickleGraph.emptyTuple) } else { try push(.tuple(add(elements))) }
  }

  /// Adds a sequence to the graph and returns its place.
  mutating func add(_ elements: [PickleNodeID]) -> Int {
    graph.sequences.append(elements)
    return graph.sequences.count - 1
  }

  /// Adds a dictionary to the graph and pushes it.
  mutating func push(dictionary kind: PickleDictionary.Kind, items: [PickleNodeID]) throws(PickleError) {
    graph.dictionaries.append(PickleDictionaryNode(kind: kind, items: items))
    try push(.dictionary(graph.dictionaries.count - 1))
  }

  private func pairs(_ items: [PickleNodeID]) throws(PickleError) -> [PickleNodeID] {
    guard items.count % 2 == 0 else { throw wrongOperand("a value for every key") }
    return items
  }

  /// APPEND(S) to lists, SETITEM(S) to dictionaries, ADDITEMS to sets; a subclass of these takes them too.
  mutating func extendContainer() throws(PickleError) {
    switch opcode {
    case .append: try append(try pop(1))
    case .appends: try append(try popToMark())
    case .setitem: try set(try pop(2))
    case .setitems: try set(try pairs(try popToMark()))
    default:
      let elements = try popToMark()
      guard case .set(let index) = graph[try top()] else { throw wrongOperand("a set") }
      graph.sequences[index].append(contentsOf: elements)
    }
  }

  private mutating func append(_ elements: [PickleNodeID]) throws(PickleError) {
    switch graph[try top()] {
    case .list(let index): graph.sequences[index].append(contentsOf: elements)
    case .instance(let index): graph.instances[index].elements.append(contentsOf: elements)
    default: throw wrongOperand("a list")
    }
  }

  private mutating func set(_ items: [PickleNodeID]) throws(PickleError) {
    switch graph[try top()] {
    case .dictionary(let index): graph.dictionaries[index].items.append(contentsOf: items)
    case .instance(let index): graph.instances[index].items.append(contentsOf: items)
    default: throw wrongOperand("a dictionary")
    }
  }
}
