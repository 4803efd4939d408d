/// Reads what `torch.save` wrote, in the zip format of PyTorch 1.6 and later and in the stream format before.
///
/// Both are a pickle whose tensors refer to storages beside it. The pickle is read as `PickleReader` reads one;
/// the storages stay in the mapped file, where the archive does not compress them.
package enum PyTorchFile {
  /// Reads the file at `path`.
  ///
  /// Throws when it is damaged, when a storage is missing or has another size than its tensors say, and when
  /// its pickle holds what is not understood.
  package static func read(path: String) throws(PyTorchError) -> PickleValue {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    return try read(file)
  }

  /// The same for a file that is already mapped.
  package static func read(_ file: MappedFile) throws(PyTorchError) -> PickleValue {
    file.withBytes { $0.starts(with: FileKind.zipMagic) } ? try readArchive(file) : try readStream(file)
  }

  /// What `body` returns; what it throws is an error of a file of PyTorch's too.
  static func pickle<Result>(_ body: () throws(PickleError) -> Result) throws(PyTorchError) -> Result {
    do { return try body() } catch { throw .pickle(error) }
  }
}
