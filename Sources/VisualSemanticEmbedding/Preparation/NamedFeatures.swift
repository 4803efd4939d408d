internal import DataFormats

/// Features of photos, a row each, and the names of the photos.
public struct NamedFeatures: Sendable {
  /// The rows, [N, I].
  public let table: FeatureTable
  /// The names of the rows.
  package let index: NameIndex

  /// Opens an .npy file and the text file that has the name of the photo of each row, one a line.
  ///
  /// A photo that is listed twice counts once.
  /// - Throws: `PreparationError` when a file cannot be read, when there is not a name for each row, and when a name
  ///   stands twice with features that differ.
  /// - Complexity: O(bytes of the names); no features are read but those of names that stand twice.
  public init(features path: String, names nameFile: String) throws(PreparationError) {
    let table: FeatureTable
    do { table = try FeatureTable(path: path) } catch { throw .features(error) }
    let names = try Self.names(in: nameFile)
    guard names.count == table.rowCount else {
      throw .namesDoNotMatch(
        names: names.count, nameFile: nameFile, rows: table.rowCount, featureFile: path)
    }
    let index = NameIndex(names, file: nameFile)
    for (place, first) in index.repeated where !table.rowsAreEqual(place, first) {
      throw .featuresDiffer(
        name: index.text(at: place), file: nameFile, firstLine: first + 1, secondLine: place + 1)
    }
    self.table = table
    self.index = index
  }

  /// The lines of a text file, each of which must be a name.
  static func names(in file: String) throws(PreparationError) -> [[UInt8]] {
    let bytes = try textFile(file, holding: .photoNames)
    var names: [[UInt8]] = []
    try withoutByteOrderMark(bytes, path: file).forEachLine { (number, line) throws(PreparationError) in
      let name = line.trimmed
      guard !name.isEmpty else {
        throw .malformed(
          file: file, line: number, found: "a blank line",
          remedy: "every line should be the name of a row's photo")
      }
      names.append(Array(name))
    }
    return names
  }
}
