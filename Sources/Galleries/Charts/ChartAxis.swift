internal import Foundation

/// An axis from one round number to another, and round numbers between them.
struct ChartAxis {
  let range: ClosedRange<Double>
  let ticks: [Double]
  private let step: Double

  /// An axis that reaches over those values that it can show, of which there may be one or none; about `count` numbers are shown.
  init(_ values: [Double], includingZero: Bool = false, count: Int = 5) {
    let values = values.filter(Self.canShow) + (includingZero ? [0] : [])
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    // What differs by less could not be told apart by the numbers at the axis.
    let span = max(high - low, 1e-12, abs(high) * 1e-9)
    let step = Self.roundStep((high > low ? span : max(abs(high), 1)) / Double(count))
    let first = (low / step).rounded(.down)
    let last = max((high / step).rounded(.up), first + 1)
    range = first * step...last * step
    self.step = step
    ticks = (0...Int(min(last - first, 20))).map { (first + Double($0)) * step }
  }

  /// Whether a number can be on an axis: it is finite, and so are sums and differences of a few such.
  static func canShow(_ value: Double) -> Bool { abs(value) < 1e300 }

  /// 1, 2 or 5 times a power of ten, not less than a positive number.
  private static func roundStep(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    return ([1, 2, 5].map { $0 * power }.first { $0 >= least * 0.999 }) ?? 10 * power
  }

  /// Where a value is on an axis that goes from one place to another.
  func place(of value: Double, from start: Double, to end: Double) -> Double {
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return start + min(max(share, 0), 1) * (end - start)
  }

  /// A number of the axis for people.
  func label(_ tick: Double) -> String {
    if abs(tick) >= 1e6 { return String(format: "%g", tick) }
    let digits = max(0, min(6, Int((-log10(step)).rounded(.up))))
    return String(format: "%.\(digits)f", abs(tick) < step / 1e6 ? 0 : tick)
  }
}
