import Foundation

extension ReferenceModel {
  /// The states of all layers, pooled over time.
  func pooled(_ words: Table, factors: SentenceFactors?) -> [Double] {
    let names = bidirectional ? [".forward", ".backward"] : [""]
    var inputs = words
    var directions: [Table] = []
    for layer in 0..<layers {
      directions = names.map { name in
        let prefix = encoder.rawValue + (layers > 1 ? ".layers.\(layer)" : "") + name
        return states(inputs, encoder: encoder, prefix: prefix, isBackward: name == ".backward")
      }
      let isTop = layer == layers - 1
      inputs = words.indices.map { time in
        directions.indices.flatMap { direction in
          let state = directions[direction][time]
          guard !isTop, let factors else { return state }
          return zip(state, factors.layers[layer][direction][time]).map { $0 * $1 }
        }
      }
    }
    return pool(directions)
  }

  private func pool(_ directions: [Table]) -> [Double] {
    let (time, share) = (directions[0].count, 1 / Double(directions.count))
    let weights = pooling == .generalized ? positionWeights(time) : []
    return (0..<directions[0][0].count).map { d in
      if pooling == .last {
        // A direction's last step is at the time where it ends.
        return directions.enumerated().reduce(0) { $0 + share * $1.element[$1.offset == 0 ? time - 1 : 0][d] }
      }
      let values = (0..<time).map { t in directions.reduce(0) { $0 + share * $1[t][d] } }
      switch pooling {
      case .last, .mean: return values.reduce(0, +) / Double(time)
      case .max: return values.max() ?? 0
      case .generalized:
        return zip(weights, values.sorted(by: >)).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
  }

  /// Chen et al. 2021, arXiv:2011.15037: from encodings of the positions by a bidirectional gated recurrent unit.
  private func positionWeights(_ time: Int) -> [Double] {
    let size = table("pooling.scores").count
    let encodings = (0..<time).map { position in
      (0..<size).map { index in
        let angle = Double(position) / pow(10_000, Double(index / 2 * 2) / Double(size))
        return index % 2 == 0 ? sin(angle) : cos(angle)
      }
    }
    let directions = [false, true].map { isBackward in
      states(
        encodings, encoder: .gru, prefix: isBackward ? "pooling.backward" : "pooling.forward",
        isBackward: isBackward)
    }
    let powers = (0..<time).map { t in
      let mean = zip(directions[0][t], directions[1][t]).map { ($0 + $1) / 2 }
      return exp(product(mean, table("pooling.scores"), 0) / 0.1)
    }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The states [T, D] of one layer in one direction, each at its time.
  private func states(_ inputs: Table, encoder: Encoder, prefix: String, isBackward: Bool) -> Table {
    let size = table("\(prefix).recurrent_weights").count
    var h = [Double](repeating: 0, count: size)
    var c = h
    var result = Table(repeating: h, count: inputs.count)
    for time in isBackward ? inputs.indices.reversed() : Array(inputs.indices) {
      if encoder == .gru {
        h = gatedStep(inputs[time], h, prefix)
      } else {
        (h, c) = memoryStep(inputs[time], h, c, prefix)
      }
      result[time] = h
    }
    return result
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private func gatedStep(_ x: [Double], _ h: [Double], _ prefix: String) -> [Double] {
    let (w, u) = (table("\(prefix).input_weights"), table("\(prefix).recurrent_weights"))
    let (bias, hiddenBias) = (table("\(prefix).bias")[0], parameters["\(prefix).hidden_bias"]?[0])
    let size = h.count
    return (0..<size).map { d in
      func sum(_ gate: Int) -> Double { product(x, w, gate * size + d) + bias[gate * size + d] }
      let reset = sigmoid(sum(0) + product(h, u, size + d))
      let update = sigmoid(sum(1) + product(h, u, 2 * size + d))
      let candidate = tanh(sum(2) + reset * (product(h, u, d) + (hiddenBias?[d] ?? 0)))
      return update * h[d] + (1 - update) * candidate
    }
  }

  private func memoryStep(
    _ x: [Double], _ h: [Double], _ c: [Double], _ prefix: String
  ) -> (h: [Double], c: [Double]) {
    let (w, u) = (table("\(prefix).input_weights"), table("\(prefix).recurrent_weights"))
    let (bias, peepholes) = (table("\(prefix).bias")[0], parameters["\(prefix).peepholes"])
    let size = h.count
    var (newState, newCell) = (h, c)
    for d in 0..<size {
      func sum(_ gate: Int) -> Double {
        product(x, w, gate * size + d) + bias[gate * size + d] + product(h, u, gate * size + d)
      }
      func see(_ gate: Int, _ cell: Double) -> Double { (peepholes?[gate][d] ?? 0) * cell }
      let i = sigmoid(sum(0) + see(0, c[d]))
      let f = sigmoid(sum(1) + see(1, c[d]))
      newCell[d] = f * c[d] + i * tanh(sum(3))
      let o = sigmoid(sum(2) + see(2, newCell[d]))
      newState[d] = o * tanh(newCell[d])
    }
    return (newState, newCell)
  }
}
