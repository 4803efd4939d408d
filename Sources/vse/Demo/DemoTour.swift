import DataFormats
import MadeUpWorld
import Retrieval

/// The demo: from drawing photos to the page about what was found among them, step by step.
struct DemoTour {
  let folder: DemoFolder
  let compute: ComputeOptions
  let world = World()

  func run() throws {
    try draw()
    try prepare()
    try train()
    try evaluate()
    try index()
    try search()
    try calculate()
    try caption()
    try makeGallery()
    showNextSteps()
  }

  /// The network that sees the photos.
  private static let network = ["--network", "descriptor"]

  /// What learns the world in less than a minute; chosen on the development split.
  private static let training = ["--recipe", "fast", "--dim", "256", "--word-dim", "64", "--epochs", "16"]

  // MARK: - From photos to a model

  private func draw() throws {
    say("A made-up world: photos, and five captions for each, such as people would write.", isFirst: true)
    try world.drawPhotos(in: folder.photos)
    try world.writeCaptions(to: folder.captions)
    let counts = World.Split.allCases.map { "\(world.pictures(of: $0).count) \($0)" }
    print("\(folder.photos): \(world.pictures.count) photos (\(counts.joined(separator: ", ")))")
    let example = world.pictures[0]
    print("\(folder.captions): of \(example.name), for example,")
    for caption in example.captions { print("  \(caption)") }
    let unseen = world.heldOut[.test, default: []].map { "\($0.colour) \($0.kind)" }.sorted()
    print("Each test photo shows something that no photo to learn from does:")
    print("  " + unseen.joined(separator: ", "))
  }

  private func prepare() throws {
    say(
      "A dataset: the words of the captions, and for each photo a row of numbers that tell what it looks like."
    )
    try step(
      "prepare",
      ["--captions", folder.captions, "--photos", folder.photos] + Self.network
        + ["--output", folder.dataset]
    ).run()
  }

  private func train() throws {
    say("A model that puts sentences and photos into one space, where what belongs together is near.")
    let step = step("train", ["--data", folder.dataset, "--output", folder.model] + Self.training)
    try Terminal.briefly { try step.run() }
  }

  private func evaluate() throws {
    say("How often is the right answer the first (R@1) of \(world.pictures(of: .test).count) test photos?")
    try step("evaluate", [folder.model, "--data", folder.dataset, "--chance"]).run()
  }

  // MARK: - Putting it to use

  private func index() throws {
    say("An index to search in: the test photos and their captions.")
    try step(
      "index",
      ["add", folder.index, "--model", folder.model, "--photos", folder.photos + "/test"] + Self.network
    ).run()
    try step("index", ["add", folder.index, "--captions", folder.testCaptions]).run()
  }

  private func search() throws {
    say("Searches. The names of the photos say what was drawn; the model has never seen them.")
    for query in world.searches {
      let found = try step("search", [folder.index, query.sentence, "-k", "3"]).search()
      let right = found.hits.firstIndex { hit in query.answers.contains { isPhoto(hit.item.name, $0) } }
      judge(right.map { $0 == 0 ? "right" : "right is number \($0 + 1)" } ?? "wrong")
    }
  }

  /// A photo less a colour plus another; with words of half the photo's weight, as the development split wants it.
  private func calculate() throws {
    guard let twins = world.twins.first else { return }
    let (before, after) = (twins.picture.scene.things[0].colour, twins.other.scene.things[0].colour)
    say("Arithmetic: a photo, less \"\(before)\", and \"\(after)\" instead.")
    let found = try step(
      "search",
      [
        folder.index, "--like", folder.photos + "/" + twins.picture.name, "--minus", before.rawValue,
        "--plus", after.rawValue, "--weight", "1,0.5,0.5", "-k", "3",
      ]
    ).search()
    let right = found.hits.firstIndex { isPhoto($0.item.name, twins.other) }
    judge(
      right.map { $0 == 0 ? "right: the same, but in \(after)" : "right is number \($0 + 1)" } ?? "wrong")
  }

  private func caption() throws {
    guard let picture = world.pictures(of: .test).last else { return }
    say(
      "Captions for a photo, out of the \(world.pictures(of: .test).count * World.captionsPerPicture) of the index."
    )
    try step(
      "caption",
      [folder.photos + "/" + picture.name] + Self.network + ["--index", folder.index, "-k", "3"]
    ).run()
  }

  private func makeGallery() throws {
    say(
      """
      A page about the model, with its scores, curves and hardest errors. Captions found there are those of training, in \
      which these looks never occur: what is near is the best that they can be.
      """)
    try step(
      "gallery",
      [folder.model, "--data", folder.dataset, "--photos", folder.photos, "--output", folder.gallery]
    ).run()
  }

  private func showNextSteps() {
    print(
      """

      What next?
        Look at \(FilePath.absolute(folder.gallery)) in a browser.
        Search as you type, in a browser at http://127.0.0.1:8080:
          \(DemoStep(["serve", folder.index] + Self.network).text)
        Your own photos and captions (with weights of a network it finds far more than by the descriptor):
          vse prepare --captions captions.csv --photos photos --network descriptor --output mine
          vse train --data mine --output mine.safetensors
          vse index add mine.index --model mine.safetensors --photos photos --network descriptor
          vse serve mine.index --network descriptor
        Flickr8k, 8,000 photos with the features of a large network:
          vse download f8k --into data
          vse train --data data/f8k --output f8k.safetensors
        \(folder.path) stays; remove it when you have seen enough.
      """)
    if CommandLine.arguments[0].utf8.contains(UInt8(ascii: "/")) {
      print("  Here vse is \(shellWord(CommandLine.arguments[0])).")
    }
  }

  // MARK: - Telling

  private func step(_ command: String, _ arguments: [String]) -> DemoStep {
    DemoStep([command] + arguments + compute.arguments)
  }

  private func say(_ text: String, isFirst: Bool = false) { print((isFirst ? "" : "\n") + text) }

  private func judge(_ text: String) { print("  -> \(text)") }

  private func isPhoto(_ name: String, _ picture: World.Picture) -> Bool {
    name == FilePath.absolute(folder.photos + "/" + picture.name)
  }
}

extension World {
  /// Something to search for, and the test pictures that show it.
  fileprivate struct Query {
    let sentence: String
    let answers: [Picture]
  }

  /// For each way in which two things stand to each other, the scene of the first test picture that shows it and is no twin.
  fileprivate var searches: [Query] {
    let test = pictures(of: .test)
    let scenes = test.dropFirst(2 * twins.count).map(\.scene)
    let examples = [
      scenes.first { if case .beside = $0.arrangement { true } else { false } },
      scenes.first { if case .above = $0.arrangement { true } else { false } },
      scenes.first { if case .on = $0.arrangement { true } else { false } },
    ]
    return examples.compactMap(\.self).map { scene in
      Query(
        sentence: scene.plainCaption, answers: test.filter { $0.scene.plainCaption == scene.plainCaption })
    }
  }
}
