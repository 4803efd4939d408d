import ArgumentParser
import Foundation
import Tensors

/// Options of every command that computes.
struct ComputeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads of the computation (default: all cores).", valueName: "count"))
  var threads: Int?

  @Option(help: "Number format of matrix products: float32, or bfloat16 (twice as fast with AVX512-BF16).")
  var precision: Precision = .float32

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024") }
  }

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Sets the threads of this thread's computation; returns the precision to use.
  func apply() -> Precision {
    Parallel.threadCount = threadCount
    guard precision == .bfloat16, !Parallel.hasNativeBFloat16 else { return precision }
    Terminal.note("this CPU has no bfloat16 products (AVX512-BF16); using float32")
    return .float32
  }
}
