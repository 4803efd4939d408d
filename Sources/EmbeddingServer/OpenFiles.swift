internal import Foundation

/// How many files and connections this process may have open.
enum OpenFiles {
  /// What is kept for files beside the connections.
  private static let others = 128

  /// Asks the system for as many as it gives, and says how many connections may be open of those that are `wanted`.
  ///
  /// A shell often allows 1,024 files where the system allows many more; and with none left no connection could even be
  /// refused.
  static func connections(wanted: Int) -> Int {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return wanted }
    let needed = rlim_t(wanted + others)
    if limit.rlim_cur < needed {
      var raised = limit
      raised.rlim_cur = min(needed, limit.rlim_max)
      if setrlimit(resource, &raised) == 0 { limit = raised }
    }
    return max(16, Int(min(limit.rlim_cur, needed)) - others)
  }
}
