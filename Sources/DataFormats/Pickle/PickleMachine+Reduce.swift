extension PickleMachine {
  /// REDUCE: what a function or class that is understood makes of its arguments.
  mutating func reduce(_ function: PickleNodeID, _ arguments: PickleNodeID) throws(PickleError)
    -> PickleNodeID
  {
    guard let global = graph.global(function) else { throw wrongOperand("the name of a function or class") }
    guard let values = graph.tuple(arguments) else { throw wrongOperand("a tuple of arguments") }
    let call = PickleCall(name: global.name, arguments: values)
    switch global.meaning {
    case .orderedDictionary: return try orderedDictionary(call)
    case .defaultDictionary: return try defaultDictionary(call)
    case .set: return try graph.add(.set(add(try elements(call))), at: offset)
    case .frozenSet: return try graph.add(.frozenSet(add(try elements(call))), at: offset)
    case .bytes, .bytearray: return try bytes(call)
    case .encode: return try encode(call)
    case .reconstructor: return try reconstruct(call)
    case .numpyReconstruct: return try emptyArray(call)
    case .numpyScalar: return try scalar(call)
    case .numpyFromBuffer: return try arrayFromBuffer(call)
    case .numpyElementType: return try elementType(call)
    case .rebuildTensor: return try tensor(call, argumentCount: 4)
    case .rebuildTensorV2: return try tensor(call, argumentCount: 6)
    case .rebuildParameter: return try parameter(call)
    case .torchSize: return try torchSize(call)
    case .torchDevice: return try instance(call)
    case .object, .numpyArray, .storage, .constant, .unknown:
      throw graph.error(.unknownGlobal(global.name.description), at: global.offset)
    }
  }

  func wrongArguments(_ call: PickleCall, _ expected: String) -> PickleError {
    error(.wrongArguments(global: call.name.description, expected: expected))
  }

  /// `OrderedDict()` or `OrderedDict([[key, value], …])`.
  private mutating func orderedDictionary(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    var items: [PickleNodeID] = []
    if let list = call.arguments.first {
      guard call.arguments.count == 1, let pairs = graph.elements(list) else {
        throw wrongArguments(call, "a list of pairs")
      }
      try graph.share(pairs.count, at: offset)
      for pair in pairs {
        guard let values = graph.elements(pair), values.count == 2 else {
          throw wrongArguments(call, "a list of pairs")
        }
        items.append(contentsOf: values)
      }
    }
    graph.dictionaries.append(PickleDictionaryNode(kind: .ordered, items: items))
    return try graph.add(.dictionary(graph.dictionaries.count - 1), at: offset)
  }

  /// `defaultdict()`, `defaultdict(None)` or `defaultdict(list)`.
  private mutating func defaultDictionary(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    var factory: PickleName?
    if let argument = call.arguments.first, argument != PickleGraph.none {
      guard let global = graph.global(argument) else { throw wrongArguments(call, "a type") }
      guard global.meaning.isConstant else {
        throw graph.error(.unknownGlobal(global.name.description), at: global.offset)
      }
      factory = global.name
    }
    guard call.arguments.count <= 1 else { throw wrongArguments(call, "a type") }
    graph.dictionaries.append(PickleDictionaryNode(kind: .defaulting(factory)))
    return try graph.add(.dictionary(graph.dictionaries.count - 1), at: offset)
  }

  /// The elements of `set()` or `set([…])`.
  private mutating func elements(_ call: PickleCall) throws(PickleError) -> [PickleNodeID] {
    guard let list = call.arguments.first else { return [] }
    guard call.arguments.count == 1, let elements = graph.elements(list) else {
      throw wrongArguments(call, "a list")
    }
    try graph.share(elements.count, at: offset)
    return elements
  }

  /// `bytes()`, `bytearray(b'…')`, or `bytearray(u'…', 'latin-1')` as Python 2 writes it.
  private mutating func bytes(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    switch call.arguments.count {
    case 0: return try graph.add(.bytes(start: 0, count: 0), at: offset)
    case 1:
      switch graph[call.arguments[0]] {
      case .bytes, .decodedBytes: return call.arguments[0]
      default: throw wrongArguments(call, "a byte string")
      }
    default: return try encode(call)
    }
  }

  /// `_codecs.encode(u'…', 'latin1')`: one byte for each character.
  private mutating func encode(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard call.arguments.count == 2, let encoding = graph.name(call.arguments[1]),
      ["latin1", "latin-1"].contains(encoding), let text = graph.text(call.arguments[0])
    else { throw wrongArguments(call, "text and 'latin1'") }
    if let known = encodedText[call.arguments[0]] { return known }
    guard let bytes = text.withUnsafeBytes({ latin1($0) }) else {
      throw wrongArguments(call, "text in which every character is below U+0100")
    }
    graph.decodedBytes.append(ByteString(bytes))
    let id = try graph.add(.decodedBytes(graph.decodedBytes.count - 1), at: offset)
    encodedText[call.arguments[0]] = id
    return id
  }

  /// `copy_reg._reconstructor(class, object, None)`, or with another base and its value.
  private mutating func reconstruct(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard call.arguments.count == 3, let base = graph.global(call.arguments[1]), base.meaning.isConstant
    else {
      throw wrongArguments(call, "a class, the type that it extends and a value of that")
    }
    let name = try className(call.arguments[0])
    let isPlain = call.arguments[2] == PickleGraph.none
    graph.instances.append(
      PickleInstanceNode(className: name, arguments: isPlain ? [] : [call.arguments[2]]))
    return try graph.add(.instance(graph.instances.count - 1), at: offset)
  }

  /// A type of PyTorch's that is noted down as an instance: `torch.device('cuda', 0)`.
  private mutating func instance(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard call.arguments.count <= 2 else { throw wrongArguments(call, "a name and a number") }
    graph.instances.append(PickleInstanceNode(className: call.name, arguments: call.arguments))
    return try graph.add(.instance(graph.instances.count - 1), at: offset)
  }

  /// `torch.Size((…))`, which is a tuple.
  private func torchSize(_ call: PickleCall) throws(PickleError) -> PickleNodeID {
    guard call.arguments.count == 1, graph.tuple(call.arguments[0]) != nil else {
      throw wrongArguments(call, "a tuple")
    }
    return call.arguments[0]
  }
}

/// A function that is understood, and what it is given.
struct PickleCall {
  let name: PickleName
  let arguments: [PickleNodeID]
}

extension PickleGraph {
  /// The UTF-8 of text.
  fileprivate func text(_ id: PickleNodeID) -> ByteString? {
    switch self[id] {
    case .text, .decodedText: bytes(id)
    default: nil
    }
  }
}

/// The characters of UTF-8 below U+0100, a byte each; nil when there are others, or it is not UTF-8.
///
/// U+0080 to U+00FF stand in two bytes, of which the first is C2 or C3 and the second 10xxxxxx. Arrays are as good
/// as random bytes, so that a branch for either would be mispredicted every other time: each byte is written,
/// and the first of two is overwritten by what both are together.
private func latin1(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
  var wrong: UInt8 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: text.count) { buffer, count in
    var previous: UInt8 = 0
    var previousIsFirst: UInt8 = 0
    for byte in text {
      let isFirst: UInt8 = byte & 0xFE == 0xC2 ? 1 : 0
      let isSecond: UInt8 = byte & 0xC0 == 0x80 ? 1 : 0
      let joined = previous &<< 6 | byte & 0x3F
      buffer[count] = byte ^ (byte ^ joined) & (0 &- isSecond)
      wrong |= previousIsFirst ^ isSecond | byte &>> 7 ^ (isFirst | isSecond)
      count &+= 1 &- Int(isFirst)
      previous = byte
      previousIsFirst = isFirst
    }
    wrong |= previousIsFirst
  }
  return wrong == 0 ? bytes : nil
}
