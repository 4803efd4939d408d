/// Networks as they are named on a command line: one, or several with + between them, which are joined.
public struct NetworkChoice: Sendable, Hashable {
  /// The networks that there are.
  public enum Name: String, Codable, Sendable, CaseIterable {
    /// VGG-19, 550 MB of weights.
    case vgg19
    /// MobileNet v1, 1,024 features.
    case mobileNetV1 = "mobilenet_v1"
    /// MobileNet v2, 1,280 features.
    case mobileNetV2 = "mobilenet_v2"
  }

  /// The networks in order, at least one.
  public let names: [Name]

  /// Takes a text like `vgg19` or `mobilenet_v1+mobilenet_v2`; nil when it names a network that there is not.
  public init?(_ text: String) {
    var names: [Name] = []
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      guard let name = Name(rawValue: String(part)) else { return nil }
      names.append(name)
    }
    self.names = names
  }

  /// The networks with their weights, a file for each in order; `layer` is that of VGG-19.
  ///
  /// One network gives its features as they are, several give them joined. Throws when a file is not of its
  /// network, and when the networks cannot be joined.
  public func load(
    weights paths: [String], layer: ConvolutionalNetwork.VGGLayer = .fc7,
    options: NetworkOptions = NetworkOptions()
  ) throws(NetworkWeightsError) -> any FeatureNetwork {
    guard paths.count == names.count else {
      throw .wrongFileCount(networks: names.count, files: paths.count)
    }
    var networks: [LoadedNetwork] = []
    for (name, path) in zip(names, paths) {
      networks.append(try name.network(layer: layer).load(weights: path, options: options))
    }
    return networks.count == 1 ? networks[0] : try JoinedNetwork(networks)
  }
}

extension NetworkChoice.Name {
  /// The architecture; `layer` is that of VGG-19.
  public func network(layer: ConvolutionalNetwork.VGGLayer = .fc7) -> ConvolutionalNetwork {
    switch self {
    case .vgg19: .vgg19(layer: layer)
    case .mobileNetV1: .mobileNetV1
    case .mobileNetV2: .mobileNetV2
    }
  }
}
