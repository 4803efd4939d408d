import Foundation
import Synchronization

/// Tells which input was being read when the program crashes or hangs.
enum CrashReport {
  private static let number = Atomic(0)
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM]

  /// Hangs are found with an alarm, set anew for every thousandth input.
  private static let secondsForThousand: UInt32 = 60

  static func install() {
    for signal in signals {
      Foundation.signal(signal) { signal in
        // Nothing here may allocate: a crash can come from within the allocator.
        CrashReport.print("fuzz: signal ")
        CrashReport.print(Int(signal))
        CrashReport.print(signal == SIGALRM ? " (it hangs) at or soon after input " : " at input ")
        CrashReport.print(CrashReport.number.load(ordering: .relaxed))
        CrashReport.print("; read it alone with --only\n")
        Foundation.signal(signal, SIG_DFL)
        raise(signal)
      }
    }
  }

  static func begin(_ format: String) { FileHandle.standardError.write(Data("fuzz: \(format)\n".utf8)) }

  static func isReading(_ number: Int) {
    if number % 1000 == 0 { alarm(secondsForThousand) }
    self.number.store(number, ordering: .relaxed)
  }

  private static func print(_ text: StaticString) { _ = write(2, text.utf8Start, text.utf8CodeUnitCount) }

  private static func print(_ value: Int) {
    if value > 9 { print(value / 10) }
    withUnsafeBytes(of: UInt8(ascii: "0") + UInt8(value % 10)) { _ = write(2, $0.baseAddress, 1) }
  }
}
