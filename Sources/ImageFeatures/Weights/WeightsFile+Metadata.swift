extension WeightsFile {
  /// What is added to the variances of batch normalizations: `batch_norm_epsilon`, else what torchvision's and
  /// timm's MobileNets have.
  var batchNormEpsilon: Double {
    get throws(NetworkWeightsError) {
      let key = "batch_norm_epsilon"
      guard let text = metadata[key] else { return 1e-5 }
      guard let value = Double(text), value >= 0, value < 1 else {
        throw .unknownMetadata(path: path, key: key, value: text, expected: "a number from 0 to 1")
      }
      return value
    }
  }

  /// How convolutions were padded when the weights were trained: `padding`, else as PyTorch does.
  var padding: ConvolutionPadding {
    get throws(NetworkWeightsError) {
      let key = "padding"
      guard let text = metadata[key] else { return .symmetric }
      // Explanations may follow the word.
      guard let word = text.split(whereSeparator: { !$0.isLetter }).first,
        let padding = ConvolutionPadding(rawValue: word.lowercased())
      else { throw .unknownMetadata(path: path, key: key, value: text, expected: "symmetric or same") }
      return padding
    }
  }

  /// How photos were prepared when the weights were trained: `input`, else as the source of such files does.
  func preprocessing(for network: ConvolutionalNetwork) throws(NetworkWeightsError) -> Preprocessing {
    let key = "input"
    if source == .lasagne { return .original }
    guard let text = metadata[key] else { return network.usualPreprocessing }
    let squeezed = text.lowercased().filter { !$0.isWhitespace }
    guard ["rgb", "squashed", "(value-128)/128"].allSatisfy(squeezed.contains) else {
      throw .unknownMetadata(
        path: path, key: key, value: text, expected: "squashed RGB as (value - 128) / 128, or no such key")
    }
    return .squashed
  }
}
