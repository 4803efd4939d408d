internal import Foundation

/// The bytes that this user can still write to the file system of `folder`; nil when it does not tell.
func freeSpace(in folder: String) -> Int? {
  var status = statvfs()
  guard statvfs(folder, &status) == 0 else { return nil }
  let bytes = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
  // File systems without a size, such as those of some containers, say 0 blocks.
  guard !bytes.overflow, status.f_blocks > 0 else { return nil }
  return Int(clamping: bytes.partialValue)
}
