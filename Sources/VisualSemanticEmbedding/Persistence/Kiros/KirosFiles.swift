internal import DataFormats

/// The three files of a model of Kiros et al.: the weights in an .npz archive M, and beside it the options in
/// M.pkl and the dictionary in M.dictionary.pkl.
struct KirosFiles: Equatable {
  /// The .npz archive.
  let weights: String
  /// The pickle of the options.
  let options: String
  /// The pickle of the words and their indices.
  let dictionary: String

  /// The files that are written for the archive at `path`, as the original's trainer does when it is told to
  /// save to `path`.
  init(archive path: String) { self.init(archive: path, named: path) }

  private init(archive path: String, named name: String) {
    weights = path
    options = name + ".pkl"
    dictionary = name + ".dictionary.pkl"
  }

  /// The files that are there for the archive at `path`.
  ///
  /// The trainer puts its suffixes behind the name that it saves to, and NumPy adds .npz to that name only where
  /// it lacks it: `coco.npz` has `coco.npz.pkl` beside it, or `coco.pkl`.
  init(beside path: String) throws(KirosModelError) {
    let names = path.hasSuffix(".npz") ? [path, String(path.dropLast(4))] : [path]
    let candidates = names.map { KirosFiles(archive: path, named: $0) }
    guard let found = candidates.first(where: \.missing.isEmpty) else {
      throw .missingFiles(path: path, alternatives: candidates.map(\.missing))
    }
    self = found
  }

  /// The names of the options and the dictionary that are not there.
  private var missing: [String] {
    [options, dictionary].filter { FileKind(path: $0) == .missing }.map(FilePath.name)
  }
}
