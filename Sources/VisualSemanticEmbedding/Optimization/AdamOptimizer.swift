internal import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The two forms of Adam's bias correction.
public enum AdamForm: String, Codable, Sendable, CaseIterable {
  /// As ryankiros/visual-semantic-embedding has it: rate · √(1 − 0.001ᵗ) / (1 − 0.1ᵗ), nearly 1 from the
  /// second step on, so that the first hundreds of steps are smaller than Adam's.
  case kiros
  /// Kingma and Ba 2015, algorithm 1 (arXiv:1412.6980): m̂ / (√v̂ + ε).
  case standard
}

/// Adam with clipping of the joint gradient norm and with weight decay as a part of the cost.
package final class AdamOptimizer {
  package let form: AdamForm
  /// Clip the joint L2 norm of all gradients to this; 0 for never.
  package let clip: Float
  /// λ of the cost's λ · Σθ².
  package let weightDecay: Float
  package private(set) var step: Int
  package let firstMoments: ParameterSet
  package let secondMoments: ParameterSet

  package init(layout: ParameterLayout, form: AdamForm, clip: Float, weightDecay: Float, step: Int = 0) {
    self.form = form
    self.clip = clip
    self.weightDecay = weightDecay
    self.step = step
    firstMoments = ParameterSet(layout: layout)
    secondMoments = ParameterSet(layout: layout)
  }

  /// Goes on after `step` updates; the moments are set by the caller.
  package func resume(step: Int) { self.step = step }

  /// One update of all parameters.
  /// - Returns: the joint L2 norm of the gradients before clipping, weight decay included.
  package func update(_ parameters: ParameterSet, gradients: ParameterSet, rate: Float) -> Double {
    step += 1
    let decay = 2 * weightDecay
    let norm = AdamKernel.gradientNorm(
      gradients: gradients.everything, parameters: parameters.everything, decay: decay)
    let scale = clip > 0 && norm > Double(clip) ? Float(Double(clip) / norm) : 1
    AdamKernel.update(
      constants(rate: rate, scale: scale, decay: decay), parameters: parameters.everything,
      gradients: gradients.everything, firstMoments: firstMoments.everything,
      secondMoments: secondMoments.everything, rounded: parameters.rounded)
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
    case .standard:
      let root = (1 - pow(second, time)).squareRoot()
      corrected = (Double(rate) * root / (1 - pow(first, time)), 1e-8 * root)
    }
    return AdamStep(
      rate: Float(corrected.rate), firstDecay: first, secondDecay: second,
      epsilon: Float(corrected.epsilon), gradientScale: scale, decay: decay)
  }
}
