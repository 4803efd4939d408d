/// What the elements of an array of NumPy are, as its header describes them.
public enum NumpyElements: Sendable, Equatable {
  /// Numbers that can be read, with the most significant byte first or last.
  case numbers(ArrayElementType, isBigEndian: Bool)
  /// Elements of another kind, such as complex numbers or text, by NumPy's descriptor.
  case other(descriptor: String)
  /// Records of several fields, whose description stands at this offset.
  case records(offset: Int)
  /// Python objects, which are pickled programs.
  case objects

  /// What NumPy's descriptor of a simple type (`<f4`) stands for.
  init(descriptor: String) {
    let kind = descriptor.dropFirst()
    if kind.first == "O" || descriptor.first == "O" {
      self = .objects
      return
    }
    // '=' is the writer's own order, which NumPy never writes to a file; '|' is for single bytes.
    guard
      let type = ArrayElementType.allCases.first(where: { $0.numpyDescriptor?.dropFirst() == kind }),
      let order = descriptor.first, "<>|".contains(order), order != "|" || type.byteCount == 1
    else {
      self = .other(descriptor: descriptor)
      return
    }
    self = .numbers(type, isBigEndian: order == ">" && type.byteCount > 1)
  }

  /// A name for people: `float32`, `<c8`, `records`, `objects`.
  public var name: String {
    switch self {
    case .numbers(let type, _): type.rawValue
    case .other(let descriptor): descriptor
    case .records: "records"
    case .objects: "objects"
    }
  }
}
