extension PickleValue {
  /// The name of its type in Python 3.
  package var typeName: String {
    switch self {
    case .none: "None"
    case .boolean: "bool"
    case .integer: "int"
    case .double: "float"
    case .bytes: "bytes"
    case .text: "str"
    case .tuple: "tuple"
    case .list: "list"
    case .set: "set"
    case .frozenSet: "frozenset"
    case .dictionary(let dictionary):
      switch dictionary.kind {
      case .plain: "dict"
      case .ordered: "OrderedDict"
      case .defaulting: "defaultdict"
      }
    case .instance(let instance): instance.className.description
    case .array, .objects: "ndarray"
    case .scalar(let scalar): "numpy.\(scalar.elementType.rawValue)"
    case .elementType: "dtype"
    case .tensor(let tensor): tensor.isParameter ? "Parameter" : "Tensor"
    case .name: "type"
    }
  }

  /// A value that holds no others in a few words: `'the'`, `3`, `float32 [300, 1024]`; nil for containers.
  package var shortText: String? {
    switch self {
    case .none: "None"
    case .boolean(let value): value ? "True" : "False"
    case .integer(let value): value.description
    case .double(let value): pythonDescription(of: value)
    case .bytes(let bytes):
      // A hostile pickle can hold a string of any length.
      quoted(String(decoding: Array(bytes[0..<min(bytes.count, 256)]), as: UTF8.self), limit: 60)
    case .text(let text): quoted(text, limit: 60)
    case .array(let array): array.text
    case .tensor(let tensor): tensor.array.text
    case .scalar(let scalar): scalar.integer?.description ?? scalar.number.map(pythonDescription) ?? "?"
    case .elementType(let name): quoted(name, limit: 60)
    case .name(let name): quoted(name.description, limit: 120)
    default: nil
    }
  }
}

extension StridedArray {
  /// `float32 [300, 1024]`
  fileprivate var text: String { "\(elementType.rawValue) \(shape)" }
}

extension PickleValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The type, and the value of what is no container or the number of its elements.
  package var description: String {
    if let shortText { return "\(typeName) \(shortText)" }
    return "\(typeName) of \(elements?.count ?? entries?.count ?? 0)"
  }

  package var debugDescription: String { description }

  /// Nothing, so that a test or a debugger that prints a value does not walk all of it.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
