import Foundation

/// Reading, writing and flushing of open descriptors. Failures are returned as `errno` has them, and success as 0.
package enum OpenFile {
  /// The next `size` bytes from where the descriptor stands, or fewer where the file ends or reading fails, and how
  /// reading ended.
  package static func read(_ size: Int, from descriptor: Int32) -> (bytes: [UInt8], code: Int32) {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = 0
      while count < size {
        let got = Foundation.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if got > 0 {
          count += got
        } else if got == 0 || errno != EINTR {
          code = got == 0 ? 0 : errno
          return
        }
      }
    }
    return (bytes, code)
  }

  /// All bytes from where the descriptor stands, of a pipe until it ends, and how reading ended; `EFBIG` where there
  /// are more than `limit`.
  package static func contents(of descriptor: Int32, limit: Int) -> (bytes: [UInt8], code: Int32) {
    let blockSize = 1 << 20
    var bytes: [UInt8] = []
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_size > 0 {
      bytes.reserveCapacity(min(Int(status.st_size), limit))
    }
    while true {
      let (block, code) = read(blockSize, from: descriptor)
      guard code == 0, bytes.count + block.count <= limit else { return (bytes, code == 0 ? EFBIG : code) }
      bytes += block
      if block.count < blockSize { return (bytes, 0) }
    }
  }

  /// All bytes of the file or pipe at `path`, as of a descriptor.
  package static func contents(of path: String, limit: Int) -> (bytes: [UInt8], code: Int32) {
    var descriptor = open(path, O_RDONLY | O_CLOEXEC)
    // Opening a pipe waits for its writer, and a signal may come meanwhile.
    while descriptor < 0, errno == EINTR { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return ([], errno) }
    defer { _ = close(descriptor) }
    return contents(of: descriptor, limit: limit)
  }

  /// Writes all of `bytes` where the descriptor stands.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    write(bytes) { chunk, _ in
      Foundation.write(descriptor, chunk.baseAddress, chunk.count)
    }
  }

  /// Writes all of `bytes` at `offset`, whatever stands there.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int
  ) -> Int32 {
    write(bytes) { chunk, written in
      pwrite(descriptor, chunk.baseAddress, chunk.count, off_t(offset + written))
    }
  }

  /// Calls `writeChunk` with what is left of `bytes` and how many are written, until none is left.
  private static func write(
    _ bytes: UnsafeRawBufferPointer,
    _ writeChunk: (_ chunk: UnsafeRawBufferPointer, _ written: Int) -> Int
  ) -> Int32 {
    // Linux writes at most 0x7ffff000 bytes at once, and Darwin refuses more.
    let chunkLimit = 1 << 30
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(chunkLimit))
      let written = writeChunk(chunk, bytes.count - rest.count)
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }

  /// Flushes to disk; succeeds also where the file (a pipe, a terminal) or its file system has no such thing.
  package static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      // Darwin's fsync leaves the data in the drive's cache.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
    #endif
    while fsync(descriptor) != 0 {
      switch errno {
      case EINTR: continue
      case EINVAL, ENOTSUP, EROFS: return 0
      default: return errno
      }
    }
    return 0
  }

  /// Makes the names in a folder last; a folder that cannot be opened for reading cannot be flushed, and need
  /// not be.
  package static func synchronizeFolder(_ path: String) -> Int32 {
    let folder = open(path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return 0 }
    defer { _ = close(folder) }
    return synchronize(folder)
  }
}
