extension PickleValue {
  /// The value of a dictionary's key, or of an instance's attribute, that is this name as text or as a byte
  /// string; nil when there is none.
  ///
  /// - Complexity: looks at every key.
  package subscript(name: String) -> PickleValue? {
    switch self {
    case .dictionary(let dictionary): dictionary[name]
    case .instance(let instance): instance[name]
    default: nil
    }
  }

  /// The elements of a list, a tuple, a set, or an array of objects.
  package var elements: [PickleValue]? {
    switch self {
    case .list(let elements), .tuple(let elements), .set(let elements), .frozenSet(let elements),
      .objects(_, let elements):
      elements
    default: nil
    }
  }

  /// The entries of a dictionary of any kind.
  package var entries: [PickleDictionary.Entry]? {
    if case .dictionary(let dictionary) = self { dictionary.entries } else { nil }
  }

  /// The bytes of a byte string, or the UTF-8 of text: what a word of a vocabulary is.
  package var stringBytes: [UInt8]? {
    switch self {
    case .bytes(let bytes): Array(bytes)
    case .text(let text): Array(text.utf8)
    default: nil
    }
  }

  /// Text, or a byte string that is valid UTF-8.
  package var string: String? {
    switch self {
    case .text(let text): text
    case .bytes(let bytes): bytes.withUnsafeBytes { String(validating: $0, as: UTF8.self) }
    default: nil
    }
  }

  /// A truth value, or a whole number or NumPy's scalar of one.
  package var int: Int? {
    switch self {
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): value.int
    case .scalar(let scalar): scalar.integer?.int
    default: nil
    }
  }

  /// A number of any kind as float64, rounded where it is longer.
  package var double: Double? {
    switch self {
    case .double(let value): value
    case .scalar(let scalar): scalar.number
    default: int.map(Double.init)
    }
  }

  /// A truth value, or 0 or 1.
  package var boolean: Bool? {
    if case .boolean(let value) = self { return value }
    return int.flatMap { [0: false, 1: true][$0] }
  }

  /// The numbers of an array, a scalar or a tensor.
  package var array: StridedArray? {
    switch self {
    case .array(let array), .scalar(let array): array
    case .tensor(let tensor): tensor.array
    default: nil
    }
  }
}

extension PickleDictionary {
  /// The value of the key that is this name as text or as a byte string.
  ///
  /// - Complexity: looks at every key.
  package subscript(name: String) -> PickleValue? {
    entries.first { $0.key.isString(name) }?.value
  }
}

extension PickleInstance {
  /// The attribute with this name.
  package subscript(name: String) -> PickleValue? {
    switch state {
    case .dictionary(let attributes): attributes[name]
    case .tuple(let parts): parts.lazy.compactMap { $0[name] }.first
    default: nil
    }
  }
}

extension PickleValue {
  /// Whether the value is this name as text or as a byte string, to the byte.
  fileprivate func isString(_ name: String) -> Bool {
    switch self {
    case .text(let text): text.utf8.elementsEqual(name.utf8)
    case .bytes(let bytes):
      bytes.count == name.utf8.count && bytes.withUnsafeBytes { $0.elementsEqual(name.utf8) }
    default: false
    }
  }
}

extension StridedArray {
  /// The only element as an integer; nil when there are none or more, or it is of another type.
  var integer: PickleInteger? {
    guard layout.elementCount == 1 else { return nil }
    switch elementType {
    case .float16, .bfloat16, .float32, .float64: return nil
    case .bool: return first == [0] ? 0 : 1
    case .uint8, .uint16, .uint32, .uint64: return PickleInteger(littleEndian: first + [0])
    case .int8, .int16, .int32, .int64: return PickleInteger(littleEndian: first)
    }
  }

  /// The only element as float64, rounded where it is longer; nil when there are none or more.
  var number: Double? {
    guard layout.elementCount == 1 else { return nil }
    switch elementType {
    case .float64: return first.withUnsafeBytes { $0.loadUnaligned(as: Double.self) }
    case .float16, .bfloat16, .float32: return (try? contiguous().float32Values().first).map { Double($0) }
    default:
      guard let integer else { return nil }
      return integer.int.map(Double.init)
        ?? Double(first.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    }
  }

  /// The bytes of all elements, the least significant first.
  private var first: [UInt8] { contiguous().withUnsafeBytes { Array($0) } }
}
