import ArgumentParser
import Foundation
import Tensors

/// Options of every command that computes.
struct ComputeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads of the computation (default: all cores).", valueName: "count"))
  var threads: Int?

  @Option(
    help: """
      Number format of matrix products: float32, or bfloat16 (with AVX512-BF16 about twice as fast; VGG-19 gains \
      little). (default: float32; in training with the recipe best or fast bfloat16, where the CPU has it)
      """)
  var precision: Precision?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024") }
  }

  /// The options that were given, as one types them.
  var arguments: [String] {
    (threads.map { ["--threads", "\($0)"] } ?? []) + (precision.map { ["--precision", $0.rawValue] } ?? [])
  }

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Sets the threads of this thread's computation; returns the precision to use.
  /// - Parameter preferred: what is used where none is given, if the CPU computes fast with it.
  func apply(preferring preferred: Precision = .float32) -> Precision {
    Parallel.threadCount = threadCount
    let wanted = precision ?? preferred
    guard wanted == .bfloat16, !Parallel.hasNativeBFloat16 else { return wanted }
    if precision != nil {
      Terminal.note("this CPU has no bfloat16 products (AVX512-BF16); using float32")
    }
    return .float32
  }
}
