internal import CLibzip

extension ZipArchive {
  /// Writes an archive of these files in this order, replacing what is at `path` in one step; the same files
  /// give the same bytes.
  ///
  /// Throws when a name is used twice, is empty, too long or has a zero byte, and when the archive cannot be
  /// written, as to a pipe.
  public static func write(_ members: [ZipMember], to path: String) throws(ZipError) {
    let file: ReplacingFile
    do { file = try ReplacingFile(path: path) } catch { throw .file(error) }
    try write(members, into: file)
    do { try file.commit() } catch { throw .file(error) }
  }

  /// The same into a file that has nothing yet and that the caller commits.
  package static func write(_ members: [ZipMember], into file: ReplacingFile) throws(ZipError) {
    var names: Set<[UInt8]> = []
    for name in members.map(\.name) {
      let bytes = Array(name.utf8)
      guard (1...Int(UInt16.max)).contains(bytes.count), !bytes.contains(0), names.insert(bytes).inserted
      else { throw .unusableName(path: file.path, entry: name) }
    }
    try ZipOutput(file).write(members)
  }
}

/// The file that libzip writes an archive to.
private final class ZipOutput {
  private let file: ReplacingFile
  private var failure: FileError?

  init(_ file: ReplacingFile) { self.file = file }

  func write(_ members: [ZipMember]) throws(ZipError) {
    // libzip writes no file for an archive without entries.
    guard !members.isEmpty else {
      do { return try file.write(ZipEndRecord.empty) } catch { throw .file(error) }
    }
    let inputs = members.map(ZipInput.init)
    let names = members.map { $0.name.utf8.map(CChar.init(bitPattern:)) + [0] }
    let status = withExtendedLifetime((self, inputs)) {
      Array(names.joined()).withUnsafeBufferPointer { text in
        var start = 0
        let described = zip(inputs, names).map { input, name in
          defer { start += name.count }
          return input.description(name: text.baseAddress?.advanced(by: start))
        }
        return clibzip_write(
          described, described.count,
          { context, offset, bytes, count in
            guard let context, let offset = Int(exactly: offset) else { return false }
            return Unmanaged<ZipOutput>.fromOpaque(context).takeUnretainedValue()
              .write(UnsafeRawBufferPointer(start: bytes, count: count), at: offset)
          }, Unmanaged.passUnretained(self).toOpaque())
      }
    }
    if let failure { throw .file(failure) }
    if status == CLIBZIP_OUT_OF_MEMORY { throw .outOfMemory(path: file.path, entry: nil) }
    guard status == CLIBZIP_OK else { throw .failed(path: file.path, entry: nil) }
  }

  /// Whether the bytes were written; the first error is kept.
  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    do { try file.write(bytes, at: offset) } catch {
      failure = failure ?? error
      return false
    }
    return true
  }
}

/// A file that libzip reads when it writes it into an archive.
private final class ZipInput {
  private let member: ZipMember

  init(_ member: ZipMember) { self.member = member }

  /// What libzip is told of it; the name and this object must outlive the description.
  func description(name: UnsafePointer<CChar>?) -> clibzip_member {
    clibzip_member(
      name: name, size: UInt64(member.byteCount), deflated: member.isDeflated,
      copy: { context, offset, buffer, count in
        guard let context else { return }
        Unmanaged<ZipInput>.fromOpaque(context).takeUnretainedValue().member
          .copyBytes(from: Int(offset), to: UnsafeMutableRawBufferPointer(start: buffer, count: count))
      }, context: Unmanaged.passUnretained(self).toOpaque())
  }
}
