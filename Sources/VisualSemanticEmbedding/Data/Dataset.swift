public import Foundation

/// A folder in the layout of ryankiros/visual-semantic-embedding: for each split `NAME_SPLIT_caps.txt` and
/// `NAME_SPLIT_ims.npy`, and `NAME_SPLIT_ids.txt` where captions are not in groups of one size; the prefix
/// `NAME_` may be missing.
public struct Dataset: Sendable {
  /// What a part of the dataset is for.
  public enum Split: String, Codable, Sendable, CaseIterable {
    /// What a model is trained on.
    case train
    /// What it is chosen by.
    case dev
    /// What it is judged by.
    case test
  }

  /// The path of the folder.
  public let folder: String

  /// Rows of features of an image that follow each other, those of its crops: each row that is spoken of below is
  /// so many of the file.
  public var crops: Int

  /// The dataset in a folder, which is not looked at yet.
  public init(folder: String, crops: Int = 1) {
    self.folder = folder
    self.crops = crops
  }

  /// Opens a split; see `DatasetSplit`.
  /// - Throws: `DatasetError` when its files are not there, and what reading them throws.
  public func open(_ split: Split) throws -> DatasetSplit {
    let base = try base(of: split)
    let identifiers = base + "_ids.txt"
    return try DatasetSplit(
      name: split, captions: base + "_caps.txt",
      features: base + "_ims.npy",
      identifiers: FileManager.default.fileExists(atPath: identifiers) ? identifiers : nil, crops: crops)
  }

  /// Reads the captions of a split alone; its features need not be there.
  /// - Throws: `DatasetError` when there is no such split, and `TextFileError`.
  package func captions(of split: Split) throws -> CaptionFile {
    try CaptionFile(contentsOf: try base(of: split) + "_caps.txt")
  }

  /// The path of `NAME_SPLIT_images.txt`, in which `vse prepare` names the images of a split; it need not be there.
  package func imageNamesPath(of split: Split) throws(DatasetError) -> String {
    try base(of: split) + "_images.txt"
  }

  /// The beginning of the paths of a split's files.
  private func base(of split: Split) throws(DatasetError) -> String {
    (folder.hasSuffix("/") ? folder : folder + "/") + (try prefix(of: split)) + split.rawValue
  }

  /// What stands before `SPLIT_caps.txt` in the folder: nothing, or a name and an underscore.
  private func prefix(of split: Split) throws(DatasetError) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue,
      let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else { throw .noFolder(folder) }
    let ending = "\(split.rawValue)_caps.txt"
    let prefixes = files.filter { $0 == ending || $0.hasSuffix("_" + ending) }
      .map { String($0.dropLast(ending.count)) }.sorted()
    guard let first = prefixes.first else { throw .noSplit(split, folder: folder) }
    guard prefixes.count == 1 else {
      throw .severalDatasets(prefixes.map { $0 + ending }, folder: folder)
    }
    return first
  }
}

/// Why a folder is not a dataset.
public enum DatasetError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// There is no such folder.
  case noFolder(String)
  /// The folder has no captions of the split.
  case noSplit(Dataset.Split, folder: String)
  /// Captions of the split stand in the folder under several names.
  case severalDatasets([String], folder: String)
  /// The features have neither a row for each caption nor one for each image.
  case rowsDoNotMatch(captions: Int, captionFile: String, images: Int, rows: Int, featureFile: String)
  /// Features have another width than those that they are to go with.
  case widthsDiffer(found: Int, file: String, expected: Int, expectedBy: String)
  /// No minibatch has two captions to contrast.
  case nothingToTrain(captionFile: String, batchSize: Int)
  /// No caption has a word.
  case noCaption(captionFile: String)

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .noFolder(let folder): "\(folder): no such folder; give the dataset's folder with --data"
    case .noSplit(let split, let folder):
      "\(folder): holds no \(split.rawValue)_caps.txt or NAME_\(split.rawValue)_caps.txt; a dataset has "
        + "captions NAME_SPLIT_caps.txt and features NAME_SPLIT_ims.npy"
    case .severalDatasets(let files, let folder):
      "\(folder): holds several datasets (\(files.joined(separator: ", "))); move each into a folder of its own"
    case .rowsDoNotMatch(let captions, let captionFile, let images, let rows, let featureFile):
      "\(featureFile): has \(rows) rows, but \(captionFile) has \(captions) captions of \(images) images; there "
        + "must be a row for each caption or for each image"
    case .widthsDiffer(let found, let file, let expected, let expectedBy):
      "\(file): features are \(found) wide, but \(expectedBy) needs \(expected); use features of the same network"
    case .nothingToTrain(let captionFile, let batchSize):
      "\(captionFile): no minibatch of two captions of one length can be made (--batch-size \(batchSize), "
        + "--max-length); of any lengths with --batching mixed, of two images with --exclude-same-image"
    case .noCaption(let captionFile): "\(captionFile): has no caption with a word"
    }
  }
}
