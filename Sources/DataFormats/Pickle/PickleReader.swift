/// Reads pickles of protocols 0 to 5 as data: nothing is imported, called or made.
///
/// Understood are Python's own values, `OrderedDict`, `defaultdict`, NumPy's arrays, scalars and types, and
/// instances of any class, which are noted down by name; any other name of Python's is an error. Strings and
/// arrays stay in the mapped file. What is taken from memory is at most 250 bytes for each byte of the pickle: that
/// much when it is nothing but empty dictionaries or NumPy's strings of one byte, far less when it holds numbers.
package enum PickleReader {
  /// Values may be nested this deep: far more than data ever are, and few enough that a recursion over a value
  /// (releasing it is one) fits the smallest stack of a thread.
  package static let depthLimit = 500
  /// How many bytes of a string count as much as a value.
  static let bytesOfUnitWeight = 256

  /// How many steps a walk over a value may take, which visits what is shared each time it is used, for a pickle
  /// of this size.
  ///
  /// Honest pickles take less than one step for each byte. One that puts a pair of a pair of a pair … into its
  /// memo would take 2^100 with a few hundred bytes.
  package static func weightLimit(byteCount: Int) -> Int { (1 << 16) + 64 * min(byteCount, 1 << 50) }

  /// Reads the file at `path`, which must hold one pickle and nothing else.
  package static func read(path: String) throws(PickleError) -> PickleValue {
    try read(ByteString(try map(path)), path: path)
  }

  /// Reads bytes that must be one pickle and nothing else; `path` is for messages.
  package static func read(_ source: ByteString, path: String) throws(PickleError) -> PickleValue {
    var offset = 0
    let value = try next(in: source, path: path, offset: &offset)
    guard offset == source.count else {
      throw .invalid(path: path, offset: offset, fault: .trailingBytes(count: source.count - offset))
    }
    return value
  }

  /// Reads the file at `path`, which must hold one or more pickles, one behind the other.
  package static func readAll(path: String) throws(PickleError) -> [PickleValue] {
    try readAll(try map(path))
  }

  /// The same for a file that is already mapped.
  package static func readAll(_ file: MappedFile) throws(PickleError) -> [PickleValue] {
    try readAll(ByteString(file), path: file.path)
  }

  /// Reads bytes that must be one or more pickles; `path` is for messages.
  package static func readAll(_ source: ByteString, path: String) throws(PickleError) -> [PickleValue] {
    var values: [PickleValue] = []
    var offset = 0
    repeat { values.append(try next(in: source, path: path, offset: &offset)) } while offset < source.count
    return values
  }

  /// Reads the pickle that begins at `offset` of `source`, and moves `offset` behind it.
  static func next(
    in source: ByteString, path: String, offset: inout Int
  ) throws(PickleError) -> PickleValue {
    let (graph, root) = try PickleMachine.run(source, path: path, offset: &offset)
    return try PickleConversion.value(of: root, in: graph)
  }

  private static func map(_ path: String) throws(PickleError) -> MappedFile {
    do { return try MappedFile(path: path) } catch { throw .file(error) }
  }
}
