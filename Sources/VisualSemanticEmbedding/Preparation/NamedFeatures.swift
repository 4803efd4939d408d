internal import DataFormats

/// A photo that features are needed of.
public struct NeededPhoto: Sendable, Equatable {
  /// The name that the captions give it.
  public let name: PhotoName
  /// Its file, where a folder of photos is given.
  public let path: String?
}

/// A photo that could not be read, and why.
public struct UnreadablePhoto: Encodable, Sendable, Equatable {
  /// Its name.
  public let name: PhotoName
  /// One line, with the file's name.
  public let reason: String

  /// A photo without features, and why.
  public init(name: PhotoName, reason: String) {
    self.name = name
    self.reason = reason
  }
}

/// Features of photos, a row each, and the names of the photos.
public struct NamedFeatures: Sendable {
  /// The rows, [N, I].
  public let table: FeatureTable
  /// The names of the rows.
  package let index: NameIndex
  /// The photos that were to have features and could not be read.
  package let unreadable: [UnreadablePhoto]

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
    unreadable = []
  }

  /// Opens an .npy file of features that were computed for these photos.
  /// - Parameters:
  ///   - path: the array, [N, I].
  ///   - photos: the name of each row's photo, as `DatasetPreparation.run` gave it.
  ///   - unreadable: the photos that were asked for as well and have no row.
  /// - Throws: `PreparationError` when the file cannot be read, or has more or fewer rows than there are names.
  public init(
    features path: String, of photos: [PhotoName], unreadable: [UnreadablePhoto]
  ) throws(PreparationError) {
    do { table = try FeatureTable(path: path) } catch { throw .features(error) }
    guard photos.count == table.rowCount else {
      throw .namesDoNotMatch(
        names: photos.count, nameFile: "the list of photos", rows: table.rowCount, featureFile: path)
    }
    // A photo without a row must not pass for another that is named alike.
    index = NameIndex(photos.map(\.bytes), file: path, matchesEnds: false)
    self.unreadable = unreadable
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
