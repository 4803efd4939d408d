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
    if let name = Preprocessing.Name(rawValue: text) { return name.preprocessing }
    // Compared whole: a sentence that only has these words in it may say something else.
    guard text == Self.squashedInput else {
      let names = Preprocessing.Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw .unknownMetadata(
        path: path, key: key, value: text, expected: "one of \(names); or give --preprocessing")
    }
    return .squashed
  }

  /// What converted MobileNets of TensorFlow's say.
  private static let squashedInput = "224 x 224 RGB, the photo squashed to the square, (value - 128) / 128"
}
