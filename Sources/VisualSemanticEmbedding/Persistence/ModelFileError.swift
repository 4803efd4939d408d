public import Foundation

/// Why a file is not a model.
public enum ModelFileError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// A safetensors file of another program.
  case notAModel(path: String)
  /// A later version of this program wrote it.
  case newerVersion(path: String, version: Int)
  /// What the header says of the model cannot be read.
  case brokenDescription(path: String, reason: String)
  /// A tensor is not there that such a model has.
  case missingTensor(path: String, name: String)
  /// A tensor has another shape than such a model's.
  case wrongShape(path: String, name: String, found: [Int], expected: [Int])
  /// A tensor holds other numbers than it should.
  case wrongElementType(path: String, name: String, found: String, expected: String)
  /// A tensor has a NaN or an infinite number.
  case notFinite(path: String, name: String)
  /// The vocabulary has more or fewer words than the model has vectors.
  case vocabularyDoesNotFit(path: String, words: Int, rows: Int)
  /// The file is a checkpoint of PyTorch's, which is a model only with the vocabulary that stands elsewhere.
  case needsConversion(path: String)
  /// The file has no bytes.
  case empty(path: String)
  /// The file is of a kind that holds no model.
  case otherFile(path: String)

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .notAModel(let path):
      "\(path): a safetensors file, but not a model of vse (no description in it); give a file that vse train wrote"
    case .newerVersion(let path, let version):
      "\(path): has model format \(version), this vse reads \(ModelFile.version); update vse"
    case .brokenDescription(let path, let reason):
      "\(path): its description cannot be read (\(reason)); the file is damaged, take a copy of it"
    case .missingTensor(let path, let name):
      "\(path): lacks the tensor \(name); the file is damaged, take a copy of it"
    case .wrongShape(let path, let name, let found, let expected):
      "\(path): tensor \(name) has shape \(found), its description says \(expected); the file is damaged"
    case .wrongElementType(let path, let name, let found, let expected):
      "\(path): tensor \(name) holds \(found), \(expected) is needed; the file is damaged"
    case .notFinite(let path, let name):
      "\(path): tensor \(name) has a NaN or an infinite number; the model is unusable, train it anew"
    case .vocabularyDoesNotFit(let path, let words, let rows):
      "\(path): its vocabulary has \(words) words, its embedding \(rows) rows; the file is damaged"
    case .needsConversion(let path):
      "\(path): a checkpoint of PyTorch's, as VSE++ writes; make a model of it first: "
        + "vse convert \(path) model.safetensors"
    case .empty(let path):
      "\(path): is empty, expected a model; take a copy of it"
    case .otherFile(let path):
      "\(path): no model by its first bytes; give a .safetensors file that vse train wrote, or an .npz archive of "
        + "Kiros et al."
    }
  }
}
