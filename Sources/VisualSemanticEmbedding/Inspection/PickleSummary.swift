internal import DataFormats

/// What a pickle, or a file of PyTorch's, holds.
public struct PickleSummary: Sendable, Equatable, Encodable {
  /// The size of the file in bytes.
  public var bytes: Int
  /// A value for each pickle of the file; a file of PyTorch's has one.
  public var values: [ValueSummary]

  init(pickle path: String) throws(PickleError) {
    values = try PickleReader.readAll(path: path).prefix(ValueSummary.pickleLimit).map { ValueSummary($0) }
    bytes = fileSize(path)
  }

  init(pytorch path: String) throws(PyTorchError) {
    values = [ValueSummary(try PyTorchFile.read(path: path))]
    bytes = fileSize(path)
  }
}

/// A value of a pickle, and the first of those that it holds.
public struct ValueSummary: Sendable, Equatable, Encodable {
  /// Something that a value holds, by its key, attribute or index.
  public struct Member: Sendable, Equatable, Encodable {
    /// The key, the name of the attribute, or the index.
    public var name: String
    /// What stands there.
    public var value: ValueSummary
  }

  /// Python's type, such as dict, str or numpy.float32.
  public var type: String
  /// What the value is, when it holds no others; cut short.
  public var value: String?
  /// The type of the elements, for arrays and tensors.
  public var elementType: String?
  /// The sizes of the dimensions, for arrays and tensors.
  public var shape: [Int]?
  /// How many values it holds.
  public var count: Int?
  /// The first of these.
  public var members: [Member]?

  /// Of a file with many pickles only the first are told.
  static let pickleLimit = 8

  init(_ value: PickleValue) {
    var budget = Self.memberLimit
    self.init(value, depth: 0, budget: &budget)
  }

  // A summary is to be read by people, whatever the size of the file.
  private static let memberLimit = 200
  private static let depthLimit = 8
  private static let shownEntries = 24
  private static let shownElements = 4
  private static let shownArrays = 64

  private init(_ value: PickleValue, depth: Int, budget: inout Int) {
    type = value.typeName
    self.value = value.shortText
    elementType = value.array?.elementType.rawValue
    shape = value.array?.shape
    guard value.shortText == nil else { return }
    let members = value.members
    count = members.count
    guard depth < Self.depthLimit else { return }
    var shown: [Member] = []
    for member in members.prefix(Self.shownMembers(of: members)) where budget > 0 {
      budget -= 1
      shown.append(
        Member(
          name: member.label.text, value: ValueSummary(member.value, depth: depth + 1, budget: &budget)))
    }
    self.members = shown
  }

  private static func shownMembers(of members: [LabelledValue]) -> Int {
    guard let first = members.first else { return 0 }
    switch (first.value, first.label) {
    case (.array, _), (.tensor, _): return shownArrays
    case (_, .element): return shownElements
    default: return shownEntries
    }
  }
}

/// Something that a value holds.
private struct LabelledValue {
  enum Label {
    case key(PickleValue)
    case element(Int)
    case attribute(PickleValue)
    case argument(Int)
    case state

    /// As Python would write it, where it can.
    var text: String {
      switch self {
      case .key(let key): key.shortText ?? key.description
      case .element(let index): "[\(index)]"
      case .attribute(let name):
        "." + (name.string.map { quoted($0, limit: 60).dropFirst().dropLast() } ?? "?")
      case .argument(let index): "argument \(index)"
      case .state: "state"
      }
    }
  }

  var label: Label
  var value: PickleValue
}

extension PickleValue {
  /// What the value holds: elements, entries, attributes.
  fileprivate var members: [LabelledValue] {
    switch self {
    case .dictionary(let dictionary):
      Self.labelled(dictionary.entries) { .key($0) } + Self.labelled(dictionary.attributes) { .attribute($0) }
    case .instance(let instance): Self.members(of: instance)
    default: Self.labelled(elements ?? []) { .element($0) }
    }
  }

  private static func members(of instance: PickleInstance) -> [LabelledValue] {
    let state: [LabelledValue] =
      switch instance.state {
      case .dictionary(let attributes)?: labelled(attributes.entries) { .attribute($0) }
      case let state?: [LabelledValue(label: .state, value: state)]
      case nil: []
      }
    return labelled(instance.arguments) { .argument($0) }
      + labelled(instance.namedArguments) { .attribute($0) } + labelled(instance.elements) { .element($0) }
      + labelled(instance.entries) { .key($0) } + state
  }

  private static func labelled(
    _ values: [PickleValue], _ label: (Int) -> LabelledValue.Label
  ) -> [LabelledValue] {
    values.enumerated().map { LabelledValue(label: label($0.offset), value: $0.element) }
  }

  private static func labelled(
    _ entries: [PickleDictionary.Entry], _ label: (PickleValue) -> LabelledValue.Label
  ) -> [LabelledValue] {
    entries.map { LabelledValue(label: label($0.key), value: $0.value) }
  }
}
