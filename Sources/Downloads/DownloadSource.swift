internal import DataFormats
internal import Foundation

/// Where files are taken from.
public enum DownloadSource: Sendable, Equatable {
  /// Where the authors published each.
  case published
  /// A folder of the web that holds them all under their names.
  case web(base: String)
  /// A folder of this machine.
  case folder(path: String)

  /// A mirror as one types it: an address of http or https, `file:///folder`, or the path of a folder.
  /// - Throws: `DownloadError.badMirror` when it is none of these.
  public init(mirror text: String) throws(DownloadError) {
    guard let colon = text.firstRange(of: "://") else {
      guard !text.isEmpty else { throw .badMirror(text) }
      self = .folder(path: text)
      return
    }
    guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), url.query == nil,
      url.fragment == nil, scheme == text[..<colon.lowerBound].lowercased()
    else { throw .badMirror(text) }
    switch scheme {
    case "http", "https":
      guard let host = url.host, !host.isEmpty else { throw .badMirror(text) }
      self = .web(base: url.absoluteString)
    case "file":
      guard url.host ?? "" == "" || url.host == "localhost", !url.path.isEmpty else { throw .badMirror(text) }
      self = .folder(path: url.path)
    default: throw .badMirror(text)
    }
  }
}
