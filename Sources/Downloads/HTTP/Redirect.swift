internal import Foundation

/// Where a redirect leads ([RFC 9110, 10.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.2)).
package enum Redirect: Equatable, Sendable {
  /// To another address of http or https.
  case web(String)
  /// From https to http, where anybody on the way could change the file.
  case insecure(String)
  /// To no address of the web.
  case nowhere

  /// - Parameters:
  ///   - location: an address, or a part of one that the rest is taken from `address` for.
  ///   - address: an address of http or https.
  package init(to location: String, from address: String) {
    guard !location.isEmpty, let base = URL(string: address),
      let url = URL(string: location, relativeTo: base)?.absoluteURL, url.host?.isEmpty == false,
      let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme)
    else {
      self = .nowhere
      return
    }
    let isDowngrade = scheme == "http" && base.scheme?.lowercased() == "https"
    self = isDowngrade ? .insecure(url.absoluteString) : .web(url.absoluteString)
  }
}
