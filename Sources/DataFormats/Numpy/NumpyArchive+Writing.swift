extension NumpyArchive {
  /// Writes named arrays as a .npz archive, replacing what is at `path` in one step; the same arrays give the same
  /// bytes.
  ///
  /// They are stored as they are, so that they can be mapped, or deflated when `compressed`. Throws for bfloat16,
  /// which NumPy does not have, when a name is used twice or is no name for a file, and when the archive
  /// cannot be written.
  public static func write(
    _ arrays: [(name: String, array: ArrayData)], to path: String, compressed: Bool = false
  ) throws(NumpyArchiveError) {
    let members = try members(arrays, path: path, compressed: compressed)
    do { try ZipArchive.write(members, to: path) } catch { throw .zip(error) }
  }

  /// The same into a file that has nothing yet and that the caller commits.
  package static func write(
    _ arrays: [(name: String, array: ArrayData)], into file: ReplacingFile, compressed: Bool = false
  ) throws(NumpyArchiveError) {
    let members = try members(arrays, path: file.path, compressed: compressed)
    do { try ZipArchive.write(members, into: file) } catch { throw .zip(error) }
  }

  private static func members(
    _ arrays: [(name: String, array: ArrayData)], path: String, compressed: Bool
  ) throws(NumpyArchiveError) -> [ZipMember] {
    var members: [ZipMember] = []
    for (name, array) in arrays {
      let file = name + ".npy"
      let header: [UInt8]
      do { header = try NumpyHeader.bytes(for: array, path: path + "/" + file) } catch { throw .array(error) }
      members.append(ZipMember(name: file, pieces: [ArrayData(header), array], isDeflated: compressed))
    }
    return members
  }
}
