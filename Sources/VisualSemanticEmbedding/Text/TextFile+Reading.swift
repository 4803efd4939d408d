#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file, or of a pipe until it ends.
func readTextFile(_ path: String, holding contents: TextFileError.Contents) throws(TextFileError) -> [UInt8] {
  let descriptor = retryingWhenInterrupted { open(path, O_RDONLY | O_CLOEXEC) }
  guard descriptor >= 0 else {
    let code = errno
    throw code == ENOENT
      ? .missing(file: path, contents: contents)
      : .unreadable(file: path, reason: String(cString: strerror(code)))
  }
  defer { close(descriptor) }

  var bytes: [UInt8] = []
  var status = stat()
  if fstat(descriptor, &status) == 0, status.st_size > 0 {
    // One more than the size, so that the read which finds the end needs no more room.
    bytes.reserveCapacity(min(Int(status.st_size), WordBuffer.maximumByteCount) + 1)
  }
  var block = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = retryingWhenInterrupted { read(descriptor, &block, block.count) }
    guard count >= 0 else {
      throw .unreadable(file: path, reason: String(cString: strerror(errno)))
    }
    if count == 0 { return bytes }
    guard bytes.count + count <= WordBuffer.maximumByteCount else {
      throw .tooLarge(file: path, byteLimit: WordBuffer.maximumByteCount)
    }
    bytes.append(contentsOf: block[..<count])
  }
}

private func retryingWhenInterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
