internal import DataFormats
public import Foundation

/// Why the files of a VSE++ model cannot be made a model of ours.
public enum VSEPPError: Error, Equatable, Sendable {
  /// The checkpoint is of another program.
  case notACheckpoint(path: String, lacks: String)
  /// An option has a value that cannot be used.
  case unusableOption(path: String, name: String, value: String, expected: String)
  /// The model has something that ours cannot have.
  case unsupported(path: String, what: String)
  /// A tensor is missing.
  case missingTensor(path: String, name: String)
  /// A tensor is there that no such model has.
  case unknownTensor(path: String, name: String)
  /// A tensor has another shape than the options and the others ask for.
  case wrongShape(path: String, name: String, found: [Int], expected: [Int])
  /// A tensor holds other numbers than float32.
  case wrongElementType(path: String, name: String, found: String)
  /// A tensor has a NaN or an infinite number.
  case notFinite(path: String, name: String)
  /// The vocabulary was neither given nor found.
  case noVocabulary(checkpoint: String)
  /// It is unclear which vocabulary is the model's.
  case severalVocabularies(checkpoint: String, files: [String])
  /// The file holds something else than a vocabulary.
  case notAVocabulary(path: String)
  /// A special word is missing, or has another index than in every vocabulary of VSE++'s.
  case specialWord(path: String, word: String, index: Int?)
  /// The vocabulary has another number of words than the model has vectors.
  case vocabularyDoesNotFit(checkpoint: String, rows: Int, vocabulary: String, words: Int)
}

extension VSEPPError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .notACheckpoint(let path, let lacks):
      "\(path): a file of PyTorch's, but no checkpoint of VSE++ (\(lacks)); give a model_best.pth.tar of its train.py"
    case .unusableOption(let path, let name, let value, let expected):
      "\(path): the option \(name) is \(value), expected \(expected)"
    case .unsupported(let path, let what): "\(path): cannot be a model of vse: \(what)"
    case .missingTensor(let path, let name): "\(path): lacks the tensor \(name), which every such model has"
    case .unknownTensor(let path, let name):
      "\(path): has a tensor \(quoted(name, limit: 80)), which no VSE++ model has; its vectors would be wrong"
    case .wrongShape(let path, let name, let found, let expected):
      "\(path): tensor \(name) has shape \(found), expected \(expected) by the model's options and other tensors"
    case .wrongElementType(let path, let name, let found):
      "\(path): tensor \(name) holds \(found), expected float32; save the model with model.float()"
    case .notFinite(let path, let name):
      "\(path): tensor \(name) has a NaN or an infinite number; the model is unusable, train it anew"
    case .noVocabulary(let checkpoint):
      "\(checkpoint): its vocabulary is not beside it (vocab/*_vocab.pkl); give it with --vocabulary FILE.pkl"
    case .severalVocabularies(let checkpoint, let files):
      "\(checkpoint): which vocabulary is its own (\(files.map(FilePath.name).joined(separator: ", ")))? "
        + "give it with --vocabulary FILE.pkl"
    case .notAVocabulary(let path):
      "\(path): should hold a Vocabulary of VSE++ with its word2idx; give the one that the model was trained with"
    case .specialWord(let path, let word, let index):
      "\(path): \(word) " + (index.map { "has the index \($0)" } ?? "is missing")
        + ", expected <pad> 0, <start> 1, <end> 2 and <unk> 3; give a vocabulary of VSE++"
    case .vocabularyDoesNotFit(let checkpoint, let rows, let vocabulary, let words):
      "\(vocabulary): has \(words) words with the special ones, and \(checkpoint) has vectors of \(rows); give the "
        + "vocabulary that the model was trained with"
    }
  }
}
