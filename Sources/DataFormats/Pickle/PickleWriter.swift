/// Writes pickles of protocols 0 and 2, which Python 2 and Python 3 read (the latter with
/// `pickle.load(file, encoding='latin1')`, where byte strings are to be text).
///
/// In the form that Python 2's `cPickle` gives them, down to the numbers of the memo; but equal strings are
/// written once, and floats have no more digits than they need. Written are None, truth values, whole numbers,
/// floats, byte strings, text, tuples, lists, dictionaries and `OrderedDict`.
package enum PickleWriter {
  /// How opcodes are written.
  package enum Format: Sendable {
    /// Protocol 0: lines of text, the default of Python 2.
    case text
    /// Protocol 2: binary.
    case binary
  }

  /// Writes one pickle for each value, one behind the other, replacing what is at `path` in one step.
  package static func write(
    _ values: [PickleValue], as format: Format, to path: String
  ) throws(PickleError) {
    var bytes: [UInt8] = []
    for value in values { bytes += try pickle(value, as: format, path: path) }
    do {
      let file = try ReplacingFile(path: path)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  /// The pickle of a value; `path` is for messages.
  package static func pickle(
    _ value: PickleValue, as format: Format, path: String = "-"
  ) throws(PickleError) -> [UInt8] {
    var encoder = PickleEncoder(format: format, path: path)
    return try encoder.pickle(value)
  }
}
