internal import Foundation
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A web server on 127.0.0.1 that answers each request as a script says, well or badly, and closes the connection;
/// it ends with this object.
public final class ScriptedServer: Sendable {
  /// What a client asked for.
  public struct Request: Sendable {
    public let path: String
    /// By their names in lower case.
    public let headers: [String: String]
    /// How many requests came before this one.
    public let index: Int
  }

  /// What the server does with the connection, in order.
  public enum Step: Sendable {
    case send([UInt8])
    /// Ends the connection with a reset, so that the client sees an error and not an end.
    case reset
    /// Keeps the connection open, silent, until the client closes it.
    case fallSilent
  }

  public typealias Script = @Sendable (Request) -> [Step]

  /// Such as "http://127.0.0.1:12345".
  public let address: String
  private let state: ServerState

  public init(_ script: @escaping Script) throws {
    state = try ServerState(script)
    address = "http://127.0.0.1:\(state.port)"
    _ = Self.withoutProxies
    let state = state
    Thread.detachNewThread { state.acceptConnections() }
  }

  deinit { state.stop() }

  /// Clients must not ask a proxy for this machine. Once, as changing the environment is not safe among threads.
  private static let withoutProxies = setenv("no_proxy", "*", 1)

  /// The requests so far.
  public var requests: [Request] { state.requests.withLock { $0 } }
}

struct SocketError: Error {
  let call: String
  let code = errno
}

/// What the threads of a server share.
private final class ServerState: Sendable {
  let requests = Mutex<[ScriptedServer.Request]>([])
  let port: UInt16
  private let listener: Int32
  private let script: ScriptedServer.Script
  private let isStopped = Atomic(false)

  init(_ script: @escaping ScriptedServer.Script) throws {
    self.script = script
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw SocketError(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutableBytes(of: &address) { bytes in
      guard let pointer = bytes.bindMemory(to: sockaddr.self).baseAddress else { return false }
      return bind(descriptor, pointer, length) == 0 && listen(descriptor, 16) == 0
        && getsockname(descriptor, pointer, &length) == 0
    }
    guard isListening else {
      defer { close(descriptor) }
      throw SocketError(call: "bind")
    }
    listener = descriptor
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(listener) }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  func acceptConnections() {
    while !isStopped.load(ordering: .relaxed) {
      // accept() alone would wait for ever.
      guard isReadable(listener, milliseconds: 20) else { continue }
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { continue }
      Thread.detachNewThread { [self] in
        serve(connection)
        close(connection)
      }
    }
  }

  private func isReadable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&item, 1, milliseconds) > 0
  }

  private func serve(_ connection: Int32) {
    #if canImport(Darwin)
      var yes: Int32 = 1
      setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
    #endif
    guard let request = readRequest(connection) else { return }
    for step in script(request) {
      switch step {
      case .send(let bytes):
        guard send(bytes, to: connection) else { return }
      case .reset:
        // Closing without lingering resets.
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        return
      case .fallSilent:
        while !isStopped.load(ordering: .relaxed), !isReadable(connection, milliseconds: 20) {}
        return
      }
    }
  }

  private func readRequest(_ connection: Int32) -> ScriptedServer.Request? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      bytes += piece.prefix(count)
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
    let words = lines[0].split(separator: " ")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      headers[line[..<colon].lowercased()] = String(value)
    }
    return requests.withLock { requests in
      let request = ScriptedServer.Request(path: String(words[1]), headers: headers, index: requests.count)
      requests.append(request)
      return request
    }
  }

  private func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { buffer in
        #if canImport(Darwin)
          Darwin.send(connection, buffer.baseAddress, buffer.count, 0)
        #elseif canImport(Glibc)
          Glibc.send(connection, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        #else
          Musl.send(connection, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        #endif
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
