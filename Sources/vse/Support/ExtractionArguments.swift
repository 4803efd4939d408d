import ArgumentParser
import ImageFeatures

/// How photos are decoded and given to a network.
struct ExtractionArguments: ParsableArguments {
  @Flag(help: "Average the features of ten squares: the corners, the centre, and their mirror images.")
  var tenCrop = false

  @Option(help: ArgumentHelp("Squares that the network sees together (default: 8).", valueName: "count"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp("Threads that decode photos ahead (default: half of --threads).", valueName: "count"))
  var decodeThreads: Int?

  @Flag(
    help:
      "Decode large JPEGs at a part of their size where the network averages pixels: faster, not quite the same."
  )
  var fastDecoding = false

  @Option(
    help: ArgumentHelp(
      "Refuse photos of more pixels (default: \(PhotoLimits().pixels)).", valueName: "count"))
  var maxPixels: Int?

  @Option(
    help: """
      JPEGs that are cut short, but have half of their rows or more: "refuse", or "accept" with grey in place of what \
      is missing (default: refuse).
      """)
  var truncatedPhotos: TruncatedPhotos?

  /// Whether any of them is there, which makes no sense without a network.
  var areGiven: Bool {
    tenCrop || fastDecoding || batchSize != nil || decodeThreads != nil || maxPixels != nil
      || truncatedPhotos != nil
  }

  func validate() throws {
    if let batchSize, !(1...256).contains(batchSize) {
      throw ValidationError("--batch-size must be 1 to 256")
    }
    if let decodeThreads, !(1...256).contains(decodeThreads) {
      throw ValidationError("--decode-threads must be 1 to 256")
    }
    if let maxPixels, !(1...10_000_000_000).contains(maxPixels) {
      throw ValidationError("--max-pixels must be 1 to 10000000000")
    }
  }

  /// The options of an extraction that computes on `threads`.
  func options(threads: Int) -> FeatureExtraction.Options {
    var options = FeatureExtraction.Options()
    options.crops = tenCrop ? .ten : .centre
    options.decodingThreads = decodeThreads ?? max(1, threads / 2)
    options.shrinksWhileDecoding = fastDecoding
    if let batchSize { options.batchSize = batchSize }
    if let maxPixels { options.limits.pixels = maxPixels }
    if let truncatedPhotos { options.limits.truncatedPhotos = truncatedPhotos }
    return options
  }
}
