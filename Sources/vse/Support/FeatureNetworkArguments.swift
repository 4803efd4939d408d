import ArgumentParser
import Foundation
import ImageFeatures
import Tensors

/// Which network turns photos into features.
struct FeatureNetworkArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      vgg19, mobilenet_v1 or mobilenet_v2, several with + between them to be joined; or descriptor, where which \
      colours are and which way edges run, which needs no weights and knows no things.
      """, valueName: "name"))
  var network: Kind?

  @Option(
    help: ArgumentHelp(
      "The network's weights: .safetensors, .pth or Lasagne's .pkl; once for each network.", valueName: "file"
    ), completion: .file())
  var weights: [String] = []

  @Option(help: "Of vgg19: fc6, fc7, logits or probabilities (default: fc7).")
  var layer: ConvolutionalNetwork.VGGLayer?

  @Option(help: "How convolutions are padded (default: as the weights' file says, else symmetrically).")
  var padding: ConvolutionPadding?

  @Option(
    help: """
      How photos are prepared: "original" (BGR minus means), "torchvision", "timm" or "squashed" (default: as the \
      weights' file says, else as its kind has it).
      """)
  var preprocessing: Preprocessing.Name?

  /// What `--network` names.
  enum Kind: ExpressibleByArgument {
    case descriptor
    case networks(NetworkChoice)

    static var defaultCompletionKind: CompletionKind {
      .list(NetworkChoice.Name.allCases.map(\.rawValue) + ["descriptor"])
    }

    init?(argument: String) {
      if argument == "descriptor" {
        self = .descriptor
      } else {
        guard let choice = NetworkChoice(argument) else { return nil }
        self = .networks(choice)
      }
    }
  }

  /// Whether any option is there that says more of the network than its name.
  private var areGiven: Bool { !weights.isEmpty || layer != nil || padding != nil || preprocessing != nil }

  func validate() throws {
    switch network {
    case nil:
      guard !areGiven else {
        throw ValidationError(
          "--weights, --layer, --padding and --preprocessing belong to --network NAME; give that too")
      }
    case .descriptor:
      guard !areGiven else {
        throw ValidationError(
          "the descriptor has no weights; leave out --weights, --layer, --padding and --preprocessing")
      }
    case .networks(let choice):
      guard weights.count == choice.names.count else {
        throw ValidationError("give --weights FILE once for each network, in their order")
      }
      guard layer == nil || choice.names.contains(.vgg19) else {
        throw ValidationError("--layer belongs to vgg19; leave it out")
      }
    }
  }

  /// The network with its weights; throws when they are not its own.
  /// - Precondition: there is one.
  func load(precision: Precision, batchSize: Int) throws -> any FeatureNetwork {
    switch network {
    case nil: preconditionFailure("whether there is a network is known since the options were read")
    case .descriptor: PhotoDescriptor()
    case .networks(let choice):
      try choice.load(
        weights: weights, layer: layer ?? .fc7,
        options: NetworkOptions(
          precision: precision, batchSize: batchSize, padding: padding,
          preprocessing: preprocessing?.preprocessing))
    }
  }

  /// What tells these features from those of other networks, weights and layers, without reading the weights.
  func identity(precision: Precision) -> String {
    let files = weights.map { path in
      let whole = URL(fileURLWithPath: path).standardizedFileURL.path
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(whole) \((attributes?[.size] as? Int) ?? 0) \(date)"
    }
    let settings = [
      network.map { "\($0)" } ?? "", layer?.rawValue ?? "", padding.map { "\($0)" } ?? "", precision.rawValue,
    ]
    return (settings + files).joined(separator: "\n")
  }
}
