/// The number of a node in a pickle's graph.
struct PickleNodeID: Hashable {
  let index: UInt32
}

/// A value while its pickle is interpreted. What can still change, or does not fit in two words, stands in a
/// table of the graph, at the index that the node has.
///
/// Nodes refer to each other by number: as in Python, a list that was put into the memo and is extended later
/// is extended wherever it is used.
enum PickleNode {
  case none
  case boolean(Bool)
  case integer(Int64)
  case largeInteger(Int)
  case double(Double)
  /// Bytes, or text in UTF-8, that stand in the pickle as they are.
  case bytes(start: Int, count: Int)
  case text(start: Int, count: Int)
  /// Bytes and text that had to be decoded.
  case decodedBytes(Int)
  case decodedText(Int)
  case tuple(Int)
  case list(Int)
  case set(Int)
  case frozenSet(Int)
  case dictionary(Int)
  case global(Int)
  case instance(Int)
  case elementType(Int)
  case array(Int)
  case storage(Int)
  case tensor(Int)
}

/// A dictionary while its pickle is interpreted.
struct PickleDictionaryNode {
  var kind: PickleDictionary.Kind
  /// Keys and values in turn, in the order in which they came; keys may come again.
  var items: [PickleNodeID] = []
  /// What BUILD adds to an OrderedDict: its own attributes, as a dictionary.
  var attributes: PickleNodeID?
}

/// An instance of an unknown class while its pickle is interpreted.
struct PickleInstanceNode {
  var className: PickleName
  var arguments: [PickleNodeID]
  /// A dictionary.
  var namedArguments: PickleNodeID?
  var state: PickleNodeID?
  /// For subclasses of list and dict.
  var elements: [PickleNodeID] = []
  var items: [PickleNodeID] = []
}

/// NumPy's `dtype` while its pickle is interpreted.
struct PickleElementTypeNode {
  /// The kind and size without the byte order: `f4`, `O8`.
  var kind: String
  var isBigEndian: Bool
}

/// NumPy's array or scalar, which `_reconstruct` makes empty and BUILD fills.
enum PickleArrayNode {
  case empty
  /// Bytes stand in a node until the end.
  case numbers(ArrayElementType, StridedLayout, isBigEndian: Bool, bytes: PickleNodeID, isScalar: Bool)
  case objects(shape: [Int], elements: [PickleNodeID])
}

/// A part of PyTorch's storage: all of it, or what a view of the legacy format sees.
struct PickleStorageNode {
  /// The place in `PickleGraph.storages`.
  var storage: Int
  /// Counted in elements.
  var offset: Int
  var count: Int
}

/// PyTorch's storage as the pickle names it; its bytes stand elsewhere in the file.
struct PickleStorage: Equatable {
  var key: String
  var elementType: ArrayElementType
  var elementCount: Int
}

/// PyTorch's tensor while its pickle is interpreted.
struct PickleTensorNode {
  var storage: Int
  /// Counted from the beginning of the storage.
  var layout: StridedLayout
  var requiresGradient: Bool
  var isParameter: Bool
}
