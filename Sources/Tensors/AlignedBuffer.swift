#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Memory of a fixed size, aligned to 64 bytes and filled with zeros, that its matrices share and keep alive.
///
/// This is the door to raw memory. Its invariants: `base` is valid for `byteCount` bytes for as long as the
/// object lives; windows (`Matrix`, `Operand`) check their bounds when they are made and hold the object.
/// A pointer taken from a window is used only while the window itself is a parameter of the function that
/// uses it, which keeps the object alive until that function returns.
final class AlignedBuffer {
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  /// Large buffers are mapped: they go back to the system when freed, and pages that are never touched
  /// take no memory.
  private let mappedByteCount: Int?

  private static let smallestMapped = 1 << 20

  init(byteCount: Int) {
    precondition(byteCount >= 0, "a buffer cannot have a negative size")
    // A whole number of cache lines, so that vectorised loops may read their last line to its end.
    let rounded = (max(byteCount, 1) + 63) & ~63
    self.byteCount = byteCount
    if rounded >= Self.smallestMapped {
      let address = mmap(nil, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let address, address != MAP_FAILED else {
        preconditionFailure("out of memory: \(byteCount) bytes could not be allocated")
      }
      base = address
      mappedByteCount = rounded
    } else {
      var address: UnsafeMutableRawPointer?
      let status = posix_memalign(&address, 64, rounded)
      guard status == 0, let address else {
        preconditionFailure("out of memory: \(byteCount) bytes could not be allocated")
      }
      memset(address, 0, rounded)
      base = address
      mappedByteCount = nil
    }
  }

  deinit {
    if let mappedByteCount {
      munmap(base, mappedByteCount)
    } else {
      free(base)
    }
  }
}
