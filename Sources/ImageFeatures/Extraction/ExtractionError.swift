public import DataFormats
public import Foundation

/// Why an extraction stopped.
public enum ExtractionError: Error, Equatable, Sendable {
  /// A file cannot be read or written.
  case file(FileError)
  /// The array cannot be written.
  case array(NumpyError)
  /// What is at the output's place is no array, and so is hardly meant to go.
  case outputIsNotAnArray(path: String)
  /// One of the files to be written is the list that names the photos.
  case outputIsTheList(path: String)
  /// Something is at the place of the array or of its names.
  case outputExists(path: String)
  /// The output is `-`, which elsewhere is standard output: an array cannot be written there.
  case outputIsStandardOutput
  /// An unfinished run has found a photo that cannot be read, and this run wants all; `reason` is its line.
  case unreadableBefore(reason: String, path: String)
  /// No photo could be read; `reason` is the first one's line.
  case nothingReadable(photos: Int, reason: String, list: String)
  /// An unfinished run with this output had other photos, another network or other options.
  case otherRun(path: String)
  /// Another program is writing this output.
  case runInProgress(path: String)
  /// Somebody has changed the file of the unfinished run while it went on.
  case changedMeanwhile(path: String)
  /// Squares at the corners were asked for of a network that sees whole photos.
  case noCorners
}

extension ExtractionError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .array(let error): "\(error)"
    case .outputIsNotAnArray(let path):
      "\(quoted(path)) is there and is no .npy array; choose another name for the features"
    case .outputIsTheList(let path):
      "\(quoted(path)) is the list of the photos and would be overwritten; choose another name for the features"
    case .outputExists(let path):
      "\(quoted(path)) is there already; choose another name for the features, or --overwrite"
    case .outputIsStandardOutput: "features are written to a file; give --output FILE.npy"
    case .unreadableBefore(let reason, let path):
      "\(reason) (known from the unfinished run \(quoted(path)); remove that to look again)"
    case .nothingReadable(let photos, let reason, let list):
      "none of \(counted(photos, "photo")) could be read, for the reasons in \(quoted(list)); the first: \(reason)"
    case .otherRun(let path):
      "\(quoted(path)) is an unfinished run with other photos, weights or options; give it another output, or "
        + "--overwrite to begin anew"
    case .runInProgress(let path):
      "another program is writing \(quoted(path)); wait for it or choose another output"
    case .changedMeanwhile(let path):
      "\(quoted(path)) was changed by another program during the run; remove it and begin anew"
    case .noCorners:
      "this network sees whole photos, squashed to a square, which have no corners; leave out --ten-crop"
    }
  }
}
