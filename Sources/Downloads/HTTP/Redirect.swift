internal import Foundation

/// Where a redirect leads from `address`, an address of http or https.
///
/// - Throws: `DownloadError` when `location` is no address, leads from https to http, where anybody on the way could
///   change the file, or elsewhere than to the web.
func redirected(
  from address: String, to location: String, origin: DownloadOrigin
) throws(DownloadError) -> String {
  guard let base = URL(string: address), let url = URL(string: location, relativeTo: base)?.absoluteURL,
    let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme), url.host?.isEmpty == false
  else { throw .badRedirect(origin, location: location) }
  guard scheme == "https" || base.scheme?.lowercased() == "http" else {
    throw .insecureRedirect(origin, location: url.absoluteString)
  }
  return url.absoluteString
}
