/// A file as a good server gives it, and the ways in which others fail.
public struct ServedFile: Sendable {
  public var bytes: [UInt8]
  public var tag: String? = "\"one\""
  public var lastModified: String?
  /// Whether parts are given to those who ask for them.
  public var givesParts = true
  /// How many bytes of the body are sent before the connection breaks off; nil for all.
  public var breaksAfter: Int?

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The answer to a request.
  public func answer(_ request: ScriptedServer.Request) -> [ScriptedServer.Step] {
    var headers: [String] = []
    if let tag { headers.append("ETag: \(tag)") }
    if let lastModified { headers.append("Last-Modified: \(lastModified)") }
    guard givesParts, let start = Self.start(of: request), isSame(request) else {
      return Self.answer("200 OK", headers, body: bytes, breaksAfter: breaksAfter)
    }
    guard start < bytes.count else {
      return Self.answer("416 Range Not Satisfiable", headers + ["Content-Range: bytes */\(bytes.count)"])
    }
    headers.append("Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)")
    return Self.answer(
      "206 Partial Content", headers, body: Array(bytes[start...]), breaksAfter: breaksAfter)
  }

  /// An answer with a length, cut after so many bytes of the body where one is given.
  public static func answer(
    _ status: String, _ headers: [String] = [], body: [UInt8] = [], breaksAfter: Int? = nil
  ) -> [ScriptedServer.Step] {
    let head = head(status, headers + ["Content-Length: \(body.count)"])
    return [.send(head + body.prefix(breaksAfter ?? body.count))]
  }

  public static func head(_ status: String, _ headers: [String]) -> [UInt8] {
    Array((["HTTP/1.1 \(status)"] + headers + ["", ""]).joined(separator: "\r\n").utf8)
  }

  /// A body in pieces that tell their own lengths.
  public static func chunks(_ pieces: [[UInt8]], end: String = "0\r\n\r\n") -> [UInt8] {
    pieces.flatMap { Array("\(String($0.count, radix: 16))\r\n".utf8) + $0 + [13, 10] } + Array(end.utf8)
  }

  /// Where the part that is asked for begins.
  private static func start(of request: ScriptedServer.Request) -> Int? {
    guard let range = request.headers["range"], range.hasPrefix("bytes="), range.hasSuffix("-") else {
      return nil
    }
    return Int(range.dropFirst(6).dropLast())
  }

  private func isSame(_ request: ScriptedServer.Request) -> Bool {
    guard let condition = request.headers["if-range"] else { return true }
    return condition == tag || condition == lastModified
  }
}
