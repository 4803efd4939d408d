internal import CNeural

/// Loops spread over the threads of the matrix products (see `cneural_parallel`).
public enum Parallel {
  /// Calls `body` with disjoint ranges that cover 0..<count, each a multiple of `grain` long but for the
  /// last. How the range is split must not change the result.
  public static func forEachRange(of count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let units = (count + grain - 1) / grain
    let parts = min(units, threadCount)
    guard parts > 1 else {
      if count > 0 { body(0..<count) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var loop = Loop(count: count, grain: grain, units: units, parts: parts, body: body)
      withUnsafeMutablePointer(to: &loop) { context in
        cneural_parallel(
          Int32(parts),
          { context, part in
            guard let context else { return }
            let loop = context.assumingMemoryBound(to: Loop.self)
            loop.pointee.body(loop.pointee.range(of: Int(part)))
          }, context)
      }
    }
  }

  private struct Loop {
    let count, grain, units, parts: Int
    let body: (Range<Int>) -> Void

    func range(of part: Int) -> Range<Int> {
      units * part / parts * grain..<min(count, units * (part + 1) / parts * grain)
    }
  }

  /// How many threads compute calls of this thread use. Set it once, first, on the thread that computes.
  public static var threadCount: Int {
    get { max(1, Int(cneural_thread_count())) }
    set {
      precondition(newValue >= 1, "at least one thread must compute")
      cneural_set_thread_count(Int32(clamping: newValue))
    }
  }

  /// Whether this CPU multiplies bfloat16 natively; elsewhere Float32 is the faster precision.
  public static var hasNativeBFloat16: Bool { cneural_has_native_bfloat16() }
}
