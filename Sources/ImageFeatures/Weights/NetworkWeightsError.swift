internal import DataFormats
public import Foundation

/// Why a file cannot give a network its weights.
public enum NetworkWeightsError: Error, Equatable, Sendable {
  /// The file cannot be read as what it seems to be; the message says where and why.
  case unreadable(String)
  /// The file is of no kind that holds weights.
  case notWeights(path: String, expected: String)
  /// A tensor of the network is missing.
  case missingTensor(path: String, network: String, name: String, expected: [Int])
  /// A tensor is there that the network does not have.
  case unknownTensor(path: String, network: String, name: String, shape: [Int])
  /// A tensor has another shape than the network's.
  case wrongShape(path: String, network: String, name: String, found: [Int], expected: [Int])
  /// A tensor does not hold floating-point numbers.
  case wrongElementType(path: String, name: String, found: String)
  /// A tensor has a NaN, an infinite number, or one beyond float32.
  case notFinite(path: String, name: String)
  /// The variance of a batch normalization is negative.
  case negativeVariance(path: String, name: String)
  /// The file's metadata says something that is not understood.
  case unknownMetadata(path: String, key: String, value: String, expected: String)
  /// There is not one file of weights for each network.
  case wrongFileCount(networks: Int, files: Int)
  /// Networks are to be joined that see a photo differently.
  case differentPreprocessing(first: String, second: String)
}

extension NetworkWeightsError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .unreadable(let message): message
    case .notWeights(let path, let expected):
      "\(quoted(path)) holds no weights: expected \(expected); check the path"
    case .missingTensor(let path, let network, let name, let expected):
      "\(quoted(path)): lacks the tensor \(name) \(expected) of \(network); give the weights of that network"
    case .unknownTensor(let path, let network, let name, let shape):
      "\(quoted(path)): has a tensor \(quoted(name, limit: 80)) \(shape), which \(network) does not have; "
        + "give the weights of that network"
    case .wrongShape(let path, let network, let name, let found, let expected):
      "\(quoted(path)): tensor \(name) has the shape \(found), expected \(expected) for \(network); "
        + "give the weights of that network"
    case .wrongElementType(let path, let name, let found):
      "\(quoted(path)): tensor \(name) holds \(found), expected floating-point numbers; save the weights as float32"
    case .notFinite(let path, let name):
      "\(quoted(path)): tensor \(name) has a NaN, an infinite number or one beyond float32; get the file again"
    case .negativeVariance(let path, let name):
      "\(quoted(path)): tensor \(name) has a negative variance; get the file again"
    case .unknownMetadata(let path, let key, let value, let expected):
      "\(quoted(path)): its metadata has \(key) \(quoted(value, limit: 80)), expected \(expected)"
    case .wrongFileCount(let networks, let files):
      "\(networks) networks need as many files of weights, and there are \(files); repeat --weights for each, in "
        + "the order of --network"
    case .differentPreprocessing(let first, let second):
      "\(first) and \(second) need photos prepared in different ways and cannot be joined; give weights that were "
        + "trained alike"
    }
  }
}
