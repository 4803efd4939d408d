import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Deep, bidirectional and pooled encoders equal PyTorch's from the same weights.
@Suite struct SequenceGoldenTests {
  @Test func everyCase() { #expect(SequenceGolden.names.count == 26) }

  private func check(_ name: String, precision: Precision, tolerance: Double) throws {
    let golden = try SequenceGolden(name)
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
    var generator = SeededRandomNumberGenerator(seed: 1)
    let minibatch = Minibatch(features: features, tokens: tokens)
    let cost = step.loss(minibatch, terms: .all, generator: &generator)
    let expected = Double(try golden.matrix("cost")[0, 0])
    #expect(abs(cost - expected) < tolerance * expected)
    for entry in network.parameters.layout.entries {
      let found = try #require(step.gradients[entry.name]).values
      let wanted = try golden.matrix("gradients/\(entry.name)").values
      #expect(relativeError(found, expected: wanted) < tolerance, "\(entry.name)")
    }
    // Once more with the same memory: nothing is left over that changes it.
    let gradients = step.gradients.everything.values
    #expect(step.loss(minibatch, terms: .all, generator: &generator) == cost)
    #expect(step.gradients.everything.values == gradients)
  }

  @Test(arguments: SequenceGolden.names) func float32(name: String) throws {
    try check(name, precision: .float32, tolerance: 1e-5)
  }

  @Test(.enabled(if: Parallel.hasNativeBFloat16), arguments: SequenceGolden.names)
  func bfloat16(name: String) throws {
    try check(name, precision: .bfloat16, tolerance: 4e-2)
  }
}
