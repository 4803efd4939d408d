public import ArgumentParser
import DataFormats
import Foundation
public import ImageFeatures
public import Tensors

@main
struct RunNetwork: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run-network",
    abstract: "Run a network over photos, as files or prepared, for comparison with other programs.",
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

  @Option(help: "original, torchvision, timm or squashed (default: as the weights say).")
  var preprocessing: Preprocessing.Name?

  @Option(help: ArgumentHelp("Prepared photos, float32 [N, 3 * 224 * 224].", valueName: "file.npy"))
  var input: String?

  @Option(help: ArgumentHelp("A text file that names photos, one a line.", valueName: "file"))
  var list: String?

  @Option(help: ArgumentHelp("The folder that the names of --list are in.", valueName: "folder"))
  var base: String?

  @Option(help: ArgumentHelp("Where what is prepared of the photos goes, as --input.", valueName: "file.npy"))
  var prepared: String?

  @Option(help: ArgumentHelp("Where the features go, float32 [N, I].", valueName: "file.npy"))
  var output: String

  func validate() throws {
    guard NetworkChoice(network) != nil else { throw ValidationError("there is no network \(network)") }
    guard (input == nil) != (list == nil) else { throw ValidationError("give either --input or --list") }
    guard (1...4096).contains(batchSize) else { throw ValidationError("--batch-size must be 1 to 4096") }
  }

  func run() throws {
    guard let choice = NetworkChoice(network) else { return }
    var network = try choice.load(
      weights: weights, layer: layer,
      options: NetworkOptions(
        precision: precision, batchSize: batchSize, preprocessing: preprocessing?.preprocessing))
    let minibatch = try input.map { try read($0, network.preprocessing) } ?? decode(network.preprocessing)
    if let prepared { try write(minibatch, to: prepared) }
    try write(try network.features(of: minibatch), to: output)
    print(String(decoding: try JSONEncoder().encode(network.preprocessing), as: UTF8.self))
  }

  private func read(_ path: String, _ preprocessing: Preprocessing) throws -> Matrix {
    let photos = try NumpyArray.read(path: path)
    guard photos.shape.count == 2, photos.shape[1] == preprocessing.inputSize else {
      throw ValidationError("\(path) has the shape \(photos.shape), expected [N, 3 * 224 * 224]")
    }
    return Matrix(rows: photos.shape[0], columns: photos.shape[1], values: try photos.float32Values())
  }

  private func decode(_ preprocessing: Preprocessing) throws -> Matrix {
    let paths = try list.map { try PhotoList(list: $0, base: base).entries.map(\.path) } ?? []
    var values = [Float](repeating: 0, count: paths.count * preprocessing.inputSize)
    try values.withUnsafeMutableBufferPointer { numbers in
      for (index, path) in paths.enumerated() {
        let place = numbers[index * preprocessing.inputSize..<(index + 1) * preprocessing.inputSize]
        try preprocessing.write(
          try Photo(contentsOf: path), path: path, to: UnsafeMutableBufferPointer(rebasing: place))
      }
    }
    return Matrix(rows: paths.count, columns: preprocessing.inputSize, values: values)
  }

  private func write(_ matrix: Matrix, to path: String) throws {
    try NumpyArray.write(ArrayData(matrix.values, shape: [matrix.rows, matrix.columns]), to: path)
  }
}

extension ConvolutionalNetwork.VGGLayer: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension Preprocessing.Name: ExpressibleByArgument {}
