internal import DataFormats

/// The tensors of a file of weights by name, and what the file's kind says about them.
struct WeightsFile {
  /// Who wrote such files, and so how tensors are named and photos prepared.
  enum Source {
    /// A pickle of the original's: `param values` is a list of W and b of each layer, in order.
    case lasagne
    /// A state of PyTorch's: names, as torchvision and timm have them.
    case pytorch
  }

  let path: String
  let source: Source
  let tensors: [String: StoredTensor]
  let metadata: [String: String]

  /// The key of the list, and what its elements are called here.
  private static let lasagneKey = "param values"
  static func lasagneName(_ index: Int) -> String { "\(lasagneKey)[\(index)]" }

  /// Reads what the file at `path` holds, by its content; the numbers stay in the mapped file.
  init(path: String) throws(NetworkWeightsError) {
    self.path = path
    switch FileKind(path: path) {
    case .safetensors:
      let file = try Self.reading { () throws(SafetensorsError) in
        try SafetensorsFile.read(path: path, verifyingChecksum: false)
      }
      source = .pytorch
      metadata = file.metadata
      var tensors: [String: StoredTensor] = [:]
      for name in file.names { tensors[name] = file[name].map(StoredTensor.plain) }
      self.tensors = tensors
    case .pytorch:
      let value = try Self.reading { () throws(PyTorchError) in try PyTorchFile.read(path: path) }
      source = .pytorch
      metadata = [:]
      tensors = try Self.state(value, path: path)
    case .pickle:
      let value = try Self.reading { () throws(PickleError) in try PickleReader.read(path: path) }
      source = .lasagne
      metadata = [:]
      tensors = try Self.list(value, path: path)
    default:
      // Says what is wrong with a path that is none.
      _ = try Self.reading { () throws(FileError) in try MappedFile(path: path) }
      throw .notWeights(path: path, expected: "a .safetensors, a .pth of PyTorch's or a .pkl of Lasagne's")
    }
  }

  private static func reading<Value, Failure: Error & CustomStringConvertible>(
    _ body: () throws(Failure) -> Value
  ) throws(NetworkWeightsError) -> Value {
    do { return try body() } catch { throw .unreadable(error.description) }
  }

  /// A state, alone or as a checkpoint's `state_dict`, without the prefix that PyTorch's DataParallel gives names.
  private static func state(
    _ value: PickleValue, path: String
  ) throws(NetworkWeightsError) -> [String: StoredTensor] {
    var tensors: [String: StoredTensor] = [:]
    for entry in (value["state_dict"] ?? value).entries ?? [] {
      guard let name = entry.key.string, case .tensor(let tensor) = entry.value else { continue }
      tensors[name] = .strided(tensor.array)
    }
    guard !tensors.isEmpty else {
      throw .notWeights(path: path, expected: "a state_dict, tensors by name")
    }
    let prefix = "module."
    guard tensors.keys.allSatisfy({ $0.hasPrefix(prefix) }) else { return tensors }
    return Dictionary(
      tensors.map { (String($0.key.dropFirst(prefix.count)), $0.value) },
      uniquingKeysWith: { first, _ in first })
  }

  private static func list(
    _ value: PickleValue, path: String
  ) throws(NetworkWeightsError) -> [String: StoredTensor] {
    guard let elements = value[lasagneKey]?.elements else {
      throw .notWeights(
        path: path, expected: "a list of arrays under '\(lasagneKey)', as Lasagne's vgg19.pkl has")
    }
    var tensors: [String: StoredTensor] = [:]
    for (index, element) in elements.enumerated() {
      guard let array = element.array else {
        throw .notWeights(path: path, expected: "an array as \(lasagneName(index))")
      }
      tensors[lasagneName(index)] = .strided(array)
    }
    return tensors
  }
}
