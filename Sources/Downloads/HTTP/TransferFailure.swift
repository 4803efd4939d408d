internal import CCurl

/// Why an answer did not come, or not whole.
public enum TransferFailure: Error, Equatable, Sendable {
  /// There is no libcurl on this machine.
  case noLibrary
  /// The address is none, or not of http or https.
  case badAddress
  /// The host's name has no address.
  case unknownHost
  /// The host takes no connection.
  case noConnection
  /// No connection or not a byte for a while.
  case timedOut
  /// The connection ended before the answer did.
  case broken
  /// The host cannot prove who it is.
  case untrusted
  /// There is no memory for the transfer.
  case outOfMemory
  /// Anything else, in libcurl's words.
  case other(String)

  /// The failure that a status stands for, or nil when it stands for none.
  init?(_ status: ccurl_status, message: String) {
    switch status {
    case CCURL_OK, CCURL_STOPPED: return nil
    case CCURL_NO_LIBRARY: self = .noLibrary
    case CCURL_BAD_ADDRESS: self = .badAddress
    case CCURL_UNKNOWN_HOST: self = .unknownHost
    case CCURL_NO_CONNECTION: self = .noConnection
    case CCURL_TIMED_OUT: self = .timedOut
    case CCURL_BROKEN: self = .broken
    case CCURL_UNTRUSTED: self = .untrusted
    case CCURL_OUT_OF_MEMORY: self = .outOfMemory
    default: self = .other(message)
    }
  }

  /// Whether it may be gone in a moment, for a host that has answered before.
  var mayPass: Bool {
    switch self {
    case .unknownHost, .noConnection, .timedOut, .broken, .other: true
    case .noLibrary, .badAddress, .untrusted, .outOfMemory: false
    }
  }

  /// Whether a host that has not answered yet is worth another attempt.
  var mayPassAtOnce: Bool {
    switch self {
    case .timedOut, .broken: true
    default: false
    }
  }
}
