internal import DataFormats

/// The value of an option of another program's, for display.
public enum OptionValue: Sendable, Equatable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// Anything else, by its kind; text after it was kept in a file.
  case other(String)

  init(_ value: PickleValue) {
    switch value {
    case .none: self = .none
    case .boolean(let value): self = .boolean(value)
    case .bytes, .text: self = value.string.map { .text($0) } ?? .other("bytes")
    case .integer, .double, .scalar:
      self = value.int.map { .integer($0) } ?? value.double.map { .number($0) } ?? .other("a number")
    case .tuple, .list, .set, .frozenSet: self = .other("a list of \(value.elements?.count ?? 0)")
    case .dictionary: self = .other("a dictionary of \(value.entries?.count ?? 0)")
    case .instance(let instance): self = .other("an instance of \(instance.className)")
    case .array, .objects, .tensor: self = .other("an array")
    case .elementType(let name): self = .other(name)
    case .name(let name): self = .other(name.description)
    }
  }

  /// The entries of a dictionary, or the attributes of an instance, that have a name.
  static func named(_ value: PickleValue) -> [String: OptionValue] {
    var entries = value.entries ?? []
    if case .instance(let instance) = value { entries = instance.state?.entries ?? [] }
    let named = entries.compactMap { entry in entry.key.string.map { ($0, OptionValue(entry.value)) } }
    return Dictionary(named, uniquingKeysWith: { first, _ in first })
  }
}

extension OptionValue: CustomStringConvertible {
  /// The value in one short line.
  public var description: String {
    switch self {
    case .none: "none"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let text): quoted(text, limit: 80)
    case .other(let kind): quoted(kind, limit: 80)
    }
  }
}

extension OptionValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .none: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    // JSON has no other numbers.
    case .number(let value) where value.isFinite: try container.encode(value)
    case .number(let value): try container.encode("\(value)")
    case .text(let text), .other(let text): try container.encode(text)
    }
  }
}
