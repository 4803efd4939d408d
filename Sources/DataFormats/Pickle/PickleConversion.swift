/// Turns the graph of a pickle into a value, node by node, each once.
///
/// The walk keeps its own stack, so that no nesting can exhaust the program's; a node that is met again while
/// what it holds is being turned holds itself, which no value can.
struct PickleConversion {
  private enum State: UInt8 { case new, begun, done }

  let graph: PickleGraph
  /// The bytes of PyTorch's storages, in the order of `PickleGraph.storages`.
  let storages: [PyTorchStorage]
  private var states: [State]
  private(set) var values: [PickleValue]
  private var depths: [UInt16]
  /// How many steps a walk over each value takes that visits what is shared each time it is used; a string
  /// counts for its length too.
  private var weights: [Int]
  private let weightLimit: Int
  var keys = PickleKeys()
  /// The dictionary that last had a key of this number, and at which place.
  var lastPlaces: [(dictionary: Int, place: Int)] = []
  var dictionaryCount = 0

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
}
