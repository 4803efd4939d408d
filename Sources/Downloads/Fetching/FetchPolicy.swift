/// How patient a download is.
package struct FetchPolicy: Sendable {
  /// When a silent host counts as gone, in whole seconds.
  package struct Timeouts: Sendable {
    package var connectSeconds = 30
    package var stallSeconds = 60
  }

  package var timeouts = Timeouts()
  /// The pauses before further attempts; when all are spent without progress, the download fails.
  package var pauses: [Duration] = [.seconds(1), .seconds(2), .seconds(5), .seconds(10), .seconds(20)]
  /// How many new bytes make a broken attempt count as progress, so that a host that breaks off after each byte
  /// does not keep a download going for ever.
  package var progressBytes = 1 << 20
  /// The longest pause that a host may ask for.
  package var longestPause: Duration = .seconds(60)
  /// How many redirects may follow each other.
  package var redirects = 10
  /// How much work a crash may cost.
  package var checkpointInterval: Duration = .seconds(2)

  package init() {}
}
