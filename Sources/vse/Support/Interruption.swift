import Foundation
import Synchronization

/// Ctrl-C and SIGTERM as a question that long work asks; the second signal ends the process at once.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { received in
        Interruption.requested.store(true, ordering: .relaxed)
        signal(received, SIG_DFL)
      }
    }
  }

  static var isRequested: Bool { requested.load(ordering: .relaxed) }
}
