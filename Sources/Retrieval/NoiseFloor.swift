/// How high a sentence scores by chance: the best scores that sentences of random words reach in the same search.
///
/// A model gives no score that means "fits": it depends on the model, on how many items there are and on how long the
/// sentence is. So 64 sentences of as many words, each drawn from all that the model knows, are looked for as well, and
/// the chance of a score is the share of them whose best is as high or higher. A best hit with a chance above
/// `acceptedChance` is what noise looks like: nothing fits.
///
/// Measured on the 1,000 photos of Flickr8k's test split, what is told "maybe nothing fits" (Scripts/calibrate-noise-floor
/// repeats it), with the recipes best and kiros:
///
/// | queries | photos | best | kiros |
/// | --- | --- | --- | --- |
/// | the photos' own captions | all | 1% | 10% |
/// | captions with dogs | those without dogs | 48% | 66% |
/// | captions without dogs | those of dogs | 36% | 63% |
/// | random words | all | 51% | 50% |
///
/// A distribution of the query's own scores with all items tells much less: whether the best stands out from the rest
/// depends on how many of the items fit. By that rule 39% of the own captions were flagged, more than of the captions
/// of another subject (21% and 16%).
///
/// It is a rule of thumb: half of the nonsense passes, as some of the random words name what is there. Single words are
/// flagged more often (a third of the frequent ones), being about much and nothing in particular. Of more than 20,000
/// items the noise sees as many, whose best is a little lower than that of all.
public struct NoiseFloor: Sendable, Equatable {
  /// The chance above which a best hit is taken for noise.
  public static let acceptedChance = 0.5

  /// The best scores of the random sentences.
  private let scores: [Float]

  /// The noise whose best scores are these.
  public init(bestScores: [Float]) { scores = bestScores }

  /// The share of the noise that scores as high or higher; 0 where there is none.
  public func chance(of score: Float) -> Double {
    scores.isEmpty ? 0 : Double(scores.count { $0 >= score }) / Double(scores.count)
  }
}
