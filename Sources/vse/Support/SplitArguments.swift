import ArgumentParser
import VisualSemanticEmbedding

/// What decides which image is trained on and which is for scores.
struct SplitArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Names of the images to train on, one a line.", valueName: "file"), completion: .file()
  )
  var trainList: String?

  @Option(
    help: ArgumentHelp("Names of the images of the development set.", valueName: "file"), completion: .file())
  var devList: String?

  @Option(help: ArgumentHelp("Names of the images to test with.", valueName: "file"), completion: .file())
  var testList: String?

  @Option(
    help: ArgumentHelp(
      "Random splits: images of dev, as a number, 0.1 or 10% (default: 10%, where the source has no splits).",
      valueName: "size"))
  var devSize: SplitSize?

  @Option(help: ArgumentHelp("Random splits: images of test, likewise.", valueName: "size"))
  var testSize: SplitSize?

  @Option(help: ArgumentHelp("Random splits: the seed.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(help: "Karpathy's restval images: train on them, or omit them.")
  var restval = RestvalUse.train

  private var lists: [Dataset.Split: String] {
    [.train: trainList, .dev: devList, .test: testList].compactMapValues { $0 }
  }

  private var isRandom: Bool { devSize != nil || testSize != nil }

  /// The rule that the options say.
  var rule: SplitRule {
    if !lists.isEmpty { return .lists(lists) }
    var random = RandomSplits(seed: seed)
    if let devSize { random.dev = devSize }
    if let testSize { random.test = testSize }
    return isRandom ? .random(random) : .source(otherwise: random)
  }

  func validate() throws {
    if !lists.isEmpty && isRandom {
      throw ValidationError("give either lists (--train-list …) or sizes of random splits (--dev-size …)")
    }
  }
}
