import Foundation
import Tensors
import TestSupport
import VisualSemanticEmbedding

/// A training run on a toy dataset in a temporary folder, and what it leaves there.
struct ToyTraining {
  let dataset: DatasetFolder
  let output: TemporaryFolder
  var options = Self.options()
  var name = "model.safetensors"

  init(_ toy: DatasetFolder.Toy = .init()) throws {
    try self.init(dataset: DatasetFolder.toy(toy))
  }

  init(dataset: DatasetFolder) throws {
    self.dataset = dataset
    output = try TemporaryFolder()
  }

  /// Small sizes, several updates an epoch, and a scoring every few updates.
  static func options(
    _ encoder: ModelConfiguration.Encoder = .gru, precision: Precision = .float32
  ) -> TrainingOptions {
    var options = TrainingOptions()
    options.encoder = encoder
    options.precision = precision
    options.dim = 16
    options.wordDim = 8
    options.batchSize = 12
    options.epochs = 2
    options.learningRate = 0.01
    options.validateEvery = 4
    return options
  }

  var model: String { output.path(name) }
  var checkpoint: String { output.path(name.replacing(".safetensors", with: ".checkpoint.safetensors")) }
  var history: String { output.path(name.replacing(".safetensors", with: ".history.jsonl")) }

  func request(resumes: Bool = false, overwrites: Bool = false) -> Trainer.Request {
    var request = Trainer.Request(options: options, dataset: Dataset(folder: dataset.path), output: model)
    request.resumes = resumes
    request.overwrites = overwrites
    return request
  }

  @discardableResult
  func run(
    resumes: Bool = false, overwrites: Bool = false, report: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    try Trainer(request(resumes: resumes, overwrites: overwrites)).run(report: report)
  }

  /// Trains until so many updates of this call are done; where a scoring follows, it is stopped.
  @discardableResult
  func run(updates: Int, resumes: Bool = false) throws -> TrainingOutcome {
    var left = updates
    var request = request(resumes: resumes)
    request.reportEvery = 1
    return try Trainer(request).run(
      shouldStop: { left <= 0 },
      report: { event in
        if case .progressed = event { left -= 1 }
      })
  }

  /// The model, the checkpoint (parameters, moments and position) and the history.
  func files() throws -> [[UInt8]] { try [model, checkpoint, history].map { try bytes(ofFile: $0) } }

  func records() throws -> [ValidationRecord] {
    try bytes(ofFile: history).split(separator: 10).map {
      try JSONDecoder().decode(ValidationRecord.self, from: Data($0))
    }
  }
}
