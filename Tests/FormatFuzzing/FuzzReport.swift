/// What came of feeding a reader with damaged files.
package struct FuzzReport {
  /// An input, and what was the most about it.
  package struct Extreme {
    package var number = 0
    package var size = 0
    package var value = 0.0
  }

  package private(set) var inputs = 0
  /// Files that were read whole in spite of the damage.
  package private(set) var accepted = 0
  /// How often each error was thrown.
  package private(set) var refusals: [String: Int] = [:]
  /// The longest that a file took, in seconds.
  package private(set) var slowest = Extreme()
  /// The most memory that a file took, in bytes, beyond what it gave.
  package private(set) var largest = Extreme()
  /// The most memory for each byte of a file, after the format's allowance.
  package private(set) var highestMultiple = Extreme()
  /// Inputs that took too long, or too much memory, or whose error is no single line.
  package private(set) var faults: [String] = []

  package init() {}

  mutating func add(
    _ number: Int, size: Int, outcome: Result<Int, any Error>, seconds: Double, peak: Int?, allowance: Int
  ) {
    inputs += 1
    var given = 0
    switch outcome {
    case .success(let bytes):
      accepted += 1
      given = bytes
    case .failure(let error):
      refusals[Self.name(error), default: 0] += 1
      let text = "\(error)"
      if text.isEmpty || text.utf8.contains(0x0A) {
        faults.append("input \(number): an error of several lines")
      }
    }
    Self.raise(&slowest, number, size, seconds)
    if seconds > FuzzRun.secondsAllowed { faults.append("input \(number): \(seconds) s") }
    guard let peak else { return }
    let own = max(0, peak - 2 * given)
    let multiple = Double(max(0, own - allowance)) / Double(max(1, size))
    Self.raise(&largest, number, size, Double(own))
    Self.raise(&highestMultiple, number, size, multiple)
    if multiple > Double(FuzzRun.multiple) { faults.append("input \(number): \(peak) bytes for \(size)") }
  }

  private static func raise(_ extreme: inout Extreme, _ number: Int, _ size: Int, _ value: Double) {
    if value > extreme.value { extreme = Extreme(number: number, size: size, value: value) }
  }

  /// The case of an error enum, and of the enum within it, alone or beside a path and an offset.
  private static func name(_ error: Any) -> String {
    guard let (label, value) = Mirror(reflecting: error).children.first, let label else { return "\(error)" }
    let parts = [value] + Mirror(reflecting: value).children.map(\.value)
    guard let inner = parts.first(where: { Mirror(reflecting: $0).displayStyle == .enum }) else {
      return label
    }
    return label + "." + name(inner)
  }
}
