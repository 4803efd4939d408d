internal import DataFormats
public import Foundation

/// Why a model was not converted.
public enum ModelConversionError: Error, Equatable, Sendable {
  /// The source is a file of another kind.
  case notAModel(path: String)
  /// The destination's suffix stands for no format that is written.
  case unknownSuffix(path: String)
  /// Source and destination have one format.
  case sameFormat(path: String, destination: String)
  /// A vocabulary was given for a model that has its own.
  case vocabularyNotNeeded(path: String)
  /// A model is at the destination.
  case destinationExists(path: String)
  /// Something else than a model is at the destination.
  case destinationIsNoModel(path: String)
}

extension ModelConversionError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .notAModel(let path):
      "\(quoted(path)) is no model; give a .safetensors file, an .npz archive of Kiros et al. or a checkpoint of VSE++"
    case .unknownSuffix(let path):
      "\(quoted(path)): its suffix stands for no format of models; name it .safetensors, or .npz for the original's"
    case .sameFormat(let path, let destination):
      "\(quoted(path)) has the format of \(quoted(destination)) already; copy it"
    case .vocabularyNotNeeded(let path):
      "\(quoted(path)) has its own vocabulary; leave out --vocabulary, which is for checkpoints of VSE++"
    case .destinationExists(let path):
      "\(quoted(path)) exists; choose another name, or replace it with --overwrite"
    case .destinationIsNoModel(let path):
      "\(quoted(path)) exists and is no model, so it is left alone; choose another name"
    }
  }
}
