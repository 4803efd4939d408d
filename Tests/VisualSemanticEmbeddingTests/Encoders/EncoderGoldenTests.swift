import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct EncoderGoldenTests {
  @Test func everyEncoderLossAndNormalisation() { #expect(EncoderGolden.names.count == 22) }

  private func check(_ name: String, precision: Precision, tolerance: Double) throws {
    let golden = try EncoderGolden(name)
    let network = try golden.network(precision: precision)
    let tokens = try golden.tokens()
    let features = try golden.matrix("images")
    let sentences = network.sentenceVectors(tokens)
    #expect(
      relativeError(sentences.values, expected: try golden.matrix("sentence_vectors").values) < tolerance)
    let images = network.images.forward(
      features, normalizing: golden.settings.normalizeImages, parameters: network.parameters,
      memory: ImageProjection.Memory())
    #expect(relativeError(images.values, expected: try golden.matrix("image_vectors").values) < tolerance)

    let step = golden.step(network)
    let minibatch = Minibatch(features: features, tokens: tokens)
    var generator = SeededRandomNumberGenerator(seed: 1)
    let cost = step.loss(minibatch, terms: golden.terms, generator: &generator)
    #expect(abs(cost - golden.settings.cost) < tolerance * golden.settings.cost)
    let expected = ParameterSet(layout: network.parameters.layout)
    try golden.fill(expected, prefix: "grad_")
    for entry in expected.layout.entries {
      let found = try #require(step.gradients[entry.name]).values
      let wanted = try #require(expected[entry.name]).values
      #expect(relativeError(found, expected: wanted) < tolerance, "\(entry.name)")
    }
    // Once more with the same memory: nothing is left over that changes it.
    let gradients = step.gradients.everything.values
    #expect(step.loss(minibatch, terms: golden.terms, generator: &generator) == cost)
    #expect(step.gradients.everything.values == gradients)
  }

  @Test(arguments: EncoderGolden.names) func float32(name: String) throws {
    try check(name, precision: .float32, tolerance: 1e-5)
  }

  @Test(.enabled(if: Parallel.hasNativeBFloat16), arguments: EncoderGolden.names)
  func bfloat16(name: String) throws {
    try check(name, precision: .bfloat16, tolerance: 2e-2)
  }
}
