internal import DataFormats
public import Foundation

/// What a file or a folder holds.
public enum FileSummary: Sendable, Equatable {
  /// A model, ours or one of Kiros et al.
  case model(ModelSummary)
  /// What an unfinished run of training goes on from.
  case checkpoint(CheckpointSummary)
  /// Any other safetensors file.
  case safetensors(TensorFileSummary)
  /// An .npy array.
  case array(ArraySummary)
  /// An .npz or other zip archive.
  case archive(ArchiveSummary)
  /// The folder of a dataset.
  case dataset(DatasetSummary)
  /// A pickle of Python's.
  case pickle(PickleSummary)
  /// A file of PyTorch's.
  case pytorch(PickleSummary)

  /// Looks into what is at a path: a model, a checkpoint, any other safetensors file, an .npy array, a .npz or
  /// other zip archive, a pickle, a file of PyTorch's, or the folder of a dataset, told by their bytes and not
  /// by their names.
  /// - Parameters:
  ///   - path: a file, or a folder.
  ///   - crops: rows of features of an image, in a dataset.
  /// - Throws: `InspectionError` for anything else, and what reading a damaged file throws.
  /// - Complexity: reads the whole file.
  public init(path: String, crops: Int = 1) throws {
    switch FileKind(path: path) {
    case .folder: self = .dataset(try DatasetSummary(folder: path, crops: crops))
    case .numpy: self = .array(try ArraySummary(path: path))
    case .safetensors: self = try Self(safetensors: path)
    case .missing: throw InspectionError.missing(path: path)
    case .special: throw InspectionError.unknown(path: path, what: "is a pipe or device")
    case .empty: throw InspectionError.unknown(path: path, what: "is empty")
    case .zip: self = try Self(archive: path)
    case .pickle: self = .pickle(try PickleSummary(pickle: path))
    case .pytorch: self = .pytorch(try PickleSummary(pytorch: path))
    case .unknown:
      // A header that is damaged in its first bytes is worth a better message than none.
      if path.hasSuffix(".safetensors") { self = try Self(safetensors: path) }
      // Short pickles of the oldest protocols do not look like any.
      if path.hasSuffix(".pkl") || path.hasSuffix(".pickle") {
        self = .pickle(try PickleSummary(pickle: path))
        return
      }
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw InspectionError.unknown(path: path, what: "may not be read")
      }
      throw InspectionError.unknown(path: path, what: "is of an unknown kind")
    }
  }

  /// The arrays of a model without its options and dictionary are an archive like any other.
  private init(archive path: String) throws {
    let archive = try NumpyArchive(path: path)
    let isModel = KirosModelFile.isModel(archive) && (try? KirosFiles(beside: path)) != nil
    self = isModel ? .model(try ModelSummary(archive)) : .archive(try ArchiveSummary(path: path))
  }

  private init(safetensors path: String) throws {
    let file = try SafetensorsFile.read(path: path)
    if file.metadata[ModelFile.descriptionKey] != nil {
      self = .model(try ModelSummary(file, path: path))
    } else if file.metadata[Checkpoint.metadataKey] != nil {
      self = .checkpoint(try CheckpointSummary(file, path: path))
    } else {
      self = .safetensors(TensorFileSummary(file, path: path))
    }
  }
}

/// Why there is nothing to tell of a path.
public enum InspectionError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// Nothing is there.
  case missing(path: String)
  /// The file is of a kind that is not understood.
  case unknown(path: String, what: String)

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .missing(let path): "there is no file or folder \(quoted(path)); check the path"
    case .unknown(let path, let what):
      "\(quoted(path)) \(what); give a model, a checkpoint, a .safetensors, .npy, .npz, .pkl or .pth file, "
        + "or a dataset's folder"
    }
  }
}
