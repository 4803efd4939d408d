internal import DataFormats

/// The value of an option of another program's, for display.
public enum OptionValue: Sendable, Equatable {
  /// Python's None.
  case none
  /// True or False.
  case boolean(Bool)
  /// A whole number.
  case integer(Int)
  /// A floating-point number.
  case number(Double)
  /// A string.
  case text(String)
  /// Anything else, by its kind; text after it was kept in a file.
  case other(String)

  /// Longer texts, in bytes, are no names or paths.
  private static let lengthLimit = 4096
  /// More options than any program has.
  private static let countLimit = 256

  init(_ value: PickleValue) {
    switch value {
    case .none: self = .none
    case .boolean(let value): self = .boolean(value)
    case .bytes, .text:
      let text = value.string.flatMap { $0.utf8.count <= Self.lengthLimit ? $0 : nil }
      self = text.map { .text($0) } ?? .other(value.description)
    case .integer, .double, .scalar:
      self =
        value.int.map { .integer($0) } ?? value.double.map { .number($0) } ?? .other(value.description)
    default: self = .other(value.description)
    }
  }

  /// The entries of a dictionary, or the attributes of an instance, that have a name; the first of very many.
  static func named(_ value: PickleValue) -> [String: OptionValue] {
    var entries = value.entries ?? []
    if case .instance(let instance) = value { entries = instance.state?.entries ?? [] }
    let named = entries.prefix(countLimit).compactMap { entry in
      entry.key.string.flatMap { $0.utf8.count <= lengthLimit ? ($0, OptionValue(entry.value)) : nil }
    }
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
