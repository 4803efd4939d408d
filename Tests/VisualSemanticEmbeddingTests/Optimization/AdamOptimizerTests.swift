import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Five updates computed in float64 by the fixtures' script, and by torch.optim.Adam for the standard form.
@Suite struct AdamOptimizerTests {
  struct Settings: Decodable {
    var form: String
    var learningRate: Float
    var weightDecay: Float
    var clip: Float
    var updates: Int
    var size: Int
  }

  @Test(arguments: ["kiros-plain", "kiros-decay_clip", "standard-plain", "standard-decay_clip"])
  func goldens(name: String) throws {
    let folder = fixturePath("adam/\(name)")
    let settings = try JSONDecoder().decode(
      Settings.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/case.json")))
    func rows(_ name: String) throws -> [[Float]] {
      let array = try NumpyArray.read(path: "\(folder)/\(name).npy")
      let values = try array.float32Values()
      let count = values.count / array.shape[0]
      return (0..<array.shape[0]).map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
    var layout = ParameterLayout()
    // In two parameters, the second of which stands after padding.
    let split = 5
    let head = layout.add("head", rows: 1, columns: split, .zero)
    let tail = layout.add("tail", rows: settings.size - split, columns: 1, .zero)
    func put(_ values: [Float], into set: ParameterSet) {
      for (index, value) in values.enumerated() {
        if index < split { set[head][0, index] = value } else { set[tail][index - split, 0] = value }
      }
    }
    func values(_ set: ParameterSet) -> [Float] { set[head].values + set[tail].values }

    let (parameters, gradients) = (ParameterSet(layout: layout), ParameterSet(layout: layout))
    let optimizer = AdamOptimizer(
      layout: layout, form: try #require(AdamForm(rawValue: settings.form)), clip: settings.clip,
      weightDecay: settings.weightDecay)
    put(try rows("initial").flatMap { $0 }, into: parameters)
    let expected = (
      parameters: try rows("parameters"), first: try rows("first_moments"),
      second: try rows("second_moments"),
      norms: try rows("gradient_norms").flatMap { $0 }
    )
    for (update, gradient) in try rows("gradients").enumerated() {
      put(gradient, into: gradients)
      let norm = optimizer.update(parameters, gradients: gradients, rate: settings.learningRate)
      #expect(abs(norm - Double(expected.norms[update])) < 1e-6 * norm)
      #expect(maximumAbsoluteDifference(values(parameters), expected.parameters[update]) < 2e-6)
      #expect(relativeError(values(optimizer.firstMoments), expected: expected.first[update]) < 1e-6)
      #expect(relativeError(values(optimizer.secondMoments), expected: expected.second[update]) < 2e-5)
      #expect(optimizer.step == update + 1)
    }
    let whole = parameters.everything.values.reduce(0) { $0 + abs(Double($1)) }
    #expect(abs(whole - values(parameters).reduce(0) { $0 + abs(Double($1)) }) < 1e-9, "padding stays zero")
  }
}
