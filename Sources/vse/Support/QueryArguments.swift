import ArgumentParser
import Retrieval
import VisualSemanticEmbedding

/// The parts of a query, in the order in which --weight counts them.
struct QueryArguments: ParsableArguments {
  @Argument(help: "A sentence, spelled as in the captions of the training data (usually lower case).")
  var text: String?

  @Option(
    help: ArgumentHelp("A photo; needs --network; may be given again.", valueName: "file"),
    completion: .file())
  var image: [String] = []

  @OptionGroup var photoFeatures: PhotoFeatureArguments

  @Option(
    help: ArgumentHelp("A row of --features, from 0 on, as an image; may be given again.", valueName: "row"))
  var featureRow: [Int] = []

  @Option(
    help: ArgumentHelp("Features of images, an .npy file.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var features: String?

  @Option(
    help: ArgumentHelp(
      "An item of the index, by '#NUMBER' or name, which is no answer; may be given again.", valueName: "item"
    ))
  var like: [String] = []

  @Option(help: ArgumentHelp("A word or sentence to add; may be given again.", valueName: "text"))
  var plus: [String] = []

  @Option(help: ArgumentHelp("A word or sentence to subtract; may be given again.", valueName: "text"))
  var minus: [String] = []

  // Numbers may begin with a minus.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weights of the parts: sentence, --image, --feature-row, --like, --plus, --minus; such as 1,0.5 (default: 1 each).",
      valueName: "numbers"))
  var weight: String?

  func validate() throws {
    if text == nil, image.isEmpty, featureRow.isEmpty, like.isEmpty, plus.isEmpty, minus.isEmpty {
      throw ValidationError(
        "say what to look for: a sentence, --image, --feature-row, --like, --plus or --minus")
    }
    if image.isEmpty == photoFeatures.network.isGiven {
      throw ValidationError("--image and --network belong together")
    }
    if featureRow.isEmpty != (features == nil) {
      throw ValidationError("--features and --feature-row belong together")
    }
    if featureRow.contains(where: { $0 < 0 }) { throw ValidationError("--feature-row must be 0 or more") }
    guard let weight else { return }
    guard let weights = Self.numbers(weight) else {
      throw ValidationError("--weight should be numbers parted by commas, such as 1,0.5,0.5")
    }
    if weights.count != partCount {
      throw ValidationError("--weight has \(weights.count) numbers, and the query \(partCount) parts")
    }
  }

  private var partCount: Int {
    (text == nil ? 0 : 1) + image.count + featureRow.count + like.count + plus.count + minus.count
  }

  private static func numbers(_ text: String) -> [Float]? {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
    return numbers.allSatisfy { $0?.isFinite == true } ? numbers.compactMap { $0 } : nil
  }

  /// The query; items are looked up in the index.
  func query(in index: EmbeddingIndex) throws -> EmbeddingQuery {
    var sources: [(source: EmbeddingQuery.Term.Source, sign: Float)] = []
    if let text { sources.append((.text(text), 1)) }
    sources += image.map { (.photo($0), 1) }
    if let features {
      let table = try FeatureTable(path: features)
      for row in featureRow {
        guard row < table.rowCount else {
          throw ValidationError("\(features) has rows 0 to \(table.rowCount - 1), and no row \(row)")
        }
        sources.append((.features(try table.values(ofRow: row)), 1))
      }
    }
    for name in like { sources.append((.item(try index.item(named: name)), 1)) }
    sources += plus.map { (.text($0), 1) }
    sources += minus.map { (.text($0), -1) }
    let weights = weight.flatMap(Self.numbers) ?? [Float](repeating: 1, count: sources.count)
    return EmbeddingQuery(
      terms: zip(sources, weights).map { EmbeddingQuery.Term($0.source, weight: $0.sign * $1) })
  }
}

extension FeatureTable {
  /// A row as numbers.
  func values(ofRow row: Int) throws -> [Float] {
    var values = [Float](repeating: 0, count: columnCount)
    try values.withUnsafeMutableBufferPointer { try gather(rows: [row], into: $0) }
    return values
  }
}
