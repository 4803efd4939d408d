import ArgumentParser
import Foundation
import ImageFeatures
import Retrieval
import Tensors

/// Photos to features for an index: each decoded, prepared and seen by the network, in minibatches.
final class NetworkEmbedder: ImageEmbedder {
  private var network: any FeatureNetwork
  private let normalizes: Bool
  private let batchSize: Int

  /// - Parameter normalizes: whether each row of features is scaled to unit norm, as `vse features --normalize` does.
  init(_ network: any FeatureNetwork, normalizes: Bool, batchSize: Int) {
    self.network = network
    self.normalizes = normalizes
    self.batchSize = batchSize
  }

  var featureCount: Int { network.featureSize }

  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>] {
    var results: [Result<[Float], any Error>] = []
    for start in stride(from: 0, to: paths.count, by: batchSize) {
      results += features(ofMinibatch: paths[start..<min(start + batchSize, paths.count)])
    }
    return results
  }

  private func features(ofMinibatch paths: ArraySlice<String>) -> [Result<[Float], any Error>] {
    let size = network.preprocessing.inputSize
    let input = Matrix(rows: paths.count, columns: size)
    var failures: [Int: any Error] = [:]
    for (row, path) in paths.enumerated() {
      do {
        let photo = try Photo(contentsOf: path)
        try input.rows(row..<row + 1).withUnsafeMutableElements { elements in
          try network.preprocessing.write(photo, path: path, to: elements)
        }
      } catch {
        // Its row stays zero, and what the network makes of it is not used.
        failures[row] = error
      }
    }
    do {
      let features = try network.features(of: input).copy()
      if normalizes { features.normalizeRows() }
      return (0..<paths.count).map { row in
        failures[row].map { .failure($0) } ?? .success(features.rowValues(row))
      }
    } catch {
      return paths.map { _ in .failure(error) }
    }
  }
}

/// Which network turns photos into features, where photos are given.
struct PhotoNetworkArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network of photos: vgg19, mobilenet_v1, mobilenet_v2, several with + between them, or colours.",
      valueName: "name"))
  var network: FeatureNetworkArguments.Kind?

  @Option(help: ArgumentHelp("The network's weights; once for each network.", valueName: "file"))
  var weights: [String] = []

  @Option(help: "Of vgg19: fc6, fc7, logits or probabilities (default: fc7).")
  var layer: ConvolutionalNetwork.VGGLayer?

  @Option(help: "How convolutions are padded (default: as the weights' file says, else symmetrically).")
  var padding: ConvolutionPadding?

  @Flag(help: "Scale the features of photos to unit L2 norm, as for the model's training data.")
  var normalize = false

  private static let batchSize = 8

  func validate() throws {
    guard network != nil else {
      if !weights.isEmpty || layer != nil || padding != nil || normalize {
        throw ValidationError("--weights, --layer, --padding and --normalize need --network NAME")
      }
      return
    }
    try arguments?.validate()
  }

  private var arguments: FeatureNetworkArguments? {
    guard let network else { return nil }
    var arguments = FeatureNetworkArguments()
    arguments.network = network
    arguments.weights = weights
    arguments.layer = layer
    arguments.padding = padding
    return arguments
  }

  /// The network with its weights, for minibatches of `batchSize`; nil where none is named.
  func loadedNetwork(precision: Precision) throws -> (any FeatureNetwork)? {
    try arguments?.load(precision: precision, batchSize: Self.batchSize)
  }

  /// The same as what an index takes.
  func embedder(precision: Precision) throws -> NetworkEmbedder? {
    try loadedNetwork(precision: precision).map {
      NetworkEmbedder($0, normalizes: normalize, batchSize: Self.batchSize)
    }
  }
}
