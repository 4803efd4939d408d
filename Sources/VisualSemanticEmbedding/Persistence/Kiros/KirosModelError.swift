internal import DataFormats
public import Foundation

/// Why files are no model of Kiros et al., or a model cannot be written as one.
public enum KirosModelError: Error, Equatable, Sendable {
  /// The archive has no arrays by these names, which every such model has.
  case notAModel(path: String, missing: [String])
  /// The options or the dictionary do not stand beside the archive, under any of their names.
  case missingFiles(path: String, alternatives: [[String]])
  /// The options are no dictionary.
  case optionsAreNoDictionary(path: String)
  /// An option is missing that every model has.
  case missingOption(path: String, name: String)
  /// An option has a value that cannot be used.
  case unusableOption(path: String, name: String, value: String, expected: String)
  /// The archive lacks an array.
  case missingArray(path: String, name: String)
  /// The archive has an array that no such model has.
  case unknownArray(path: String, name: String)
  /// An array has another shape than the options say.
  case wrongShape(path: String, name: String, found: [Int], expected: [Int], options: String)
  /// An array holds other numbers than float32.
  case wrongElementType(path: String, name: String, found: String)
  /// An array has a NaN or an infinite number.
  case notFinite(path: String, name: String)
  /// The model has what the original's code cannot compute.
  case cannotHold(path: String, what: String)
  /// The pickles that the model was imported with are no longer those of the model.
  case keptPickleDiffers(path: String, pickle: String)
  /// A pickle that the model was imported with has instances of a class, which Python runs to make them.
  case keptPickleNamesClass(path: String, pickle: String, name: String)
}

extension KirosModelError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .notAModel(let path, let missing):
      "\(path): an archive of arrays, but no model (no \(missing.joined(separator: " and no ")) in it); give a model"
    case .missingFiles(let path, let alternatives):
      "\(path): a model of this kind needs "
        + alternatives.map { $0.joined(separator: " and ") }.joined(separator: ", or ")
        + " beside it; copy what is missing there"
    case .optionsAreNoDictionary(let path):
      "\(path): should hold a dictionary of options; get the file that belongs to the model"
    case .missingOption(let path, let name):
      "\(path): lacks the option \(name), which says how the model is built; get the file that belongs to it"
    case .unusableOption(let path, let name, let value, let expected):
      "\(path): the option \(name) is \(value), expected \(expected)"
    case .missingArray(let path, let name):
      "\(path): lacks the array \(name), which its options ask for; get the files again"
    case .unknownArray(let path, let name):
      "\(path): has an array \(quoted(name, limit: 80)), which no model of this kind has; its vectors would be wrong"
    case .wrongShape(let path, let name, let found, let expected, let options):
      "\(path): array \(name) has shape \(found), \(options) says \(expected); these files do not belong together"
    case .wrongElementType(let path, let name, let found):
      "\(path): array \(name) holds \(found), expected float32; save it with astype('float32')"
    case .notFinite(let path, let name):
      "\(path): array \(name) has a NaN or an infinite number; the model is unusable, train it anew"
    case .cannotHold(let path, let what):
      "\(path): the original's files cannot hold this model: \(what); keep it as .safetensors"
    case .keptPickleDiffers(let path, let pickle):
      "\(path): not written, as the pickle of the \(pickle) that is kept in the model was changed since it was "
        + "imported; import it again"
    case .keptPickleNamesClass(let path, let pickle, let name):
      "\(path): not written, as \(quoted(name, limit: 80)) stands in the \(pickle) that the model was imported with, "
        + "and Python would run it; save the original's \(pickle) without it, and import the model again"
    }
  }
}
