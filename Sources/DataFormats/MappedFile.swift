import Foundation

/// A whole file mapped read-only into memory; the mapping is owned by this object and ends with it.
///
/// Pages are read from disk when they are first touched and belong to the page cache, so that a file larger
/// than the memory can be used. What is mapped is the file as it was when opened: a file that is replaced by
/// renaming (as `ReplacingFile` does) stays readable, but one that another program shortens in place makes a
/// touch of the lost pages end the process with SIGBUS, and one that it overwrites in place changes under us.
// `@unchecked Sendable`: the pages are never written, and `base` and `count` never change.
public final class MappedFile: @unchecked Sendable {
  /// How the bytes are going to be read, a hint to the system's read-ahead.
  public enum AccessPattern: Sendable {
    case normal, sequential, random
  }

  /// The path as it was given.
  public let path: String
  /// The size of the file in bytes.
  public let count: Int
  // Invariant: nil exactly when `count` is 0 (an empty range cannot be mapped); otherwise [base, base + count)
  // is readable from the end of `init` to `deinit`, which gives it back to where it is from.
  private let base: UnsafeMutableRawPointer?
  private let isMapped: Bool

  /// Maps the file at `path`, which may be empty.
  ///
  /// Throws when it cannot be opened, or is a folder, a pipe or a device.
  public init(path: String) throws(FileError) {
    guard !path.utf8.contains(0) else { throw .notFound(path: path) }
    // Without O_NONBLOCK, opening a named pipe waits for its writer, maybe for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(code: errno, path: path, operation: .open) }
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(code: errno, path: path, operation: .open) }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw .isFolder(path: path) }
    guard kind == S_IFREG else { throw .notRegularFile(path: path) }
    guard let size = Int(exactly: status.st_size), size >= 0 else {
      throw .system(path: path, operation: .map, code: EFBIG)
    }
    var mapping: UnsafeMutableRawPointer?
    if size > 0 {
      mapping = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
      guard mapping != MAP_FAILED else { throw FileError(code: errno, path: path, operation: .map) }
    }
    self.path = path
    count = size
    base = mapping
    isMapped = true
  }

  /// A copy of `bytes` that readers take for a file; errors call it `path`.
  public init(bytes: some Collection<UInt8>, path: String) {
    self.path = path
    count = bytes.count
    isMapped = false
    if bytes.isEmpty {
      base = nil
    } else {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
      buffer.copyBytes(from: bytes)
      base = buffer.baseAddress
    }
  }

  deinit {
    guard let base else { return }
    if isMapped {
      _ = munmap(base, count)
    } else {
      base.deallocate()
    }
  }

  /// Calls `body` with all bytes of the file; the pointer is valid only within the call.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // The pointer stays valid within `body` as `self` is alive until it returns.
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Tells the system how the bytes will be read; a hint that never fails.
  public func advise(_ pattern: AccessPattern) {
    guard let base, isMapped else { return }
    let advice =
      switch pattern {
      case .normal: POSIX_MADV_NORMAL
      case .sequential: POSIX_MADV_SEQUENTIAL
      case .random: POSIX_MADV_RANDOM
      }
    _ = posix_madvise(base, count, advice)
  }
}
