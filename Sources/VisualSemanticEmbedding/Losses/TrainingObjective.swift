internal import Foundation
internal import Tensors

/// The loss of a run, with the places of what it learns itself.
///
/// The scale of the scores and their bias are parameters like any other, [1, 1] each, behind those of the
/// encoders: the optimiser, checkpoints and model files see no difference. Encoding does not read them. The
/// scale is kept as its logarithm t, so that steps are relative, as CLIP has it.
package struct TrainingObjective: Sendable {
  private enum Form: Sendable {
    case hinges(margin: Float)
    case infoNCE(logScale: ParameterSlot)
    case sigmoid(logScale: ParameterSlot, bias: ParameterSlot)
  }

  private let form: Form
  /// Whether captions of one image are not each other's negatives.
  package let excludesSameImage: Bool

  /// CLIP's bound on the scale of InfoNCE: beyond it training gets unstable (Radford et al. 2021, section 2.5).
  package static let largestScale: Float = 100

  /// Hinges with a margin, which learn nothing themselves.
  package static func hinges(margin: Float, excludesSameImage: Bool = false) -> TrainingObjective {
    TrainingObjective(form: .hinges(margin: margin), excludesSameImage: excludesSameImage)
  }

  /// InfoNCE; its scale, first `scale`, is added to the layout.
  package static func infoNCE(
    scale: Float, excludesSameImage: Bool, layout: inout ParameterLayout
  ) -> TrainingObjective {
    TrainingObjective(
      form: .infoNCE(logScale: addLogScale(scale, to: &layout)), excludesSameImage: excludesSameImage)
  }

  /// The sigmoid loss; its scale and bias, first `scale` and `bias`, are added to the layout.
  package static func sigmoid(
    scale: Float, bias: Float, excludesSameImage: Bool, layout: inout ParameterLayout
  ) -> TrainingObjective {
    let logScale = addLogScale(scale, to: &layout)
    let bias = layout.add(biasName, rows: 1, columns: 1, .constant(bias))
    return TrainingObjective(
      form: .sigmoid(logScale: logScale, bias: bias), excludesSameImage: excludesSameImage)
  }

  private static func addLogScale(_ scale: Float, to layout: inout ParameterLayout) -> ParameterSlot {
    layout.add(logScaleName, rows: 1, columns: 1, .constant(log(scale)))
  }

  private static let logScaleName = "loss.log_scale"
  private static let biasName = "loss.bias"
  /// The names of all that a loss may learn; each is [1, 1].
  static let parameterNames = [logScaleName, biasName]
}

extension TrainingObjective {
  /// The scale of the scores, where the loss learns one: the inverse of the temperature.
  package func scale(_ parameters: ParameterSet) -> Float? {
    switch form {
    case .hinges: nil
    case .infoNCE(let logScale): boundedScale(parameters[logScale][0, 0])
    case .sigmoid(let logScale, _): exp(parameters[logScale][0, 0])
    }
  }

  /// The bias of the scores, where the loss learns one.
  package func bias(_ parameters: ParameterSet) -> Float? {
    if case .sigmoid(_, let bias) = form { parameters[bias][0, 0] } else { nil }
  }

  /// Brings the scale back within its bound, after an update.
  func bound(_ parameters: ParameterSet) {
    guard case .infoNCE(let logScale) = form else { return }
    let largest = log(Self.largestScale)
    // A NaN stays, to be seen in the cost.
    if parameters[logScale][0, 0] > largest { parameters[logScale][0, 0] = largest }
  }

  /// The cost of a minibatch's scores [B, B], images by sentences, and its gradients.
  /// - Parameters:
  ///   - images: the image's number of each pair; nil where they all differ.
  ///   - terms: the hinges that count.
  ///   - gradients: receives those of what the loss learns itself.
  ///   - scoreGradient: receives dL/dS [B, B].
  func cost(
    scores: Matrix, images: [Int32]?, terms: ContrastiveTerms, parameters: ParameterSet,
    gradients: ParameterSet, scoreGradient: Matrix
  ) -> Double {
    let groups = excludesSameImage ? images.map { PairGroups($0) } : nil
    let pairs = groups ?? .separate(scores.rows)
    switch form {
    case .hinges(let margin):
      return pairwiseRankingLoss(
        scores: scores, groups: pairs, margin: margin, terms: terms, gradient: scoreGradient)
    case .infoNCE(let logScale):
      let scale = boundedScale(parameters[logScale][0, 0])
      let loss = infoNCELoss(scores: scores, groups: pairs, scale: scale, gradient: scoreGradient)
      // dL/dt = s · dL/ds for s = eᵗ.
      gradients[logScale][0, 0] = Float(loss.scaleGradient * Double(scale))
      return loss.cost
    case .sigmoid(let logScale, let biasSlot):
      let (scale, bias) = (exp(parameters[logScale][0, 0]), parameters[biasSlot][0, 0])
      let loss = sigmoidLoss(scores: scores, groups: pairs, scale: scale, bias: bias, gradient: scoreGradient)
      gradients[logScale][0, 0] = Float(loss.scaleGradient * Double(scale))
      gradients[biasSlot][0, 0] = Float(loss.biasGradient)
      return loss.cost
    }
  }

  private func boundedScale(_ logScale: Float) -> Float { min(exp(logScale), Self.largestScale) }
}
