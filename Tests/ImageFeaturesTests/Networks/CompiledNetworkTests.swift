import CNeural
import Testing

/// What the door to oneDNN refuses.
struct CompiledNetworkTests {
  static func layer(
    _ kind: cneural_layer_kind, outputs: Int64 = 4, groups: Int64 = 1, kernel: Int64 = 3, stride: Int64 = 1,
    padding: Int64 = 1, residual: Int64 = -1, activation: cneural_activation = CNEURAL_LINEAR
  ) -> cneural_layer {
    cneural_layer(
      kind: kind, activation: activation, outputs: outputs, groups: groups, kernel_height: kernel,
      kernel_width: kernel, stride_height: stride, stride_width: stride, padding_top: padding,
      padding_left: padding, padding_bottom: padding, padding_right: padding, residual: residual)
  }

  static let convolution = layer(CNEURAL_CONVOLUTION)

  private func status(_ layers: [cneural_layer], batch: Int64 = 2, size: Int64 = 6) -> cneural_status {
    var network: OpaquePointer?
    let status = cneural_network_create(
      layers, Int32(layers.count), batch, 4, size, size, CNEURAL_FLOAT32, &network)
    #expect((network == nil) == (status != CNEURAL_OK))
    cneural_network_destroy(network)
    return status
  }

  static let impossible: [[cneural_layer]] = [
    [],
    [layer(CNEURAL_CONVOLUTION, outputs: 0)],
    [layer(CNEURAL_CONVOLUTION, outputs: -1)],
    [layer(CNEURAL_CONVOLUTION, outputs: 1 << 25)],
    [layer(CNEURAL_CONVOLUTION, groups: 3)],
    [layer(CNEURAL_CONVOLUTION, groups: 0)],
    [layer(CNEURAL_CONVOLUTION, outputs: 6, groups: 4)],
    [layer(CNEURAL_CONVOLUTION, kernel: 9)],
    [layer(CNEURAL_CONVOLUTION, kernel: 0, padding: 0)],
    [layer(CNEURAL_CONVOLUTION, stride: 0)],
    [layer(CNEURAL_CONVOLUTION, stride: .max)],
    [layer(CNEURAL_CONVOLUTION, padding: 3)],
    [layer(CNEURAL_CONVOLUTION, padding: -1)],
    [layer(CNEURAL_CONVOLUTION, residual: 0)],
    [convolution, layer(CNEURAL_CONVOLUTION, residual: 1)],
    [convolution, layer(CNEURAL_CONVOLUTION, residual: -2)],
    [convolution, layer(CNEURAL_CONVOLUTION, outputs: 8, residual: 0)],
    [convolution, layer(CNEURAL_CONVOLUTION, stride: 2, residual: 0)],
    [convolution, layer(CNEURAL_MAX_POOL, residual: 0)],
    [layer(CNEURAL_MAX_POOL, kernel: 7, padding: 0)],
    [layer(CNEURAL_MAX_POOL, activation: CNEURAL_RELU)],
    [layer(CNEURAL_DENSE, outputs: 0)],
    [layer(CNEURAL_DENSE, outputs: 1 << 40)],
    [layer(CNEURAL_DENSE), convolution],
  ]

  @Test(arguments: impossible.indices)
  func refusesImpossibleLayers(index: Int) {
    #expect(status(Self.impossible[index]) == CNEURAL_INVALID_ARGUMENT)
  }

  @Test func refusesImpossibleImages() {
    #expect(status([Self.convolution]) == CNEURAL_OK)
    for (batch, size) in [(0, 6), (2, 0), (-1, 6), (2, .max), (.max, 6), (1 << 20, 1 << 20)]
      as [(Int64, Int64)]
    {
      #expect(status([Self.convolution], batch: batch, size: size) == CNEURAL_INVALID_ARGUMENT)
    }
  }

  @Test func packsOnlyWeightsThatThereAre() throws {
    var network: OpaquePointer?
    let layers = [Self.convolution, Self.layer(CNEURAL_MAX_POOL)]
    try #require(
      cneural_network_create(layers, 2, 1, 4, 6, 6, CNEURAL_FLOAT32, &network) == CNEURAL_OK)
    defer { cneural_network_destroy(network) }
    let weights = [Float](repeating: 1, count: 4 * 4 * 9)
    let packed = UnsafeMutableRawPointer.allocate(
      byteCount: cneural_network_weights_size(network), alignment: 64)
    defer { packed.deallocate() }
    for (index, transposed, expected) in [
      (0, false, CNEURAL_OK), (0, true, CNEURAL_INVALID_ARGUMENT), (1, false, CNEURAL_INVALID_ARGUMENT),
      (2, false, CNEURAL_INVALID_ARGUMENT), (-1, false, CNEURAL_INVALID_ARGUMENT),
    ] {
      #expect(cneural_network_pack(network, Int32(index), weights, transposed, weights, packed) == expected)
    }
  }
}
