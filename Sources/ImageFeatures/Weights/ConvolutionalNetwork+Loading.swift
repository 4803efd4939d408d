public import Tensors

/// How a network is loaded.
public struct NetworkOptions: Sendable, Hashable {
  /// The number format of weights and of what passes between layers.
  public var precision: Precision
  /// How many photos are computed together at most, 1 to 4096.
  public var batchSize: Int
  /// How convolutions are padded; nil: as the file says, else symmetrically.
  public var padding: ConvolutionPadding?
  /// How photos are prepared; nil: as the file says, else as is usual with files of its kind.
  public var preprocessing: Preprocessing?

  /// Float32, and all else as the file and its kind have it, unless told otherwise.
  public init(
    precision: Precision = .float32, batchSize: Int = LoadedNetwork.defaultBatchSize,
    padding: ConvolutionPadding? = nil, preprocessing: Preprocessing? = nil
  ) {
    self.precision = precision
    self.batchSize = batchSize
    self.padding = padding
    self.preprocessing = preprocessing
  }
}

extension ConvolutionalNetwork {
  /// The network with the weights of a file: a .safetensors or a .pth with torchvision's names (timm's for
  /// MobileNet v1), or, for VGG-19, Lasagne's pickle.
  ///
  /// All names, shapes and types are checked before a number is read. The file is mapped, and released when its
  /// weights are packed. Throws when it is not of this network.
  public func load(
    weights path: String, options: NetworkOptions = NetworkOptions()
  ) throws(NetworkWeightsError) -> LoadedNetwork {
    let file = try WeightsFile(path: path)
    let loader = try WeightsLoader(file, for: self)
    let trained = try file.padding
    let preprocessing =
      if let given = options.preprocessing { given } else { try file.preprocessing(for: self) }
    return try LoadedNetwork(
      self, preprocessing: preprocessing, padding: options.padding ?? trained,
      precision: options.precision,
      batchSize: options.batchSize
    ) { (layer) throws(NetworkWeightsError) in try loader.weights(of: layer) }
  }
}
