import Foundation
import Synchronization

/// Ctrl-C and SIGTERM as a question that long work asks; the second signal ends the process at once.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  static func install() {
    // A program that starts this one may have blocked them, and that is inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { received in
        Interruption.requested.store(true, ordering: .relaxed)
        signal(received, SIG_DFL)
      }
    }
  }

  static var isRequested: Bool { requested.load(ordering: .relaxed) }
}
