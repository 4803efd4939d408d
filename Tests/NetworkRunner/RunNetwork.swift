public import ArgumentParser
import DataFormats
import Foundation
public import ImageFeatures
public import Tensors

@main
struct RunNetwork: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run-network",
    abstract: "Run a network over photos that are already prepared, for comparison with other programs.",
    discussion:
      "What Scripts/check-networks calls. Prints the preprocessing that the weights ask for, as JSON.")

  @Option(help: "vgg19, mobilenet_v1, mobilenet_v2, or several with + between them.")
  var network: String

  @Option(help: ArgumentHelp("Weights of each network, in order.", valueName: "file"))
  var weights: [String]

  @Option(help: "Layer of VGG-19: fc6, fc7, logits or probabilities.")
  var layer = ConvolutionalNetwork.VGGLayer.fc7

  @Option(help: "float32 or bfloat16.")
  var precision = Precision.float32

  @Option(help: "Photos that are computed together.")
  var batchSize = LoadedNetwork.defaultBatchSize

  @Option(help: ArgumentHelp("Prepared photos, float32 [N, 3 * 224 * 224].", valueName: "file.npy"))
  var input: String

  @Option(help: ArgumentHelp("Where the features go, float32 [N, I].", valueName: "file.npy"))
  var output: String

  func validate() throws {
    guard NetworkChoice(network) != nil else { throw ValidationError("there is no network \(network)") }
    guard (1...4096).contains(batchSize) else { throw ValidationError("--batch-size must be 1 to 4096") }
  }

  func run() throws {
    guard let choice = NetworkChoice(network) else { return }
    var network = try choice.load(
      weights: weights, layer: layer, options: NetworkOptions(precision: precision, batchSize: batchSize))
    let photos = try NumpyArray.read(path: input)
    guard photos.shape.count == 2, photos.shape[1] == network.preprocessing.inputSize else {
      throw ValidationError("\(input) has the shape \(photos.shape), expected [N, 3 * 224 * 224]")
    }
    let minibatch = Matrix(
      rows: photos.shape[0], columns: photos.shape[1], values: try photos.float32Values())
    let features = try network.features(of: minibatch)
    try NumpyArray.write(ArrayData(features.values, shape: [features.rows, features.columns]), to: output)
    print(String(decoding: try JSONEncoder().encode(network.preprocessing), as: UTF8.self))
  }
}

extension ConvolutionalNetwork.VGGLayer: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
