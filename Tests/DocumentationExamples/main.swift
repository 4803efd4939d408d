import Foundation

// Runs the code of the articles, one piece after another, in a folder that has what they name.
let examples: [String: () throws -> Void] = [
  "first": firstLook,
  "train": trainOnYourCaptions,
  "resume": stopAndGoOn,
  "evaluate": howGoodIsIt,
  "report": aReport,
  "compare": isOneModelBetter,
  "vectors": vectorsOfAnotherProgram,
  "original": theOriginalsModels,
  "convert": oneFileAndBack,
  "vsepp": vsepp,
  "search": whatAQueryCanBe,
  "narrow": narrowItDown,
  "captions": captionsForAPhoto,
]
for name in CommandLine.arguments.dropFirst() {
  guard let example = examples[name] else {
    print("no example is called \(name); there are: \(examples.keys.sorted().joined(separator: " "))")
    exit(64)
  }
  do {
    try example()
  } catch {
    print(error)
    exit(1)
  }
}
