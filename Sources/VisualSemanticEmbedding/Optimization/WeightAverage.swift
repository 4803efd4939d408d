/// An exponential moving average of the weights over the updates (Polyak and Juditsky 1992; Tarvainen and Valpola
/// 2017): θ̄ ← d · θ̄ + (1 − d) · θ.
///
/// Of update n the decay is d = min(decay, (1 + n) / (10 + n)), as TensorFlow has it: a run that is short beside
/// 1 / (1 − decay) must not average the weights that it began with.
package struct WeightAverage {
  /// The decay in the long run.
  package let decay: Float
  /// θ̄, in the layout of the parameters.
  package let values: ParameterSet

  package init(decay: Float, values: ParameterSet) {
    self.decay = decay
    self.values = values
  }

  /// 1 − d of an update, counted from 1.
  package func weight(ofUpdate update: Int) -> Float {
    let count = Double(update)
    return Float(1 - min(Double(decay), (1 + count) / (10 + count)))
  }
}
