internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Who may use the server.
package struct AccessRules: Sendable {
  /// What clients of the API must know; nil where everybody may use it.
  let token: String?
  /// The name or address that the server was told to listen at.
  let host: String
  /// Whether only this machine can reach the server.
  let isLoopback: Bool

  package init(host: String, token: String?) {
    self.host = host
    self.token = token
    isLoopback = Self.isLoopback(host)
  }

  /// Whether a name or an address is that of this machine for itself.
  package static func isLoopback(_ host: String) -> Bool {
    if host.lowercased() == "localhost" { return true }
    guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return false }
    return address.isLoopback
  }

  /// Whether a request's Host may be answered.
  ///
  /// A page from elsewhere can have its own name resolve to this machine and so pass for one of ours (DNS rebinding);
  /// what it cannot have is an address for a name. With a token that is of no use to it.
  package func accepts(authority: String?) -> Bool {
    guard token == nil || isLoopback else { return true }
    guard let authority else { return false }
    let name = Self.host(ofAuthority: authority)
    if name.lowercased() == host.lowercased() || name.lowercased() == "localhost" { return true }
    return (try? SocketAddress(ipAddress: name, port: 0)) != nil
  }

  /// "example.org:80" and "[::1]:80" without the port and the brackets.
  private static func host(ofAuthority authority: String) -> String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[authority.index(after: authority.startIndex)..<end])
    }
    return String(authority.prefix { $0 != ":" })
  }

  /// Whether a request that may change something comes from our own page, or from no page at all.
  package func accepts(origin: String?, fetchSite: String?, authority: String?) -> Bool {
    if let fetchSite, fetchSite != "same-origin", fetchSite != "none" { return false }
    guard let origin else { return true }
    guard let scheme = origin.range(of: "://"), let authority else { return false }
    return origin[scheme.upperBound...].lowercased() == authority.lowercased()
  }

  /// Whether the value of Authorization has the token.
  package func accepts(authorization: String?) -> Bool {
    guard let token else { return true }
    guard let authorization, authorization.prefix(7).lowercased() == "bearer " else { return false }
    return Self.areEqual(Array(authorization.dropFirst(7).utf8), Array(token.utf8))
  }

  /// Compares in a time that tells nothing of where the two differ.
  private static func areEqual(_ given: [UInt8], _ secret: [UInt8]) -> Bool {
    var difference = given.count ^ secret.count
    for (place, byte) in secret.enumerated() {
      difference |= Int(byte ^ (place < given.count ? given[place] : ~byte))
    }
    return difference == 0
  }
}

extension SocketAddress {
  /// Whether it is an address of this machine for itself.
  var isLoopback: Bool {
    guard let address = ipAddress else { return false }
    return address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
  }
}
