import ArgumentParser
import Foundation
import MadeUpWorld

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "See it all work on a made-up world of drawn photos, offline, in less than a minute.",
    discussion: """
      Draws 900 photos with five captions each, makes a dataset of them, trains a model, scores it beside chance, \
      searches, captions, and makes a page to look at. Each step shows the command that it runs, so that you know what \
      to type for photos of your own. All of it stays in the folder, which you may remove. For example:
        vse demo
        vse demo --folder made-up-world
      """)

  @Option(
    help: ArgumentHelp(
      "Work in this folder, new or empty (default: vse-demo, or vse-demo-2 and so on where that is taken).",
      valueName: "folder"), completion: .directory)
  var folder: String?

  @OptionGroup var compute: ComputeOptions

  func run() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let tour = DemoTour(folder: try DemoFolder(path: folder), compute: compute)
    try tour.run()
    print(String(format: "\nDone in %.0f seconds.", (clock.now - start) / .seconds(1)))
  }
}
