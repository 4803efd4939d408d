extension SafetensorsFile {
  /// Writes the tensors in this order, replacing what is at `path` in one step; the same input gives the same
  /// bytes.
  ///
  /// The metadata is sorted by key, and a checksum of the whole file is added to it. The data begins at a
  /// multiple of 64. The tensors' bytes are never copied as a whole. Throws when a name is used twice or
  /// reserved, when a tensor gives other bytes than its shape needs, and when the file cannot be written.
  public static func write(
    _ tensors: [SafetensorsTensor], metadata: [String: String] = [:], to path: String
  ) throws(SafetensorsError) {
    var builder = SafetensorsHeaderBuilder(path: path)
    try builder.add(metadata: metadata)
    for tensor in tensors { try builder.add(tensor) }
    var header = builder.finished()

    var hash = XXHash64()
    hash.update(header)
    for tensor in tensors {
      try visit(tensor, path: path) { (bytes) throws(FileError) in hash.update(bytes) }
    }
    let checksum = hash.finalized()

    hash = XXHash64()
    hash.update(header)
    header.replaceSubrange(builder.checksumRange, with: ChecksumKeys.text(checksum).utf8)
    let file = try reportingFileErrors { () throws(FileError) in
      let file = try ReplacingFile(path: path)
      try file.write(header)
      return file
    }
    for tensor in tensors {
      try visit(tensor, path: path) { (bytes) throws(FileError) in
        hash.update(bytes)
        try file.write(bytes)
      }
    }
    guard hash.finalized() == checksum else {
      throw .changedWhileWriting(path: path)
    }
    try reportingFileErrors { () throws(FileError) in try file.commit() }
  }

  /// Gives `body` the bytes of a tensor, and throws its error or when they are not as many as they should be.
  private static func visit(
    _ tensor: SafetensorsTensor, path: String, _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
  ) throws(SafetensorsError) {
    guard let expected = tensor.elementType.extent(ofShape: tensor.shape)?.bytes else {
      throw .impossibleShape(path: path, tensor: tensor.name, shape: tensor.shape)
    }
    var failure: FileError?
    var found = 0
    tensor.provideBytes { bytes in
      found += bytes.count
      guard failure == nil, found <= expected else { return }
      do throws(FileError) { try body(bytes) } catch { failure = error }
    }
    if let failure { throw .file(failure) }
    guard found == expected else {
      throw .wrongByteCount(path: path, tensor: tensor.name, expected: expected, found: found)
    }
  }

  private static func reportingFileErrors<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(SafetensorsError) -> Result {
    do { return try body() } catch { throw .file(error) }
  }
}
