internal import Foundation
internal import Tensors

/// The forms of Adam: of its bias correction, and of the weight decay.
public enum AdamForm: String, Codable, Sendable, CaseIterable {
  /// As ryankiros/visual-semantic-embedding has it: rate · √(1 − 0.001ᵗ) / (1 − 0.1ᵗ), nearly 1 from the
  /// second step on, so that the first hundreds of steps are smaller than Adam's.
  case kiros
  /// Kingma and Ba 2015, algorithm 1 (arXiv:1412.6980): m̂ / (√v̂ + ε).
  case standard
  /// The same with a weight decay beside the gradient (AdamW, Loshchilov and Hutter 2019, arXiv:1711.05101), in
  /// PyTorch's form: θ ← θ − rate · λ · θ, then the step. Biases and other single rows are not decayed.
  case decoupled = "adamw"
}

/// Adam with clipping of the joint gradient norm, weight decay, and where asked an average of the weights.
package final class AdamOptimizer {
  package let form: AdamForm
  /// Clip the joint L2 norm of all gradients to this; 0 for never.
  package let clip: Float
  /// λ of the cost's λ · Σθ²; of the decoupled form, of θ ← θ − rate · λ · θ.
  package let weightDecay: Float
  package private(set) var step: Int
  package let firstMoments: ParameterSet
  package let secondMoments: ParameterSet
  /// Follows the parameters, where there is one.
  package let average: WeightAverage?
  private let decayRanges: [(elements: Range<Int>, isDecayed: Bool)]

  /// - Parameter undecayed: a parameter that the decoupled form leaves undecayed, besides single rows.
  package init(
    layout: ParameterLayout, form: AdamForm, clip: Float, weightDecay: Float, step: Int = 0,
    average: WeightAverage? = nil, undecayed: ParameterSlot? = nil
  ) {
    self.form = form
    self.clip = clip
    self.weightDecay = weightDecay
    self.step = step
    self.average = average
    let isDecoupled = form == .decoupled && weightDecay > 0
    decayRanges = isDecoupled ? layout.decayRanges(except: undecayed) : [(0..<layout.count, false)]
    firstMoments = ParameterSet(layout: layout)
    secondMoments = ParameterSet(layout: layout)
  }

  /// Goes on after `step` updates; the moments are set by the caller.
  package func resume(step: Int) { self.step = step }

  /// λ of the cost's λ · Σθ²: 0 in the decoupled form, whose decay is no part of the cost.
  package var costDecay: Float { form == .decoupled ? 0 : weightDecay }

  /// One update of all parameters.
  /// - Returns: the joint L2 norm of the gradients before clipping, the cost's weight decay included.
  package func update(_ parameters: ParameterSet, gradients: ParameterSet, rate: Float) -> Double {
    step += 1
    let decay = 2 * costDecay
    let norm = AdamKernel.gradientNorm(
      gradients: gradients.everything, parameters: parameters.everything, decay: decay)
    let scale = clip > 0 && norm > Double(clip) ? Float(Double(clip) / norm) : 1
    var constants = constants(rate: rate, scale: scale, decay: decay)
    let averageWeight = average?.weight(ofUpdate: step) ?? 0
    for (elements, isDecayed) in decayRanges {
      constants.shrinkage = isDecayed ? rate * weightDecay : 0
      AdamKernel.update(
        constants, parameters: parameters.everything.columns(elements),
        gradients: gradients.everything.columns(elements),
        firstMoments: firstMoments.everything.columns(elements),
        secondMoments: secondMoments.everything.columns(elements),
        rounded: parameters.rounded?.columns(elements),
        average: average.map { ($0.values.everything.columns(elements), averageWeight) })
    }
    return norm
  }

  private func constants(rate: Float, scale: Float, decay: Float) -> AdamStep {
    let first = 0.9
    let second = 0.999
    let time = Double(step)
    let corrected: (rate: Double, epsilon: Double)
    switch form {
    case .kiros:
      corrected = (Double(rate) * (1 - pow(0.001, time)).squareRoot() / (1 - pow(0.1, time)), 1e-8)
    case .standard, .decoupled:
      let root = (1 - pow(second, time)).squareRoot()
      corrected = (Double(rate) * root / (1 - pow(first, time)), 1e-8 * root)
    }
    return AdamStep(
      rate: Float(corrected.rate), firstDecay: first, secondDecay: second,
      epsilon: Float(corrected.epsilon), gradientScale: scale, decay: decay)
  }
}
