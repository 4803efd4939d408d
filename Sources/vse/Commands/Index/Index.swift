import ArgumentParser

struct Index: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep the vectors of photos and captions, to be searched.",
    discussion: """
      An index is a folder. Adding can be interrupted and repeated: what is there already is skipped, what has \
      changed is replaced, and what was reported as added survives a crash. For example:
        vse index add photos.index --model model.safetensors --features features.npy --names names.txt
        vse search photos.index "a dog on a beach"
      """,
    subcommands: [
      IndexAdd.self, IndexList.self, IndexInfo.self, IndexRemove.self, IndexVerify.self, IndexCompact.self,
    ])

  /// Tells on standard error that another process has the index.
  static func noteWaiting() { Terminal.note("waiting: another process is changing the index") }
}
