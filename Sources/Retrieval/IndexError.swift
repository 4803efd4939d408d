internal import DataFormats
public import Foundation

/// Why an index cannot do what it was asked.
public enum IndexError: Error, Equatable, Sendable {
  /// There is no index at the path.
  case notAnIndex(path: String)
  /// The folder has files that are no index's.
  case folderIsTaken(path: String)
  /// A later version of this program made it.
  case newerVersion(path: String, version: Int)
  /// The vectors were made with another model.
  case otherModel(path: String, made: String, given: String)
  /// The model that made it is needed and not where it was.
  case modelIsMissing(path: String, model: String, reason: String)
  /// The catalogue cannot be read or written.
  case catalogue(path: String, reason: String)
  /// The vector file is not what the catalogue says.
  case damagedVectors(path: String, index: String, reason: String)
  /// The disk is full.
  case diskFull(path: String)
  /// A vector that is to be added is not finite.
  case notFinite(name: String)
  /// There are more or fewer names, groups or metadata than items.
  case countsDiffer(file: String, lines: Int, items: Int, itemFile: String)
  /// A line of metadata is no JSON object.
  case badMetadata(file: String, line: Int)
  /// A line is no UTF-8, or has a zero byte.
  case notText(file: String, line: Int)
  /// Two lines of names are the same.
  case nameTwice(file: String, name: String, lines: [Int])
  /// An index that is there was made with another setting than the one asked for.
  case otherSetting(index: String, asked: String, made: String)
  /// A folder is an index, which other commands are about.
  case isAnIndex(path: String)
  /// A line of names is blank.
  case blankName(file: String, line: Int)
  /// Features of another width than the model's.
  case wrongWidth(path: String, found: Int, expected: Int)
  /// No item has this number or name.
  case noSuchItem(index: String, item: String)
  /// Several items have this name.
  case ambiguousItem(index: String, item: String, ids: [Int64])
  /// A vector of the index does not have its checksum any more.
  case damagedItem(index: String, item: String)
  /// There can be no more rows.
  case full(path: String)
  /// There is nothing to measure the hubness of items of a kind on.
  case noReferences(index: String, of: IndexItem.Kind)
  /// The graph for approximate searches was not made.
  case graph(index: String, reason: String)
}

extension IndexError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .notAnIndex(let path):
      "there is no index \(quoted(path)); make one: vse index add \(shellWord(path)) --model MODEL "
        + "with --captions FILE, or --photos FOLDER --network NAME"
    case .folderIsTaken(let path):
      "\(quoted(path)) exists and is no index, so it is left alone; choose another name"
    case .newerVersion(let path, let version):
      "index \(quoted(path)) has version \(version) and needs a newer vse"
    case .otherModel(let path, let made, let given):
      "index \(quoted(path)) was made with another model (\(printable(made))) than \(quoted(given)); rebuild it with "
        + "the same items: vse index add NEW --model \(shellWord(given)) …"
    case .modelIsMissing(let path, let model, let reason):
      "index \(quoted(path)) was made with the model \(quoted(model)), which cannot be read (\(printable(reason))); "
        + "say where it is: --model FILE"
    case .catalogue(let path, let reason):
      "the catalogue of index \(quoted(path)) fails: \(printable(reason)); if it does so again, restore a copy of "
        + "the folder, or make the index anew: vse index add NEW --model MODEL …"
    case .damagedVectors(let path, let index, let reason):
      "\(quoted(path)): \(reason); restore a copy of \(quoted(index)), or make the index anew with the same model and "
        + "items: vse index add NEW --model MODEL …"
    case .diskFull(let path):
      "cannot write index \(quoted(path)): the disk or quota is full; what was added before is safe, free some "
        + "space and repeat the command"
    case .notFinite(let name):
      "the vector of \(quoted(name, limit: 100)) is NaN or infinite: the model or its features are broken"
    case .countsDiffer(let file, let lines, let items, let itemFile):
      "\(quoted(file)) has \(counted(lines, "line")) and \(quoted(itemFile)) \(counted(items, "item")); there should be a line for each"
    case .badMetadata(let file, let line):
      "\(quoted(file)), line \(line): no JSON object; write one such as {\"year\": 2014}, or {} for nothing"
    case .notText(let file, let line):
      "\(quoted(file)), line \(line): this is no UTF-8 text, or has a zero byte; convert the file to UTF-8"
    case .nameTwice(let file, let name, let lines):
      "\(quoted(file)), lines \(lines.map { "\($0)" }.joined(separator: " and ")): the name \(quoted(name, limit: 100)) "
        + "twice; every item needs a name of its own"
    case .otherSetting(let index, let asked, let made):
      "index \(quoted(index)) was made with \(made), which stays so; leave out \(asked), or make another index"
    case .isAnIndex(let path):
      "\(quoted(path)) is an index; ask what it holds: vse index info \(shellWord(path))"
    case .blankName(let file, let line):
      "\(quoted(file)), line \(line): no name here; every line should have one"
    case .wrongWidth(let path, let found, let expected):
      "\(quoted(path)) has \(found) features an image and the model takes \(expected); use features of the "
        + "network that its training data came from"
    case .noSuchItem(let index, let item):
      "index \(quoted(index)) has no item \(quoted(item, limit: 100)); see what it has: vse index list \(shellWord(index))"
    case .ambiguousItem(let index, let item, let ids):
      "index \(quoted(index)) has \(ids.count) items \(quoted(item, limit: 100)); name one by its number: "
        + ids.prefix(5).map { "#\($0)" }.joined(separator: ", ") + (ids.count > 5 ? ", …" : "")
    case .damagedItem(let index, let item):
      "the vector of \(quoted(item, limit: 100)) in index \(quoted(index)) is damaged; add it again: "
        + "vse index verify \(shellWord(index)) --repair, then repeat vse index add"
    case .graph(let index, let reason):
      "the graph of index \(quoted(index)) was not made (\(reason)); searches stay exact, and vse index graph "
        + "\(shellWord(index)) tries again"
    case .noReferences(let index, let kind):
      "index \(quoted(index)) has no \(kind == .photo ? "captions" : "photos"), which the hubness of "
        + "\(kind.rawValue)s is measured on; add some with vse index add, or leave out --hubness"
    case .full(let path): "index \(quoted(path)) has as many rows as can be; begin another"
    }
  }
}
