internal import Tensors

/// Recurrent layers on top of each other, each in one direction or in both: a layer reads the states of all
/// directions of the layer below, side by side.
struct RecurrentStack: Sendable {
  /// The directions of each layer, the layer that reads the words first.
  let layers: [[RecurrentLayer]]

  /// Working memory, and after a forward pass that keeps activations, also these.
  final class Memory {
    let workspace = RecurrentLayer.Workspace()
    fileprivate var layers: [[LayerMemory]] = []
    fileprivate var inputs: [RecurrentInput] = []
    fileprivate var masks: [[DropoutMask]] = []

    fileprivate final class LayerMemory {
      let layer = RecurrentLayer.Memory()
      /// The layer's states with some dropped, as the layer above reads them.
      let dropped = ScratchMatrix()
      /// The gradient of what the layer above reads.
      let stateGradient = ScratchMatrix()
    }

    fileprivate func prepare(for stack: RecurrentStack) {
      guard layers.isEmpty else { return }
      layers = stack.layers.map { $0.map { _ in LayerMemory() } }
    }
  }

  /// The states of each direction of the topmost layer.
  ///
  /// - Parameters:
  ///   - retention: what must be left of the topmost layer; `backward` needs `.activations`.
  ///   - masks: what is dropped of the states of each layer but the topmost and of each of its directions; none
  ///     where nothing is.
  func forward(
    _ words: RecurrentInput, retaining retention: Retention, masks: [[DropoutMask]], parameters: ParameterSet,
    memory: Memory
  ) -> [RecurrentStates] {
    memory.prepare(for: self)
    memory.inputs = [words]
    memory.masks = masks
    for index in layers.indices.dropLast() {
      let states = forward(
        layer: index, retaining: retention == .activations ? .activations : .allStates,
        parameters: parameters, memory: memory)
      let places = states.indices.map { direction in
        masks.isEmpty
          ? states[direction].rounded
          : drop(masks[index][direction], of: states[direction], memory.layers[index][direction])
      }
      memory.inputs.append(RecurrentInput(places: places, batch: words.batch, time: words.time))
    }
    return forward(layer: layers.count - 1, retaining: retention, parameters: parameters, memory: memory)
  }

  private func forward(
    layer index: Int, retaining retention: Retention, parameters: ParameterSet, memory: Memory
  ) -> [RecurrentStates] {
    zip(layers[index], memory.layers[index]).map { layer, own in
      layer.forward(
        memory.inputs[index], retaining: retention, parameters: parameters, memory: own.layer,
        workspace: memory.workspace)
    }
  }

  private func drop(_ mask: DropoutMask, of states: RecurrentStates, _ memory: Memory.LayerMemory) -> Operand
  {
    let dropped = memory.dropped.operand(
      rows: states.all.rows, columns: states.all.columns, precision: states.rounded.precision)
    mask.apply(to: states.all, into: dropped)
    return dropped
  }

  /// The gradients of the parameters of all layers (overwritten), and of the words' rows [U, E], into
  /// `wordGradient` where there is one, from that of the topmost layer's states, the same for each direction.
  func backward(
    _ stateGradient: StateGradient, parameters: ParameterSet, gradients: ParameterSet, memory: Memory,
    wordGradient: Matrix?
  ) {
    var above = layers[layers.count - 1].map { _ in stateGradient }
    for index in layers.indices.reversed() {
      let below = index == 0 ? (wordGradient.map { [$0] } ?? []) : stateGradients(layer: index - 1, memory)
      for (direction, layer) in layers[index].enumerated() {
        layer.backward(
          above[direction], input: memory.inputs[index], parameters: parameters, gradients: gradients,
          memory: memory.layers[index][direction].layer, workspace: memory.workspace, inputGradients: below,
          accumulating: direction > 0)
      }
      guard index > 0 else { return }
      if !memory.masks.isEmpty {
        for (mask, gradient) in zip(memory.masks[index - 1], below) { mask.apply(to: gradient) }
      }
      above = below.map { .all($0) }
    }
  }

  private func stateGradients(layer index: Int, _ memory: Memory) -> [Matrix] {
    let rows = memory.inputs[0].batch * memory.inputs[0].time
    return zip(layers[index], memory.layers[index]).map { layer, own in
      own.stateGradient.matrix(rows: rows, columns: layer.stateSize)
    }
  }
}

extension RecurrentStack {
  /// The layers of a sentence encoder; nil for a bag of words.
  ///
  /// A parameter is named as in `gru.layers.1.backward.bias`; what there is only one of is left out, so that the
  /// one layer of a plain encoder has `gru.bias`.
  init?(_ configuration: ModelConfiguration, layout: inout ParameterLayout) {
    let cell: RecurrentCell
    switch configuration.encoder {
    case .gru: cell = .gatedRecurrentUnit(hiddenBias: configuration.hiddenBias)
    case .lstm: cell = .longShortTermMemory(peepholes: configuration.peepholes)
    case .bow: return nil
    }
    let directions: [TimeDirection] = configuration.bidirectional ? [.forward, .backward] : [.forward]
    var layers: [[RecurrentLayer]] = []
    for index in 0..<configuration.layers {
      var layer: [RecurrentLayer] = []
      for direction in directions {
        var prefix = configuration.encoder.rawValue
        if configuration.layers > 1 { prefix += ".layers.\(index)" }
        if configuration.bidirectional { prefix += ".\(direction.rawValue)" }
        layer.append(
          RecurrentLayer(
            cell: cell, direction: direction,
            inputSizes: index == 0
              ? [configuration.wordDim] : directions.map { _ in configuration.dim },
            stateSize: configuration.dim, layout: &layout, prefix: prefix))
      }
      layers.append(layer)
    }
    self.init(layers: layers)
  }
}
