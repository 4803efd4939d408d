internal import Tensors

/// What a recurrent layer reads: rows of numbers, and which row each sequence of a minibatch has at each time.
struct RecurrentInput {
  /// The rows, side by side where they come from several places: the word vectors [U, E], or the states of each
  /// direction of the layer below [T·B, D]. All have one precision.
  ///
  /// Left apart, not joined into one matrix: products with W's rows for each part need no copy, and the gradient
  /// of each part comes out as the layer below needs it.
  let parts: [Operand]
  /// The row at time t of sequence b, at index t · B + b.
  let positions: [Int32]
  /// Whether each place has its row to itself, in the places' order.
  let hasRowForEachPlace: Bool
  /// B.
  let batch: Int
  /// T.
  let time: Int

  /// The vectors [U, E] of the distinct words of a minibatch.
  init(words: Operand, of tokens: TokenBatch) {
    parts = [words]
    positions = tokens.positions
    hasRowForEachPlace = false
    batch = tokens.batch
    time = tokens.time
  }

  /// A row for each place, time-major: [T·B, …] each.
  init(places: [Operand], batch: Int, time: Int) {
    precondition(places.allSatisfy { $0.rows == batch * time }, "a row for each place")
    parts = places
    positions = (0..<Int32(batch * time)).map { $0 }
    hasRowForEachPlace = true
    self.batch = batch
    self.time = time
  }

  /// U, the number of rows.
  var rowCount: Int { parts[0].rows }
  /// The precision of products with the rows.
  var precision: Precision { parts[0].precision }
}

/// The order in which a layer reads a sequence.
enum TimeDirection: String, Sendable {
  case forward, backward

  /// The time that is read as the `index`-th of T.
  func time(at index: Int, of time: Int) -> Int { self == .forward ? index : time - 1 - index }
}

/// The gradient of a layer's states.
enum StateGradient {
  /// Of the last state that the layer computes, [B, D]; the others have none.
  case last(Matrix)
  /// The same for the state of every step, [B, D].
  case each(Matrix)
  /// Of the states of all steps, [T·B, D].
  case all(Matrix)
}

/// What a layer computed.
struct RecurrentStates {
  /// The state after the last step, [B, D].
  let last: Matrix
  /// The states after all steps, [T·B, D] time-major whatever the direction, unless only the last was retained.
  let all: Matrix
  /// The same in the precision of products.
  let rounded: Operand
}

/// What is left of a forward pass.
enum Retention {
  /// The last state.
  case lastState
  /// The states of all steps.
  case allStates
  /// All that the backward pass needs, the states of all steps among it.
  case activations
}
