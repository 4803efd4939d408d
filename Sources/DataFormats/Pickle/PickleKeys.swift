/// Numbers the keys of a pickle's dictionaries so that two have the same number when Python takes them for
/// equal: 1, 1.0 and True are one key, the byte string 'a' and the text u'a' are two, as in Python 3.
///
/// Each node is looked at once, however often it is a key, and a tuple is told by the numbers of its elements;
/// so the work is bounded by the size of the pickle, whatever its memo does.
struct PickleKeys {
  private enum Content: Hashable {
    case none
    case integer(PickleInteger)
    case double(UInt64)
    case bytes(ByteString)
    case text(ByteString)
    case tuple([Int])
    case name(PickleName)
  }

  private var numbers: [Content: Int] = [:]
  private var numberOfNode: [PickleNodeID: Int] = [:]
  private(set) var count = 0

  /// The number of a node as a key; nil when Python could not hash it, or it is no key that is understood.
  mutating func number(of id: PickleNodeID, in graph: PickleGraph) -> Int? {
    if let number = numberOfNode[id] { return number }
    guard let number = newNumber(of: id, in: graph) else { return nil }
    numberOfNode[id] = number
    return number
  }

  private mutating func newNumber(of id: PickleNodeID, in graph: PickleGraph) -> Int? {
    switch graph[id] {
    case .none: return number(of: .none)
    case .boolean(let value): return number(of: .integer(value ? 1 : 0))
    case .integer(let value): return number(of: .integer(PickleInteger(value)))
    case .largeInteger(let index): return number(of: .integer(graph.integers[index]))
    case .double(let value): return number(of: value)
    case .bytes, .decodedBytes: return graph.bytes(id).map { number(of: .bytes($0)) }
    case .text, .decodedText: return graph.bytes(id).map { number(of: .text($0)) }
    case .global(let index): return number(of: .name(graph.globals[index].name))
    case .tuple(let index):
      var elements: [Int] = []
      for element in graph.sequences[index] {
        // The depth of this recursion is that of the tuples, which has been checked.
        guard let number = number(of: element, in: graph) else { return nil }
        elements.append(number)
      }
      return number(of: .tuple(elements))
    case .array:
      guard let scalar = graph.scalar(id) else { return nil }
      if let integer = scalar.integer { return number(of: .integer(integer)) }
      return scalar.number.map { number(of: $0) }
    default: return nil
    }
  }

  private mutating func number(of value: Double) -> Int {
    if let integer = Int64(exactly: value) { return number(of: .integer(PickleInteger(integer))) }
    // No NaN equals another, nor the same one from another place.
    if value.isNaN {
      defer { count += 1 }
      return count
    }
    return number(of: .double(value.bitPattern))
  }

  private mutating func number(of content: Content) -> Int {
    if let number = numbers[content] { return number }
    numbers[content] = count
    defer { count += 1 }
    return count
  }
}
