import ArgumentParser
import Foundation
import ImageFeatures

/// Which network turns photos into features.
struct FeatureNetworkArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network: colours (mean colours of 8 x 8 parts, without weights: a baseline).", valueName: "name"))
  var network: String

  @Option(help: ArgumentHelp("The network's weights; for joined networks once for each.", valueName: "file"))
  var weights: [String] = []

  @Option(help: ArgumentHelp("The layer whose values are the features, such as fc7.", valueName: "layer"))
  var layer: String?

  func validate() throws {
    guard network == "colours" else {
      throw ValidationError("no network is called \(network); there is: colours")
    }
    if !weights.isEmpty || layer != nil {
      throw ValidationError("colours have neither weights nor layers; leave out --weights and --layer")
    }
  }

  /// The network with its weights.
  func load() throws -> any FeatureNetwork { ColourGrid() }

  /// What tells these features from those of other networks, weights and layers, without reading the weights.
  func identity() -> String {
    let files = weights.map { path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\((attributes?[.size] as? Int) ?? 0) \(date)"
    }
    return ([network, layer ?? ""] + files).joined(separator: "\n")
  }
}
