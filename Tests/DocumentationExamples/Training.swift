import Tensors
import VisualSemanticEmbedding

// The code of the article "Train on your captions".

private func fastOptions() -> TrainingOptions {
  var options = Recipe.fast.options
  options.seed = 1
  if !Parallel.hasNativeBFloat16 { options.precision = .float32 }
  return options
}

func trainOnYourCaptions() throws {
  let options = fastOptions()
  let dataset = Dataset(folder: "f8k")
  let request = Trainer.Request(
    options: options, dataset: dataset, output: "model.safetensors")
  let trainer = try Trainer(request)
  let summary = trainer.summary
  print(summary.trainCaptions, "captions,", summary.vocabularyWords, "words")

  let outcome = try trainer.run(report: { event in
    switch event {
    case .progressed(let progress):
      print("update \(progress.update), \(Int(progress.secondsLeft)) s left")
    case .validated(let record):
      print("epoch \(record.epoch):", record.sumOfRecalls, record.isBest ? "kept" : "")
    default: break
    }
  })
  print(outcome)
}

func stopAndGoOn() throws {
  let options = fastOptions()
  let dataset = Dataset(folder: "f8k")
  var request = Trainer.Request(
    options: options, dataset: dataset, output: "model.safetensors")
  request.resumes = true
  let outcome = try Trainer(request).run()
  print(outcome)
}

func howGoodIsIt() throws {
  let dataset = Dataset(folder: "f8k")
  let model = try ModelFile.read("model.safetensors")
  let scores = try model.evaluate(on: dataset.open(.test)).scores
  let chance = RankingScores.chance(
    images: scores.images, captionsPerImage: scores.captions / scores.images)
  print("search: R@1 \(scores.search.r1), median \(scores.search.medianRank)")
  print("by chance: R@1 \(chance.search.r1), median \(chance.search.medianRank)")
}

/// The first lines of the library's page.
func firstLook() throws {
  let model = try ModelFile.read("model.safetensors")
  let split = try Dataset(folder: "f8k").open(.test)
  print(try model.evaluate(on: split).scores.sumOfRecalls)
}
