import DataFormats
import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Where a run writes, and what is told before its first update rather than after hours.
@Suite struct TrainingPlaceTests {
  @Test func oneRunAnOutputAtATime() throws {
    let training = try ToyTraining()
    let first = try Trainer(training.request())
    _ = try first.run()
    let before = try training.files()
    for resumes in [true, false] {
      #expect(throws: TrainingError.runInProgress(history: training.history)) {
        try Trainer(training.request(resumes: resumes, overwrites: !resumes))
      }
    }
    #expect(try training.files() == before)
    withExtendedLifetime(first) {}
  }

  @Test func aRunThatEndedIsResumedOrOverwritten() throws {
    let training = try ToyTraining()
    try training.run()
    let before = try training.files()
    try training.run(resumes: true)
    #expect(try training.files() == before)
    try training.run(overwrites: true)
    #expect(try training.files() == before)
  }

  @Test func placesThatCannotBeWrittenAreToldAtOnce() throws {
    let training = try ToyTraining()
    let link = training.output.path("link.safetensors")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: training.output.path("none/model.safetensors"))
    for output in ["", link] {
      var request = training.request()
      request.output = output
      #expect(throws: FileError.self) { try Trainer(request) }
    }
    #expect(try training.output.contents() == ["link.safetensors"])
  }

  @Test func captionsOfDifferentLengthsOnlyMakeNoMinibatch() throws {
    let training = try ToyTraining()
    let captions = (1...8).map { [String](repeating: "a", count: $0).joined(separator: " ") }
    try training.dataset.write(
      "train", captions: captions, features: (0..<8).map { [Float](repeating: Float($0), count: 12) })
    #expect(throws: DatasetError.self) { try Trainer(training.request()) }
    #expect(try training.output.contents() == [])
  }

  @Test func sizesBeyondTheMachineAreToldAtOnce() throws {
    var training = try ToyTraining()
    training.options.dim = 65_536
    training.options.wordDim = 65_536
    #expect(throws: TrainingError.self) { try Trainer(training.request()) }
    training.options = ToyTraining.options()
    training.options.epochs = .max
    #expect(throws: TrainingOptionError.self) { try Trainer(training.request()) }
    #expect(try training.output.contents() == [])
  }

  @Test func aResumedRunKeepsItsNewNumberOfEpochs() throws {
    var training = try ToyTraining()
    try training.run()
    training.options.epochs = 3
    try training.run(resumes: true)
    guard case .checkpoint(let summary) = try FileSummary(path: training.checkpoint) else {
      Issue.record("no checkpoint")
      return
    }
    #expect(summary.epochs == 3 && summary.training.epochs == 3)
  }
}
