import Foundation

/// Memory of a fixed size, aligned to 64 bytes and filled with zeros, or borrowed, that its matrices share and keep
/// alive.
///
/// This is the door to raw memory. Its invariants: `base` is valid for `byteCount` bytes for as long as the
/// object lives; windows (`Matrix`, `Operand`) check their bounds when they are made and hold the object.
/// A pointer taken from a window is used only while the window itself is a parameter of the function that
/// uses it, which keeps the object alive until that function returns.
final class AlignedBuffer {
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  /// Large buffers are mapped: they go back to the system when freed, and pages that are never touched
  /// take no memory. Nil for the others.
  private let mapping: UnsafeMutableRawBufferPointer?
  /// Whose memory it is, when it is another object's; that object lives as long as this one and frees it.
  private let owner: AnyObject?

  private static let smallestMapped = 1 << 20
  /// The size of a huge page where the system has them (x86-64, and arm64 with pages of 4 KiB).
  private static let hugePage = 1 << 21

  /// Memory of `owner`, which stays where it is, and readable, for as long as the owner lives. Nobody writes to it.
  init(borrowing bytes: UnsafeRawBufferPointer, owner: AnyObject) {
    guard let start = bytes.baseAddress else { preconditionFailure("memory has an address") }
    base = UnsafeMutableRawPointer(mutating: start)
    byteCount = bytes.count
    mapping = nil
    self.owner = owner
  }

  init(byteCount: Int) {
    owner = nil
    precondition(byteCount >= 0, "a buffer cannot have a negative size")
    // A whole number of cache lines, so that vectorised loops may read their last line to its end.
    let rounded = (max(byteCount, 1) + 63) & ~63
    self.byteCount = byteCount
    if rounded >= Self.smallestMapped {
      // Room to begin at a huge page's boundary: Adam reads and writes a few hundred megabytes a step, and
      // with small pages spends a tenth of its time on looking up their places.
      let slack = rounded >= Self.hugePage ? Self.hugePage : 0
      let address = mmap(nil, rounded + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let address, address != MAP_FAILED else {
        preconditionFailure("out of memory: \(byteCount) bytes could not be allocated")
      }
      mapping = UnsafeMutableRawBufferPointer(start: address, count: rounded + slack)
      base = slack == 0 ? address : address.alignedUp(toMultipleOf: Self.hugePage)
      #if os(Linux)
        // A hint, which systems without huge pages refuse. Whole pages only, so that the end of a buffer
        // takes no more memory than it needs.
        if slack > 0 { _ = madvise(base, rounded / Self.hugePage * Self.hugePage, Int32(MADV_HUGEPAGE)) }
      #endif
    } else {
      var address: UnsafeMutableRawPointer?
      let status = posix_memalign(&address, 64, rounded)
      guard status == 0, let address else {
        preconditionFailure("out of memory: \(byteCount) bytes could not be allocated")
      }
      memset(address, 0, rounded)
      base = address
      mapping = nil
    }
  }

  deinit {
    guard owner == nil else { return }
    if let mapping {
      munmap(mapping.baseAddress, mapping.count)
    } else {
      free(base)
    }
  }
}
