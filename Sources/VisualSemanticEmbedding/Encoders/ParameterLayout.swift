/// How a parameter is drawn before training.
public enum Initialization: Sendable, Equatable {
  /// Every number 0.
  case zero
  /// Every number this one.
  case constant(Float)
  /// Uniform in ±bound.
  case uniform(bound: Float)
  /// Side by side blocks of as many columns as `columns`: each orthogonal when it is square, else uniform
  /// in ±0.1 (the original's `norm_weight`).
  case blocks(columns: Int)
}

/// A place in a `ParameterLayout`.
public struct ParameterSlot: Sendable, Equatable {
  let index: Int
}

/// Names, shapes and places of a model's parameters in one contiguous buffer.
///
/// Parameters, gradients and moments share one layout, so that the optimiser, clipping, checkpoints and
/// files loop over the buffer or over its entries and know no layer by name.
public struct ParameterLayout: Sendable {
  /// A named parameter.
  public struct Entry: Sendable {
    /// Its name, unique in the layout and in files.
    public let name: String
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// How it is drawn before training.
    public let initialization: Initialization
    /// The index of the first element.
    let offset: Int

    /// Whether a decoupled weight decay acts on it: on matrices, but not on biases and other single rows,
    /// which do not overfit by growing.
    var isDecayed: Bool { rows > 1 }
  }

  /// The parameters in the order of the buffer.
  public private(set) var entries: [Entry] = []

  package init() {}
  /// The number of elements of the buffer, padding included.
  private(set) var count = 0

  /// Adds a parameter [rows, columns] and returns its place. Names are unique.
  package mutating func add(_ name: String, rows: Int, columns: Int, _ initialization: Initialization)
    -> ParameterSlot
  {
    precondition(!entries.contains { $0.name == name }, "two parameters named \(name)")
    entries.append(
      Entry(name: name, rows: rows, columns: columns, initialization: initialization, offset: count))
    // A multiple of a cache line; the padding is zero and stays zero through every update.
    count += (rows * columns + 31) & ~31
    return ParameterSlot(index: entries.count - 1)
  }

  /// The elements of the buffer in ranges on which a decoupled weight decay acts or does not; padding is with
  /// what it follows.
  /// - Parameter kept: a parameter that is not decayed.
  func decayRanges(except kept: ParameterSlot?) -> [(elements: Range<Int>, isDecayed: Bool)] {
    var ranges: [(elements: Range<Int>, isDecayed: Bool)] = []
    for (index, entry) in entries.enumerated() {
      let end = index + 1 < entries.count ? entries[index + 1].offset : count
      let isDecayed = entry.isDecayed && index != kept?.index
      if let last = ranges.last, last.isDecayed == isDecayed {
        ranges[ranges.count - 1].elements = last.elements.lowerBound..<end
      } else {
        ranges.append((entry.offset..<end, isDecayed))
      }
    }
    return ranges
  }

  /// The number of trained numbers, without padding.
  public var parameterCount: Int { entries.reduce(0) { $0 + $1.rows * $1.columns } }
}
