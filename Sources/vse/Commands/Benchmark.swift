import ArgumentParser
import Foundation
import ImageFeatures
import Retrieval
import Tensors
import VisualSemanticEmbedding

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine at the work of a model.",
    discussion: """
      train-step          an update of a GRU of 1024 with 128 captions and images
      bidirectional-step  the same in both directions, pooled by the mean, with dropout
      embed-sentences     the first model's vectors of 2,560 captions
      sentence            one sentence's vector, as a search needs it
      evaluate            ranks of 5,000 images and 25,000 captions, both ways
      vgg19               fc7 of VGG-19 for a minibatch of photos, prepared before
      mobilenet           the features of MobileNet v1 and v2, one after the other
      decode              photos of --photos read, decoded and prepared as the original does
      product             a matrix product, 2048 x 2048: the machine's peak
      search              one query over 1,000,000 vectors of 1024 numbers, beside reading them
      search-batch        100 queries over the same
      search-graph        queries through a graph of neighbours of vectors in files

      All numbers but the photos, and the vectors of search-graph, are made up, the same each time. For example:
        vse benchmark train-step --precision bfloat16
        vse benchmark vgg19 --batch-size 8
        vse benchmark product --threads 1 --json
        vse benchmark decode --photos photos
      """)

  enum Name: String, ExpressibleByArgument, CaseIterable {
    case trainStep = "train-step"
    case bidirectionalStep = "bidirectional-step"
    case embedSentences = "embed-sentences"
    case sentence, evaluate, vgg19, mobilenet, decode, product, search
    case searchBatch = "search-batch"
    case searchGraph = "search-graph"
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

  @Option(help: ArgumentHelp("Vectors to search.", valueName: "count"))
  var rows = 1_000_000

  @Option(
    help: ArgumentHelp("Vectors of search-graph: unit rows, an .npy file.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var vectors: String?

  @Option(
    help: ArgumentHelp("Queries of search-graph: unit rows, an .npy file.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var queries: String?

  @Option(help: ArgumentHelp("Candidates that search-graph keeps.", valueName: "count"))
  var breadth = 64

  @Option(help: ArgumentHelp("The folder of photos of decode.", valueName: "folder"), completion: .directory)
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
    if !(1...100_000_000).contains(rows) { throw ValidationError("--rows must be 1 to 100000000") }
    if !(1...100_000).contains(breadth) { throw ValidationError("--breadth must be 1 to 100000") }
    if name == .searchGraph, vectors == nil || queries == nil {
      throw ValidationError(
        "search-graph needs --vectors FILE.npy --queries FILE.npy, as vse embed writes them")
    }
  }

  func run() throws {
    let precision = compute.apply()
    let search = try searchBenchmark(precision: precision)
    let work = try search?.work ?? otherWork(precision: precision)
    if work.precision != precision {
      Terminal.note("\(name.rawValue) always runs in \(work.precision.rawValue)")
    }
    let timing = BenchmarkTiming(work, steps: steps)
    var output = Output(name: name, work: work, timing: timing)
    if let search { output.add(search, timing: timing, steps: steps) }
    if json { try printJSONLine(output) } else { print(output.text) }
  }

  private func otherWork(precision: Precision) throws -> BenchmarkWork {
    switch name {
    case .trainStep: .trainStep(precision: precision, time: time, tokens: tokens)
    case .bidirectionalStep: .bidirectionalStep(precision: precision, time: time, tokens: tokens)
    case .embedSentences: .embedSentences(precision: precision, tokens: tokens)
    case .sentence: .sentence(precision: precision)
    case .evaluate: .evaluate()
    case .vgg19: .networks([.vgg19()], precision: precision, batchSize: batchSize, steps: 5)
    case .mobilenet:
      .networks([.mobileNetV1, .mobileNetV2], precision: precision, batchSize: batchSize, steps: 20)
    case .decode: try .decode(folder: photos ?? ".", threads: compute.threadCount)
    case .product, .search, .searchBatch, .searchGraph: .product(precision: precision)
    }
  }

  private func searchBenchmark(precision: Precision) throws -> SearchBenchmark? {
    switch name {
    case .search: return .exact(rows: rows, precision: precision)
    case .searchBatch: return .batch(rows: rows, precision: precision)
    case .searchGraph:
      guard let vectors, let queries else { return nil }
      let (table, asked) = (try FeatureTable(path: vectors), try FeatureTable(path: queries))
      guard table.columnCount == asked.columnCount else {
        throw ValidationError("\(vectors) and \(queries) have vectors of two widths")
      }
      return try .graph(
        vectors: try table.matrix(), queries: try asked.matrix(), breadth: breadth, precision: precision)
    case .trainStep, .bidirectionalStep, .embedSentences, .sentence, .evaluate, .vgg19, .mobilenet, .decode,
      .product:
      return nil
    }
  }

  private struct Output: Encodable {
    let name: String
    let medianMilliseconds, minimumMilliseconds: Double
    let itemsPerSecond: Double
    let gigaflops: Double
    let precision: String
    let threads: Int
    let cpu: String
    var gigabytesPerSecond, readGigabytesPerSecond, recallAt10, buildSeconds: Double?
    var memoryBytes: Int?

    /// What only searches have.
    mutating func add(_ search: SearchBenchmark, timing: BenchmarkTiming, steps: Int?) {
      recallAt10 = search.recall
      memoryBytes = search.memoryBytes
      buildSeconds = search.buildSeconds
      guard let bytes = search.bytes, let reading = search.reading else { return }
      // Of a few rows, reading may take no time that the clock can tell.
      func rate(_ seconds: Double) -> Double? { seconds > 0 ? Double(bytes) / seconds / 1e9 : nil }
      gigabytesPerSecond = rate(timing.medianSeconds)
      readGigabytesPerSecond = rate(BenchmarkTiming(reading, steps: steps).medianSeconds)
    }

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
        medianMilliseconds, minimumMilliseconds, itemsPerSecond, rate, precision, threads, cpu) + searchText
    }

    private var searchText: String {
      var text = ""
      if let gigabytesPerSecond, let readGigabytesPerSecond {
        text += String(
          format: "; %.1f GB/s, reading alone %.1f GB/s", gigabytesPerSecond, readGigabytesPerSecond)
      }
      if let recallAt10 { text += String(format: "; recall@10 %.4f", recallAt10) }
      if let buildSeconds { text += String(format: "; made in %.1f s", buildSeconds) }
      if let memoryBytes { text += String(format: "; %.1f MB", Double(memoryBytes) / 1e6) }
      return text
    }
  }
}

extension FeatureTable {
  /// All rows as numbers.
  fileprivate func matrix() throws -> Matrix {
    let matrix = Matrix(rows: rowCount, columns: columnCount)
    try matrix.withUnsafeMutableElements { try gather(rows: Array(0..<rowCount), into: $0) }
    return matrix
  }
}
