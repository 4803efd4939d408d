import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A connection to a server on this machine that sends whatever bytes it is told to, well-formed or not.
final class HTTPConnection: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafeBytes(of: &address) { bytes in
      guard let pointer = bytes.bindMemory(to: sockaddr.self).baseAddress else { return false }
      return connect(descriptor, pointer, socklen_t(bytes.count)) == 0
    }
    // What a test waits for longer than this is a failure.
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    #if canImport(Darwin)
      var yes: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
    #endif
    guard isConnected else { throw ConnectionError.refused }
  }

  deinit { close(descriptor) }

  /// Says that nothing more will be sent, while answers are still received.
  func endSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Whether all was taken.
  @discardableResult
  func send(_ bytes: some Collection<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { buffer in
        #if canImport(Darwin)
          Darwin.send(descriptor, buffer.baseAddress, buffer.count, 0)
        #elseif canImport(Glibc)
          Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        #else
          Musl.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        #endif
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Up to `count` bytes; none at the end of the connection.
  func receive(_ count: Int) throws -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: count)
    let received = recv(descriptor, &piece, count, 0)
    if received < 0, errno == EAGAIN || errno == EWOULDBLOCK { throw ConnectionError.silent }
    return Array(piece.prefix(max(0, received)))
  }

  /// The next answer; nil when the connection ends before one.
  func answer(toHead: Bool = false) throws -> HTTPAnswer? {
    var bytes: [UInt8] = []
    while true {
      if let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        var answer = HTTPAnswer(head: String(decoding: bytes[..<head.lowerBound], as: UTF8.self))
        let wanted =
          toHead || [204, 304].contains(answer.status) ? 0 : Int(answer.headers["content-length"] ?? "0") ?? 0
        answer.body = Array(bytes[head.upperBound...])
        while answer.body.count < wanted {
          let more = try receive(65_536)
          guard !more.isEmpty else { throw ConnectionError.cutOff }
          answer.body += more
        }
        return answer
      }
      let more = try receive(65_536)
      guard !more.isEmpty else { return nil }
      bytes += more
    }
  }

  /// Whether the server ends the connection.
  func ends() throws -> Bool {
    while try !receive(65_536).isEmpty {}
    return true
  }
}

enum ConnectionError: Error { case refused, silent, cutOff }

/// What a server has answered.
struct HTTPAnswer: Sendable {
  let status: Int
  /// By their names in lower case.
  let headers: [String: String]
  var body: [UInt8] = []

  init(head: String) {
    let lines = head.split(separator: "\r\n")
    status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
    headers = Dictionary(
      lines.dropFirst().compactMap { line in
        line.firstIndex(of: ":").map {
          (line[..<$0].lowercased(), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces))
        }
      }
    ) { $0 + ", " + $1 }
  }

  var text: String { String(decoding: body, as: UTF8.self) }

  /// The body as JSON.
  func json() throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
  }

  /// The code of an error.
  func errorCode() throws -> String? { (try json()["error"] as? [String: Any])?["code"] as? String }
}

/// A request, as bytes.
struct HTTPRequestText {
  var method = "GET"
  var path: String
  var headers: [String: String] = [:]
  var body: [UInt8] = []

  init(_ method: String = "GET", _ path: String, headers: [String: String] = [:], body: [UInt8] = []) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }

  /// With a JSON body.
  init(_ method: String = "POST", _ path: String, json: String, headers: [String: String] = [:]) {
    self.init(
      method, path, headers: headers.merging(["Content-Type": "application/json"]) { own, _ in own },
      body: Array(json.utf8))
  }

  /// With a form: "request" and photos.
  init(
    _ method: String = "POST", _ path: String, json: String?, photos: [(name: String, bytes: [UInt8])],
    headers: [String: String] = [:]
  ) {
    let boundary = "----test4711"
    var body: [UInt8] = []
    if let json {
      body += Array(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n\(json)\r\n".utf8)
    }
    for photo in photos {
      body += Array(
        """
        --\(boundary)\r\nContent-Disposition: form-data; name="image"; filename="\(photo.name)"\r
        Content-Type: image/jpeg\r\n\r\n
        """.utf8)
      body += photo.bytes + Array("\r\n".utf8)
    }
    body += Array("--\(boundary)--\r\n".utf8)
    let type = ["Content-Type": "multipart/form-data; boundary=\(boundary)"]
    self.init(method, path, headers: headers.merging(type) { own, _ in own }, body: body)
  }

  func bytes(port: Int) -> [UInt8] {
    var headers = headers
    headers["Host"] = headers["Host"] ?? "127.0.0.1:\(port)"
    if !body.isEmpty || method == "POST" {
      headers["Content-Length"] = headers["Content-Length"] ?? "\(body.count)"
    }
    let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }
    return Array("\(method) \(path) HTTP/1.1\r\n\(lines.joined())\r\n".utf8) + body
  }
}
