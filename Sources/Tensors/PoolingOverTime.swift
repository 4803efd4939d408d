internal import CKernels

/// States after each of T steps, [T·B, D] with the B rows of a step together: of one direction, or the mean of two.
public struct StatesOverTime {
  let states: Matrix
  let others: Matrix?
  let time: Int

  /// - Parameters:
  ///   - directions: the states of one direction or of two, [T·B, D] each, contiguous.
  ///   - time: T, at least 1.
  public init(_ directions: [Matrix], time: Int) {
    precondition((1...2).contains(directions.count) && time > 0, "one direction or two")
    states = directions[0]
    others = directions.count == 2 ? directions[1] : nil
    self.time = time
    precondition(states.rows % time == 0, "as many rows at each step")
    requireContiguous(states, states.rows, states.columns)
    requireContiguous(others, states.rows, states.columns)
  }

  /// B · D.
  var places: Int { states.count / time }

  func requirePooled(_ matrix: Matrix) { requireContiguous(matrix, states.rows / time, states.columns) }
}

/// For each place of a minibatch, steps: where its largest state stands, or all of them in the order of their
/// states. Memory that grows as needed, and keeps its numbers until it is filled again.
public final class StepIndices {
  private var buffer = AlignedBuffer(byteCount: 0)

  /// No memory yet.
  public init() {}

  func reserve(_ count: Int) -> UnsafeMutablePointer<Int32> {
    let byteCount = count * MemoryLayout<Int32>.stride
    if buffer.byteCount < byteCount {
      buffer = AlignedBuffer(byteCount: max(byteCount, buffer.byteCount * 3 / 2))
    }
    return buffer.base.assumingMemoryBound(to: Int32.self)
  }

  /// What was written by the last function that filled `count` places.
  func filled(_ count: Int) -> UnsafePointer<Int32> {
    precondition(count * MemoryLayout<Int32>.stride <= buffer.byteCount, "never filled")
    return UnsafePointer(buffer.base.assumingMemoryBound(to: Int32.self))
  }
}

/// Pooling over time, and its gradients. Pooled values and their gradients are [B, D].
public enum PoolingOverTime {
  private static let grain = 4096

  /// The mean.
  public static func mean(_ input: StatesOverTime, into pooled: Matrix) {
    input.requirePooled(pooled)
    Parallel.forEachRange(of: input.places, grain: grain) { range in
      ck_pool_mean(
        input.states.pointer, input.others?.pointer, input.time, input.places, pooled.pointer,
        range.lowerBound, range.upperBound)
    }
  }

  /// The largest value; `steps` receives where it stands, of equal values the first. NaN counts as the largest.
  public static func max(_ input: StatesOverTime, into pooled: Matrix, steps: StepIndices) {
    input.requirePooled(pooled)
    let steps = steps.reserve(input.places)
    Parallel.forEachRange(of: input.places, grain: grain) { range in
      ck_pool_max(
        input.states.pointer, input.others?.pointer, input.time, input.places, pooled.pointer, steps,
        range.lowerBound, range.upperBound)
    }
  }

  /// The gradient of `max` times `scale`, into `states` [T·B, D].
  public static func maxBackward(
    gradient: Matrix, steps: StepIndices, scale: Float, time: Int, into states: Matrix
  ) {
    requireContiguous(states, time * gradient.rows, gradient.columns)
    requireContiguous(gradient, gradient.rows, gradient.columns)
    let steps = steps.filled(gradient.count)
    Parallel.forEachRange(of: gradient.count, grain: grain) { range in
      ck_pool_max_backward(
        gradient.pointer, steps, scale, time, gradient.count, states.pointer, range.lowerBound,
        range.upperBound)
    }
  }

  /// Sorts each place's states into `sorted` [T·B, D], the largest at the first step, equal ones in their order;
  /// `steps` receives where they stood.
  /// - Complexity: O(T · log² T) for each place.
  public static func sort(_ input: StatesOverTime, into sorted: Matrix, steps: StepIndices) {
    requireContiguous(sorted, input.states.rows, input.states.columns)
    let steps = steps.reserve(sorted.count)
    Parallel.forEachRange(of: input.places, grain: grain) { range in
      ck_sort_over_time(
        input.states.pointer, input.others?.pointer, input.time, input.places, sorted.pointer, steps,
        range.lowerBound, range.upperBound)
    }
  }

  /// Σₖ weights[k] · (the k-th largest), from what `sort` made.
  public static func weigh(_ sorted: Matrix, by weights: [Float], into pooled: Matrix) {
    requireContiguous(sorted, weights.count * pooled.rows, pooled.columns)
    requireContiguous(pooled, pooled.rows, pooled.columns)
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      Parallel.forEachRange(of: pooled.count, grain: grain) { range in
        ck_weigh_steps(
          sorted.pointer, start, weights.count, pooled.count, pooled.pointer, range.lowerBound,
          range.upperBound)
      }
    }
  }

  /// The gradient of `weigh` and `sort` by the states, times `scale`, into `states` [T·B, D].
  public static func weighBackward(
    gradient: Matrix, steps: StepIndices, weights: [Float], scale: Float, into states: Matrix
  ) {
    requireContiguous(states, weights.count * gradient.rows, gradient.columns)
    requireContiguous(gradient, gradient.rows, gradient.columns)
    let steps = steps.filled(states.count)
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      Parallel.forEachRange(of: gradient.count, grain: grain) { range in
        ck_weigh_steps_backward(
          gradient.pointer, steps, start, scale, weights.count, gradient.count, states.pointer,
          range.lowerBound, range.upperBound)
      }
    }
  }

  /// The gradient of `weigh` by its weights, Σ over all places of gradient · (the k-th largest) for each k.
  public static func weightGradient(sorted: Matrix, gradient: Matrix) -> [Float] {
    let places = gradient.count
    precondition(places > 0 && sorted.count % places == 0, "as many places at each step")
    requireContiguous(sorted, sorted.count / gradient.columns, gradient.columns)
    requireContiguous(gradient, gradient.rows, gradient.columns)
    var sums = [Float](repeating: 0, count: sorted.count / places)
    sums.withUnsafeMutableBufferPointer { sums in
      // Each step has a place of its own.
      nonisolated(unsafe) let sums = sums
      Parallel.forEachRange(of: sums.count, grain: 1) { range in
        for step in range {
          // Blocks in Float32, their sum in Double.
          var sum = 0.0
          for start in Swift.stride(from: 0, to: places, by: grain) {
            sum += Double(
              ck_dot(
                sorted.pointer + step * places + start, gradient.pointer + start,
                Swift.min(grain, places - start)))
          }
          sums[step] = Float(sum)
        }
      }
    }
    return sums
  }
}
