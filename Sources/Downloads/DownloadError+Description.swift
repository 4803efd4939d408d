internal import DataFormats
public import Foundation

extension DownloadError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .unpacking(let error): error.description
    case .unpackingFetched(let error, let origin):
      "\(error); what came from \(origin.address) was removed"
    case .badMirror(let text):
      "\(quoted(text)) is no mirror; give the address or the folder that holds the files, such as "
        + "https://HOST/FOLDER, file:///FOLDER or FOLDER"
    case .notInMirror(let path):
      "there is no file \(quoted(path)); give with --mirror the folder that holds it, or put it there"
    case .transfer(let origin, let failure, let kept): Self.described(failure, origin, kept: kept)
    case .gone(let origin, let status):
      "\(origin.address) is not there (\(Self.name(ofStatus: status))); \(origin.otherWays)"
    case .forbidden(let origin, let status):
      "\(origin.address) is not for everybody (\(Self.name(ofStatus: status))); \(origin.otherWays)"
    case .hostFailed(let origin, let status, let kept):
      "the host cannot send \(origin.address) (\(Self.name(ofStatus: status))); "
        + "\(Self.again(kept: kept)), or \(origin.otherWays)"
    case .unexpectedStatus(let origin, let status):
      "\(origin.address) answers \(Self.name(ofStatus: status)), which is no answer to a request for a file; "
        + origin.otherWays
    case .badRedirect(let origin, let location):
      "\(origin.address) leads to \(quoted(location, limit: 200)), which is no address of the web; "
        + origin.otherWays
    case .insecureRedirect(let origin, let location):
      "\(origin.address) leads from https to \(quoted(DownloadOrigin.withoutPassword(location), limit: 200)), "
        + "where anybody on the way could change the file; \(origin.otherWays)"
    case .tooManyRedirects(let origin):
      "\(origin.address) leads from one address to the next without end; \(origin.otherWays)"
    case .inconsistentParts(let origin):
      "the parts that \(origin.address) sends do not fit together; run this again later, or \(origin.otherWays)"
    case .encoded(let origin, let encoding):
      "\(origin.address) comes encoded as \(quoted(encoding, limit: 40)), which was not asked for; "
        + origin.otherWays
    case .wrongContent(let place, let fileName, let expected, let found):
      "\(place) is no \(expected) but \(found); get \(fileName) elsewhere, and name its folder or address with "
        + "--mirror"
    case .wrongChecksum(let place, let fileName, let expected, let found):
      "\(place) is not the published \(fileName): its SHA-256 begins with \(found.prefix(expected.count)), not "
        + "\(expected); get it elsewhere, and name its folder or address with --mirror"
    case .noFolder(let path): "the folder \(quoted(path)) cannot be made; choose another place with --into"
    case .blocked(let path):
      "something else stands at \(quoted(path)); move it away, or choose another folder with --into"
    case .noRoom(let folder, let needed, let free):
      "\(byteText(needed)) are needed in \(quoted(folder)) and \(byteText(free)) are free; "
        + "free some space or choose another disk with --into"
    case .busy(let path):
      "another vse download is writing \(quoted(path)); wait for it, or choose another folder with --into"
    case .interrupted(kept: 0): "stopped; nothing was kept"
    case .interrupted(let kept):
      "stopped with \(byteText(kept)) kept; the same command goes on from there"
    }
  }

  private static func described(_ failure: TransferFailure, _ origin: DownloadOrigin, kept: Int) -> String {
    let address = origin.address
    return switch failure {
    case .noLibrary:
      "there is no libcurl, which downloads need; install it (Debian: apt-get install libcurl4) or fetch "
        + "\(address) in another way, put it into \(quoted(origin.folder)) and run this again"
    case .badAddress: "\(quoted(address)) is no address of http or https; check --mirror"
    case .unknownHost:
      "the host \(origin.host) cannot be found; check the network, or \(origin.otherWays)"
    case .noConnection:
      "the host \(origin.host) takes no connection; \(again(kept: kept)), or \(origin.otherWays)"
    case .timedOut:
      "the host \(origin.host) has fallen silent; \(again(kept: kept)), or \(origin.otherWays)"
    case .broken:
      "the connection to \(address) breaks off again and again; \(again(kept: kept)), or \(origin.otherWays)"
    case .untrusted:
      "the host \(origin.host) cannot prove who it is; check this machine's date and certificates, or "
        + origin.otherWays
    case .outOfMemory: "there is not enough memory to fetch \(address); close other programs"
    case .other(let message):
      "\(address) cannot be fetched: \(quoted(message, limit: 200)); \(again(kept: kept)), or "
        + origin.otherWays
    }
  }

  private static func again(kept: Int) -> String {
    "run this again later" + (kept > 0 ? " (\(byteText(kept)) are kept)" : "")
  }

  /// "HTTP 404, not found".
  private static func name(ofStatus status: Int) -> String {
    let names = [
      401: "password needed", 403: "forbidden", 404: "not found", 407: "the proxy needs a password",
      408: "it waited too long", 410: "removed", 429: "too many requests", 451: "removed by law",
      500: "internal error", 502: "bad gateway", 503: "unavailable", 504: "gateway without answer",
    ]
    return "HTTP \(status)" + (names[status].map { ", " + $0 } ?? "")
  }
}

extension DownloadOrigin {
  /// The host as the address names it.
  fileprivate var host: String { URLComponents(string: address)?.host ?? address }

  /// What one can do when the file does not come from its address.
  fileprivate var otherWays: String {
    "get \(fileName) elsewhere (try https://web.archive.org) and put it into \(quoted(folder)), or name its folder or "
      + "address with --mirror"
  }
}
