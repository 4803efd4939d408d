internal import CNeural
internal import DataFormats
internal import Tensors

/// Layers compiled for one number of images: the door to CNeural's networks.
///
/// Its invariants: `network` is valid from the end of `init` to `deinit`; buffers are as large as the network says,
/// which is checked, and live until a call returns, as they are its parameters. Matrices of a megabyte and more
/// begin at a page, smaller ones at a multiple of 64 bytes, as CNeural needs it.
final class CompiledLayers {
  let batch: Int
  private let network: OpaquePointer
  private let input: ImageShape

  init(_ part: LayerProgram.Part, batch: Int, precision: Precision) {
    var network: OpaquePointer?
    let status = cneural_network_create(
      part.layers, Int32(clamping: part.layers.count), Int64(batch), Int64(part.input.channels),
      Int64(part.input.height), Int64(part.input.width),
      precision == .bfloat16 ? CNEURAL_BFLOAT16 : CNEURAL_FLOAT32, &network)
    guard status == CNEURAL_OK, let network else {
      // The layers come from the program, not from a file: nothing that a caller could mend.
      preconditionFailure(
        "oneDNN \(cneural_version()) failed (\(status.rawValue)) to compile \(part.layers.count) layers")
    }
    self.batch = batch
    self.network = network
    input = part.input
  }

  deinit { cneural_network_destroy(network) }

  /// The numbers that come out for an image.
  var outputSize: Int { Int(cneural_network_output_size(network)) }

  /// Memory for the packed weights.
  func makeWeights() -> Matrix { Self.memory(byteCount: cneural_network_weights_size(network)) }

  private static func memory(byteCount: Int) -> Matrix {
    Matrix(rows: 1, columns: max(1, (byteCount + 3) / 4))
  }

  /// Packs the weights of a layer into their place.
  func pack(_ weights: LayerWeights, of layer: WeightedLayer, into packed: Matrix) {
    precondition(weights.bias.count == layer.outputs, "a number for each output")
    precondition(4 * packed.count >= cneural_network_weights_size(network), "too little room for the weights")
    let status = weights.values.withUnsafeBytes { values in
      precondition(values.count == 4 * layer.shape.reduce(1, *), "weights of another shape")
      return packed.withUnsafeMutableElements { packed in
        cneural_network_pack(
          network, Int32(layer.index), values.baseAddress, weights.isTransposed, weights.bias,
          packed.baseAddress)
      }
    }
    check(status)
  }

  /// Whether weights that were packed for `other` serve these layers too.
  func sharesWeights(with other: CompiledLayers) -> Bool {
    cneural_network_shares_weights(other.network, network)
  }

  /// Runs the layers over rows of images into rows of `output`, as many as `batch`.
  func run(_ images: Matrix, weights: Matrix, scratch: ScratchMatrix, into output: Matrix) {
    precondition(images.rows == batch && images.columns == input.count, "images of another size")
    precondition(output.rows == batch && output.columns == outputSize, "output of another size")
    precondition(4 * weights.count >= cneural_network_weights_size(network), "weights of another network")
    let workspace = scratch.matrix(rows: 1, columns: (cneural_network_workspace_size(network) + 67) / 4)
    let status = images.withUnsafeMutableElements { images in
      weights.withUnsafeMutableElements { weights in
        workspace.withUnsafeMutableElements { workspace in
          output.withUnsafeMutableElements { output in
            cneural_network_run(
              network, images.baseAddress, weights.baseAddress, workspace.baseAddress, output.baseAddress)
          }
        }
      }
    }
    check(status)
  }

  private func check(_ status: cneural_status) {
    precondition(status == CNEURAL_OK, "oneDNN \(cneural_version()) failed (\(status.rawValue))")
  }
}
