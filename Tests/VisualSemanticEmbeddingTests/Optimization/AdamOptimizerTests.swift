import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Five updates computed in float64 by the fixtures' scripts, and by torch.optim.Adam for the standard form and
/// torch.optim.AdamW for the decoupled one.
@Suite struct AdamOptimizerTests {
  struct Settings: Decodable {
    var form: String
    var learningRate: Float
    var weightDecay: Float
    var clip: Float
    var updates: Int
    var size: Int
    var averageDecay: Float?
  }

  @Test(arguments: [
    "kiros-plain", "kiros-decay_clip", "standard-plain", "standard-decay_clip", "adamw-plain",
    "adamw-decay_clip",
  ])
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
    // In two parameters, the second of which stands after padding. The first is a single row, as biases are.
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
    put(try rows("initial").flatMap { $0 }, into: parameters)
    let average = settings.averageDecay.map { WeightAverage(decay: $0, values: ParameterSet(layout: layout)) }
    average?.values.everything.assign(parameters.everything)
    let optimizer = AdamOptimizer(
      layout: layout, form: try #require(AdamForm(rawValue: settings.form)), clip: settings.clip,
      weightDecay: settings.weightDecay, average: average)
    let averages = try average.map { _ in try rows("averages") }
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
      if let average, let averages {
        #expect(maximumAbsoluteDifference(values(average.values), averages[update]) < 2e-6)
      }
    }
    let whole = parameters.everything.values.reduce(0) { $0 + abs(Double($1)) }
    #expect(abs(whole - values(parameters).reduce(0) { $0 + abs(Double($1)) }) < 1e-9, "padding stays zero")
  }

  /// The decay of the average grows with the updates, so that the first weights are soon forgotten.
  @Test func averageOfAShortRun() {
    var layout = ParameterLayout()
    _ = layout.add("all", rows: 1, columns: 1, .zero)
    let average = WeightAverage(decay: 0.999, values: ParameterSet(layout: layout))
    #expect(average.weight(ofUpdate: 1) == Float(1 - 2.0 / 11))
    #expect(average.weight(ofUpdate: 100_000) == Float(1 - Double(Float(0.999))))
    var initial = 1.0
    for update in 1...100 { initial *= 1 - Double(average.weight(ofUpdate: update)) }
    #expect(initial < 1e-10)
    let none = WeightAverage(decay: 0, values: ParameterSet(layout: layout))
    #expect(none.weight(ofUpdate: 1) == 1 && none.weight(ofUpdate: 7) == 1)
  }
}
