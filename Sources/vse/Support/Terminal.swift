import Foundation
import Synchronization

/// Standard error as a place for progress: one line that changes where that is a terminal, plain lines else.
enum Terminal {
  static let isInteractive = isatty(2) != 0

  /// Writes a line to standard error, or several.
  static func note(_ text: String) {
    let text = isBrief.load(ordering: .relaxed) ? text.prefix { $0 != "\n" } : text[...]
    write(clearing + text + "\n")
  }

  /// Runs `body`, during which notes are cut after their first lines.
  static func briefly(_ body: () throws -> Void) rethrows {
    isBrief.store(true, ordering: .relaxed)
    defer { isBrief.store(false, ordering: .relaxed) }
    try body()
  }

  private static let isBrief = Atomic<Bool>(false)

  /// Shows a line of progress in place of the last one; without a terminal as a line, at most every 10 seconds.
  static func progress(_ text: String) {
    if isInteractive {
      write(clearing + text.prefix(width))
    } else if isLogDue {
      write(text + "\n")
    }
  }

  private static let lastLog = Mutex<ContinuousClock.Instant?>(nil)

  private static var isLogDue: Bool {
    lastLog.withLock { last in
      let now = ContinuousClock.now
      guard last.map({ now - $0 >= .seconds(10) }) ?? true else { return false }
      last = now
      return true
    }
  }

  /// Removes the line of progress from a terminal.
  static func clearProgress() {
    if isInteractive { write(clearing) }
  }

  private static let clearing = isInteractive ? "\r\u{1B}[K" : ""

  private static var width: Int {
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 100 }
    return Int(size.ws_col) - 1
  }

  private static func write(_ text: String) {
    // A log that cannot be written (a full disk) must not end hours of work.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// "1:02:03", "4:05" or "12 s".
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let total = Int(seconds.rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    if hours > 0 { return String(format: "%d:%02d:%02d", hours, minutes, rest) }
    return minutes > 0 ? String(format: "%d:%02d", minutes, rest) : "\(rest) s"
  }
}
