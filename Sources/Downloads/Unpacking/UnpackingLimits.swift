/// What an archive may ask for. The published ones stay far below.
package struct UnpackingLimits: Sendable {
  /// How many entries an archive may have.
  package var entries = 10_000
  /// How many times its own size an archive may give, once it gives more than `freeBytes`. Features that repeat
  /// five times and are mostly zeros pack to a twenty-fifth or so, deflate's best is a thousandth.
  package var ratio = 200
  /// Up to here the ratio does not matter.
  package var freeBytes = 256 << 20
  /// The most that any archive may give.
  package var bytes = 1 << 40
  /// How many folders may stand within each other.
  package var depth = 16

  package init() {}
}
