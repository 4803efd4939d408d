internal import DataFormats

/// Gives a network the weights of a file, after it has checked that the file is of that network.
struct WeightsLoader {
  let file: WeightsFile
  let network: ConvolutionalNetwork
  /// Which place a layer has among those with weights, for files that name nothing.
  private let order: [String: Int]
  /// ε of the batch normalizations.
  private let epsilon: Double

  /// The tensors of a batch normalization.
  private static let normalizationParts = ["weight", "bias", "running_mean", "running_var"]

  /// Checks names, shapes and types of all tensors; no number is read.
  init(_ file: WeightsFile, for network: ConvolutionalNetwork) throws(NetworkWeightsError) {
    self.file = file
    self.network = network
    let layers = network.weightedLayers
    order = Dictionary(layers.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    epsilon = try file.batchNormEpsilon
    guard file.source != .lasagne || layers.allSatisfy({ $0.normalization == nil }) else {
      throw .notWeights(path: file.path, expected: "a .safetensors or a .pth for \(network.name)")
    }
    var known: Set<String> = []
    for layer in layers {
      for (name, shape) in tensors(of: layer) {
        try check(name, shape: shape)
        known.insert(name)
      }
    }
    try checkOthers(known: known, layerCount: layers.count)
  }

  /// The names and shapes of the tensors that a layer needs.
  private func tensors(of layer: WeightedLayer) -> [(name: String, shape: [Int])] {
    switch (file.source, layer.normalization) {
    case (.lasagne, _):
      let index = 2 * (order[layer.name] ?? 0)
      let isDense = if case .dense = layer.kind { true } else { false }
      // Lasagne's dense weights are [inputs, outputs].
      return [
        (WeightsFile.lasagneName(index), isDense ? layer.shape.reversed() : layer.shape),
        (WeightsFile.lasagneName(index + 1), [layer.outputs]),
      ]
    case (.pytorch, nil):
      return [("\(layer.name).weight", layer.shape), ("\(layer.name).bias", [layer.outputs])]
    case (.pytorch, let normalization?):
      return [("\(layer.name).weight", layer.shape)]
        + Self.normalizationParts.map { ("\(normalization).\($0)", [layer.outputs]) }
    }
  }

  private func check(_ name: String, shape: [Int]) throws(NetworkWeightsError) {
    guard let tensor = file.tensors[name] else {
      throw .missingTensor(path: file.path, network: network.name, name: name, expected: shape)
    }
    guard tensor.shape == shape else {
      throw .wrongShape(
        path: file.path, network: network.name, name: name, found: tensor.shape, expected: shape)
    }
    guard [.float16, .bfloat16, .float32, .float64].contains(tensor.elementType) else {
      throw .wrongElementType(path: file.path, name: name, found: tensor.elementType.rawValue)
    }
  }

  /// Throws for a tensor that is neither used nor one of those that every file of the network has besides.
  private func checkOthers(known: Set<String>, layerCount: Int) throws(NetworkWeightsError) {
    let others = file.tensors.keys.filter { name in
      guard !known.contains(name) else { return false }
      switch file.source {
      case .lasagne:
        let count = 2 * (layerCount + network.unusedNames.count)
        return !(0..<count).contains { WeightsFile.lasagneName($0) == name }
      case .pytorch:
        let (owner, part) = Self.split(name)
        return part != "num_batches_tracked" && !network.unusedNames.contains(owner)
      }
    }
    if let name = others.min() {
      throw .unknownTensor(
        path: file.path, network: network.name, name: name, shape: file.tensors[name]?.shape ?? [])
    }
  }

  /// What stands before and after the last point.
  private static func split(_ name: String) -> (owner: String, part: String) {
    guard let point = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return ("", name) }
    return (String(name[..<point]), String(name[name.utf8.index(after: point)...]))
  }

  /// The weights of a layer, with the batch normalization that follows it folded in.
  func weights(of layer: WeightedLayer) throws(NetworkWeightsError) -> LayerWeights {
    let names = tensors(of: layer).map(\.name)
    let values = try float32(names[0])
    if layer.normalization == nil {
      let isDense = if case .dense = layer.kind { true } else { false }
      return LayerWeights(
        values: values, isTransposed: isDense && file.source == .lasagne, bias: try numbers(names[1]))
    }
    let folded = try folded(
      values, scale: numbers(names[1]), shift: numbers(names[2]), mean: numbers(names[3]),
      variance: numbers(names[4]), varianceName: names[4])
    guard StoredTensor.plain(folded.values).float32() != nil, folded.bias.allSatisfy(\.isFinite) else {
      throw .notFinite(path: file.path, name: names[1])
    }
    return folded
  }

  /// γ (W x − μ) / √(σ² + ε) + β is a convolution with W γ / √(σ² + ε) and the bias β − μ γ / √(σ² + ε).
  private func folded(
    _ values: ArrayData, scale: [Float], shift: [Float], mean: [Float], variance: [Float],
    varianceName: String
  ) throws(NetworkWeightsError) -> LayerWeights {
    guard variance.allSatisfy({ Double($0) + epsilon > 0 }) else {
      throw .negativeVariance(path: file.path, name: varianceName)
    }
    let factors = zip(scale, variance).map { Double($0) / (Double($1) + epsilon).squareRoot() }
    let bias = zip(zip(shift, mean), factors).map { Float(Double($0.0) - Double($0.1) * $1) }
    guard var filters = try? values.float32Values() else { preconditionFailure("the values are float32") }
    let size = filters.count / max(factors.count, 1)
    for index in filters.indices { filters[index] = Float(Double(filters[index]) * factors[index / size]) }
    return LayerWeights(values: ArrayData(filters, shape: values.shape), bias: bias)
  }

  private func float32(_ name: String) throws(NetworkWeightsError) -> ArrayData {
    guard let values = file.tensors[name]?.float32() else { throw .notFinite(path: file.path, name: name) }
    return values
  }

  private func numbers(_ name: String) throws(NetworkWeightsError) -> [Float] {
    guard let values = try? float32(name).float32Values() else {
      throw .notFinite(path: file.path, name: name)
    }
    return values
  }
}
