public import DataFormats
public import Foundation

/// Why captions and features do not become a dataset.
public enum PreparationError: Error, Equatable, Sendable {
  /// A text file cannot be read.
  case text(TextFileError)
  /// A file or folder cannot be read or written.
  case file(FileError)
  /// The features cannot be read.
  case features(FeatureTableError)
  /// Nothing tells what kind of caption file it is.
  case unknownKind(file: String)
  /// The text is UTF-16, of which nothing is understood.
  case utf16(file: String)
  /// A file where a folder is needed, or a folder where a file is.
  case wrongKindOfPath(path: String, expected: String)
  /// A line is not what the kind of file has.
  case malformed(file: String, line: Int, found: String, remedy: String)
  /// The JSON is broken, or is not that of captions; `place` is a line and column, or a path in it.
  case json(file: String, place: String, reason: String)
  /// A name cannot be a photo's.
  case badName(file: String, place: String, name: String, refusal: PhotoName.Refusal)
  /// A split that is none of those known.
  case unknownSplit(file: String, place: String, split: String)
  /// Two photos have one text.
  case twoPhotos(first: PhotoName, second: PhotoName, text: String)
  /// The sources have no caption with a word.
  case noCaptions(files: [String])
  /// A photo is in two splits.
  case inTwoSplits(name: PhotoName, first: Dataset.Split, second: Dataset.Split, places: [String])
  /// No split has an image with a caption; `example` is one that the lists or the source put into one all the same.
  case emptySplits(lists: [String], example: PhotoName?)
  /// A random split leaves nothing to train on.
  case tooFewImages(images: Int, dev: Int, test: Int)
  /// There are more or fewer names than rows of features.
  case namesDoNotMatch(names: Int, nameFile: String, rows: Int, featureFile: String)
  /// A name could be either of two others.
  case ambiguous(name: PhotoName, file: String, first: String, second: String)
  /// Two images would share what belongs to one name.
  case shared(listed: String, file: String, first: PhotoName, second: PhotoName)
  /// A name stands twice, with features that differ.
  case featuresDiffer(name: String, file: String, firstLine: Int, secondLine: Int)
  /// Some images lack something and the caller does not want to leave them out.
  case incomplete(images: Int, what: String, example: PhotoName)
  /// No image has all that it needs.
  case nothingComplete(images: Int, what: String, example: PhotoName, among: String?, file: String)
  /// Something is in the place of the output.
  case outputExists(path: String)
  /// The folder to be replaced holds what is no part of a dataset.
  case outputHoldsOtherFiles(path: String, name: String)
  /// The name of the dataset cannot begin a file's name.
  case badDatasetName(String)
}

extension PreparationError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .text(let error): error.description
    case .file(let error): error.description
    case .features(let error): error.description
    case .unknownKind(let file):
      "\(quoted(file)): no captions of a known kind; give --format \(CaptionSourceKind.choices)"
    case .utf16(let file): "\(quoted(file)): the text is UTF-16; save it as UTF-8"
    case .wrongKindOfPath(let path, let expected): "\(quoted(path)): expected \(expected); check the path"
    case .malformed(let file, let line, let found, let remedy):
      "\(quoted(file)), line \(line): \(found); \(remedy)"
    case .json(let file, let place, let reason):
      // The decoder's own words may repeat what stands in the file.
      "\(quoted(file)), \(printable(place, limit: 400)): \(printable(reason, limit: 400)); check that the file is "
        + "whole and of the kind that --format names"
    case .badName(let file, let place, let name, let refusal):
      "\(quoted(file)), \(place): the name \(quoted(name, limit: 80)) \(refusal.rawValue); correct it"
    case .unknownSplit(let file, let place, let split):
      "\(quoted(file)), \(place): unknown split \(quoted(split, limit: 80)), expected train, val (or dev), test or "
        + "restval; correct it, or give lists of your own"
    case .twoPhotos(let first, let second, let text):
      "\(quoted(text)) could be the captions of \(first.quoted) and of \(second.quoted); rename one of the photos"
    case .noCaptions(let files):
      "\(files.map { quoted($0) }.joined(separator: ", ")): no caption with a word; check the file"
    case .inTwoSplits(let name, let first, let second, let places):
      "\(name.quoted) is in \(first.rawValue) and in \(second.rawValue)"
        + (places.isEmpty ? "" : " (\(places.joined(separator: "; ")))")
        + ", so that scores would be of what was learned; take it out of one"
    case .emptySplits(let lists, let example):
      (lists.isEmpty ? "the captions" : lists.map { quoted($0) }.joined(separator: ", "))
        + " put no image that has a caption into a split"
        + (example.map { " (\($0.quoted) has none)" } ?? "")
        + "; check that captions and splits belong together"
    case .tooFewImages(let images, let dev, let test):
      "\(images) images cannot give \(dev) to dev and \(test) to test and leave one to train; give smaller --dev-size "
        + "and --test-size"
    case .namesDoNotMatch(let names, let nameFile, let rows, let featureFile):
      "\(quoted(nameFile)) has \(names) names, \(quoted(featureFile)) has \(rows) rows; there should be a name for "
        + "each row, in the same order"
    case .ambiguous(let name, let file, let first, let second):
      "\(quoted(file)): \(name.quoted) could be \(quoted(first)) or \(quoted(second)); give names that tell them apart"
    case .shared(let listed, let file, let first, let second):
      "\(quoted(file)): \(quoted(listed)) could be \(first.quoted) or \(second.quoted); give names that tell them apart"
    case .featuresDiffer(let name, let file, let firstLine, let secondLine):
      "\(quoted(file)): \(quoted(name)) stands in line \(firstLine) and in line \(secondLine), with different features; "
        + "keep one"
    case .incomplete(let images, let what, let example):
      "\(images) images have no \(what), the first is \(example.quoted); complete them, or leave out --incomplete refuse"
    case .nothingComplete(let images, let what, let example, let among, let file):
      "none of \(images) images has a \(what) in \(quoted(file)): captions name \(example.quoted)"
        + (among.map { ", there is \(quoted($0))" } ?? "") + "; check that they belong together"
    case .outputExists(let path): "\(quoted(path)) is there already; give another --output, or --overwrite"
    case .outputHoldsOtherFiles(let path, let name):
      "\(quoted(path)) holds \(quoted(name)), which is no part of a dataset, so it is not replaced; give another --output"
    case .badDatasetName(let name):
      "\(quoted(name)) cannot begin the names of a dataset's files; give --name, without slashes"
    }
  }
}

extension CaptionSourceKind {
  /// "flickr, coco, …".
  fileprivate static var choices: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension PhotoName {
  /// The name for a message.
  var quoted: String { DataFormats.quoted(description, limit: 120) }
}
