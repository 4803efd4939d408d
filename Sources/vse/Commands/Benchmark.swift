import ArgumentParser
import Foundation
import ImageFeatures
import Tensors
import VisualSemanticEmbedding

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine at the work of a model.",
    discussion: """
      train-step          an update of a GRU of 1024 with 128 captions and images
      bidirectional-step  the same in both directions, pooled by the mean, with dropout
      embed-sentences     the first model's vectors of 2,560 captions
      evaluate            ranks of 5,000 images and 25,000 captions, both ways
      vgg19               fc7 of VGG-19 for a minibatch of photos, prepared before
      mobilenet           the features of MobileNet v1 and v2, one after the other
      decode              photos of --photos read, decoded and prepared as the original does
      product             a matrix product, 2048 x 2048: the machine's peak

      All numbers but the photos are made up, the same each time. For example:
        vse benchmark train-step --precision bfloat16
        vse benchmark vgg19 --batch-size 8
        vse benchmark product --threads 1 --json
        vse benchmark decode --photos photos
      """)

  enum Name: String, ExpressibleByArgument, CaseIterable {
    case trainStep = "train-step"
    case bidirectionalStep = "bidirectional-step"
    case embedSentences = "embed-sentences"
    case evaluate, vgg19, mobilenet, decode, product
  }

  @Argument(help: "What to measure.")
  var name: Name

  @Option(
    help: "Words of captions: all equally likely (uniform), or as in captions (zipf).")
  var tokens: TokenDistribution = .uniform

  @Option(help: ArgumentHelp("Tokens of a caption of the two steps.", valueName: "count"))
  var time = 12

  @Option(help: ArgumentHelp("Photos of a minibatch of vgg19 and mobilenet.", valueName: "count"))
  var batchSize = LoadedNetwork.defaultBatchSize

  @Option(help: ArgumentHelp("Calls to measure (default: 3 to 20).", valueName: "count"))
  var steps: Int?

  @Option(help: ArgumentHelp("The folder of photos of decode.", valueName: "folder"))
  var photos: String?

  @Flag(help: "Print JSON, in one line.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if !(1...1000).contains(time) { throw ValidationError("--time must be 1 to 1000") }
    if !(1...256).contains(batchSize) { throw ValidationError("--batch-size must be 1 to 256") }
    if (name == .decode) != (photos != nil) {
      throw ValidationError("decode needs --photos FOLDER, and nothing else does")
    }
    if let steps, steps < 1 { throw ValidationError("--steps must be 1 or more") }
  }

  func run() throws {
    let precision = compute.apply()
    let work =
      switch name {
      case .trainStep: BenchmarkWork.trainStep(precision: precision, time: time, tokens: tokens)
      case .bidirectionalStep:
        BenchmarkWork.bidirectionalStep(precision: precision, time: time, tokens: tokens)
      case .embedSentences: BenchmarkWork.embedSentences(precision: precision, tokens: tokens)
      case .evaluate: BenchmarkWork.evaluate()
      case .vgg19: BenchmarkWork.networks([.vgg19()], precision: precision, batchSize: batchSize, steps: 5)
      case .mobilenet:
        BenchmarkWork.networks(
          [.mobileNetV1, .mobileNetV2], precision: precision, batchSize: batchSize, steps: 20)
      case .decode: try BenchmarkWork.decode(folder: photos ?? ".", threads: compute.threadCount)
      case .product: BenchmarkWork.product(precision: precision)
      }
    if work.precision != precision {
      Terminal.note("\(name.rawValue) always runs in \(work.precision.rawValue)")
    }
    let output = Output(name: name, work: work, timing: BenchmarkTiming(work, steps: steps))
    if json { try printJSONLine(output) } else { print(output.text) }
  }

  private struct Output: Encodable {
    let name: String
    let medianMilliseconds, minimumMilliseconds: Double
    let itemsPerSecond: Double
    let gigaflops: Double
    let precision: String
    let threads: Int
    let cpu: String

    init(name: Name, work: BenchmarkWork, timing: BenchmarkTiming) {
      func rounded(_ value: Double, _ scale: Double) -> Double { (value * scale).rounded() / scale }
      self.name = name.rawValue
      medianMilliseconds = rounded(1000 * timing.medianSeconds, 1000)
      minimumMilliseconds = rounded(1000 * timing.minimumSeconds, 1000)
      itemsPerSecond = rounded(Double(work.items) / timing.medianSeconds, 10)
      gigaflops = rounded(work.operations / timing.medianSeconds / 1e9, 10)
      precision = work.precision.rawValue
      threads = Parallel.threadCount
      cpu = Processor.name
    }

    var text: String {
      // Decoding counts no operations.
      let rate = gigaflops > 0 ? String(format: ", %.0f GFLOP/s", gigaflops) : ""
      return String(
        format: "%@: median %.1f ms, minimum %.1f ms, %.0f items/s%@ (%@, %d threads, %@)", name,
        medianMilliseconds, minimumMilliseconds, itemsPerSecond, rate, precision, threads, cpu)
    }
  }
}
