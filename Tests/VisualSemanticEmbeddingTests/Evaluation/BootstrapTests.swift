import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct BootstrapTests {
  /// Ranks of images with one to four captions, and of one without.
  private func ranks(
    images: Int, seed: UInt64, bound: UInt64
  ) throws -> (ranks: CrossModalRanks, imageOfCaption: [Int]) {
    var generator = SeededGenerator(seed: 1)
    let imageOfCaption = (0..<images).flatMap { image in
      image == 2 ? [] : [Int](repeating: image, count: 1 + Int(generator.next() % 4))
    }
    var draw = SeededGenerator(seed: seed)
    var ranks = try CrossModalRanks(
      images: Matrix(rows: images, columns: 1), captions: Matrix(rows: imageOfCaption.count, columns: 1),
      imageOfCaption: imageOfCaption)
    ranks.annotation = ranks.annotation.map { _ in Int(draw.next() % bound) }
    ranks.search = ranks.search.map { _ in Int(draw.next() % bound) }
    return (ranks, imageOfCaption)
  }

  /// The recalls of each resample, from the ranks themselves.
  private func resampled(_ ranks: CrossModalRanks, _ imageOfCaption: [Int], _ bootstrap: Bootstrap)
    -> [[Double]]
  {
    let queries = Set(imageOfCaption).sorted()
    let captions = queries.map { image in imageOfCaption.indices.filter { imageOfCaption[$0] == image } }
    var generator = SeededRandomNumberGenerator(seed: bootstrap.seed)
    return (0..<bootstrap.resamples).map { _ in
      let drawn = queries.map { _ in generator.integer(below: queries.count) }
      let annotation = RetrievalScores(ranks: drawn.map { ranks.annotation[$0] })
      let search = RetrievalScores(ranks: drawn.flatMap { captions[$0].map { ranks.search[$0] } })
      return [annotation, search].flatMap { [$0.r1, $0.r5, $0.r10] }
        + [annotation.sumOfRecalls + search.sumOfRecalls]
    }
  }

  /// NumPy's quantile.
  private func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    let place = share * Double(values.count - 1)
    let low = sorted[Int(place.rounded(.down))]
    return low + (sorted[Int(place.rounded(.up))] - low) * (place - place.rounded(.down))
  }

  @Test(arguments: [(20, 1), (20, 999), (3, 50)]) func intervals(images: Int, resamples: Int) throws {
    let (ranks, imageOfCaption) = try ranks(images: images, seed: 4, bound: 14)
    let bootstrap = Bootstrap(resamples: resamples, seed: 9)
    let counts = RecallCounts(ranks, imageOfCaption: imageOfCaption)
    #expect(
      zip(counts.recalls.values, RankingScores(ranks).recalls.values).allSatisfy { abs($0 - $1) < 1e-9 })
    let expected = resampled(ranks, imageOfCaption, bootstrap)
    for (place, found) in bootstrap.intervals(counts).values.enumerated() {
      let values = expected.map { $0[place] }
      #expect(abs(found.low - quantile(values, 0.025)) < 1e-9)
      #expect(abs(found.high - quantile(values, 0.975)) < 1e-9)
    }
  }

  @Test func differences() throws {
    let (first, imageOfCaption) = try ranks(images: 30, seed: 4, bound: 14)
    let (second, _) = try ranks(images: 30, seed: 5, bound: 12)
    let bootstrap = Bootstrap(resamples: 500, seed: 3)
    let found = bootstrap.differences(
      RecallCounts(first, imageOfCaption: imageOfCaption),
      RecallCounts(second, imageOfCaption: imageOfCaption))
    let drawn = zip(
      resampled(first, imageOfCaption, bootstrap), resampled(second, imageOfCaption, bootstrap))
    let whole = zip(RankingScores(first).recalls.values, RankingScores(second).recalls.values)
    for (place, (found, (left, right))) in zip(found.values, whole).enumerated() {
      #expect(abs(found.difference - (right - left)) < 1e-9)
      let values = drawn.map { $1[place] - $0[place] }
      #expect(abs(found.interval.low - quantile(values, 0.025)) < 1e-9)
      #expect(abs(found.interval.high - quantile(values, 0.975)) < 1e-9)
      let smaller = min(values.count { $0 <= 1e-9 }, values.count { $0 >= -1e-9 })
      #expect(abs(found.pValue - min(1, 2 * Double(smaller + 1) / 501)) < 1e-12)
    }
  }

  @Test func equalModelsAndModelsThatAreNot() throws {
    let (ranks, imageOfCaption) = try ranks(images: 30, seed: 4, bound: 14)
    var better = ranks
    better.annotation = ranks.annotation.map { _ in 0 }
    better.search = ranks.search.map { _ in 0 }
    let counts = RecallCounts(ranks, imageOfCaption: imageOfCaption)
    let bootstrap = Bootstrap(resamples: 200)
    for difference in bootstrap.differences(counts, counts).values {
      #expect(difference.difference == 0 && difference.pValue == 1)
      #expect(difference.interval.low == 0 && difference.interval.high == 0)
    }
    let sum = bootstrap.differences(counts, RecallCounts(better, imageOfCaption: imageOfCaption)).sumOfRecalls
    #expect(sum.difference > 0 && sum.interval.low > 0 && abs(sum.pValue - 2.0 / 201) < 1e-12)
  }

  @Test func meanAndDeviation() {
    let several = MeanAndDeviation(of: [2, 4, 9])
    #expect(several.mean == 5 && abs((several.deviation ?? 0) - 13.0.squareRoot()) < 1e-12)
    #expect(MeanAndDeviation(of: [3]).deviation == nil && MeanAndDeviation(of: [3]).mean == 3)
  }
}
