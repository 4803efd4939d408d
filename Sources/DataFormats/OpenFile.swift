#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reading, writing and flushing of open descriptors. Failures are returned as `errno` has them, and success as 0.
package enum OpenFile {
  /// The next `size` bytes from where the descriptor stands, or fewer where the file ends or reading fails, and how
  /// reading ended.
  package static func read(_ size: Int, from descriptor: Int32) -> (bytes: [UInt8], code: Int32) {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = 0
      while count < size {
        let got = readChunk(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
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

  private static func readChunk(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ size: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, buffer, size)
    #elseif canImport(Musl)
      Musl.read(descriptor, buffer, size)
    #else
      Darwin.read(descriptor, buffer, size)
    #endif
  }

  /// Writes all of `bytes` where the descriptor stands.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    write(bytes) { chunk, _ in
      #if canImport(Glibc)
        Glibc.write(descriptor, chunk.baseAddress, chunk.count)
      #elseif canImport(Musl)
        Musl.write(descriptor, chunk.baseAddress, chunk.count)
      #else
        Darwin.write(descriptor, chunk.baseAddress, chunk.count)
      #endif
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
