import Tensors
import VisualSemanticEmbedding

// The code of the article "Trusting a score".

func aReport() throws {
  let model = try ModelFile.read("model.safetensors")
  let dataset = Dataset(folder: "f8k")
  let report = try model.trustReport(
    on: dataset.open(.test), train: dataset.open(.train))

  let sum = report.intervals.sumOfRecalls
  print("sum of recalls:", report.evaluation.scores.sumOfRecalls)
  print("95% of the resamples lie in \(sum.low)...\(sum.high)")
  print("images that repeat an earlier one: \(report.repetitions.images)")
  print("images trained on: \(report.trainOverlap?.images ?? 0)")
  print("share of unknown words: \(report.vocabulary.unknownShare)")
  print("captions that tie with a wrong image: \(report.ties.search)")

  let options = EvaluationOptions(hubness: .csls(neighbors: 10))
  let corrected = try model.evaluate(on: dataset.open(.test), options: options)
  print(corrected.scores.sumOfRecalls)
}

func isOneModelBetter() throws {
  let split = try Dataset(folder: "f8k").open(.dev)
  let old = try ModelFile.read("old.safetensors").outcome(on: split)
  let new = try ModelFile.read("new.safetensors").outcome(on: split)
  let comparison = try ModelComparison(old, new)

  let sum = comparison.differences.sumOfRecalls
  let (low, high) = (sum.interval.low, sum.interval.high)
  print("difference \(sum.difference), 95% in \(low)...\(high), p = \(sum.pValue)")
  switch comparison.verdict {
  case .first: print("the old one is better")
  case .second: print("the new one is better")
  case .undecided: print("the data do not tell")
  }
}

func vectorsOfAnotherProgram() throws {
  let images = Matrix(rows: 2, columns: 2, values: [1, 0, 0, 1])
  let captions = Matrix(rows: 3, columns: 2, values: [1, 0, 0.6, 0.8, 0, 1])
  let ranks = try CrossModalRanks(
    images: images, captions: captions, imageOfCaption: [0, 0, 1])
  print(ranks.search, RetrievalScores(ranks: ranks.search).r1)
}
