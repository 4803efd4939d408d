import DataFormats
import Foundation
import VisualSemanticEmbedding

extension TrustReport {
  /// The report for people: the scores, then what to think of them.
  var text: String {
    var parts = [evaluation.scores.table]
    if let hubness = evaluation.hubness { parts.append(hubness.line) }
    parts.append(
      "\n95% intervals, from \(bootstrap.resamples) resamples of the images with their captions (seed "
        + "\(bootstrap.seed); ranks stay those against all images and captions)\n"
        + intervals.table(width: 16) { $0.text } + "\n")
    if let thousandImageFolds { parts.append(thousandImageFolds.text) }
    if evaluation.emptyCaptions > 0 {
      parts.append("captions without a word, which are skipped: \(evaluation.emptyCaptions)")
    }
    parts += [repetitions.text, overlapText, vocabulary.text, ties.text]
    parts.append("image search by caption length:")
    parts += searchByLength.map(\.text)
    return parts.joined(separator: "\n")
  }

  private var overlapText: String {
    trainOverlap.map {
      "in the train split too: \(counted($0.images, "image")), \(counted($0.captions, "caption"))"
    }
      ?? "in the train split too: not known"
  }
}

extension TrustReport.ThousandImageFolds {
  fileprivate var text: String {
    "1K folds: the mean of \(folds.count) × 1000 images"
      + (imagesLeftOut > 0 ? " (the last \(imagesLeftOut) left out)" : "") + ": \(mean.scores.line)"
  }
}

extension TrustReport.Repetitions {
  fileprivate var text: String {
    guard let scoresWithout else { return "repeated: no image and no caption" }
    return
      "repeated: \(counted(images, "image")), and \(counted(captions, "caption")), \(captionsOfOtherImages) of them at another image"
      + "\n  with the first of each only: \(scoresWithout.scores.line)"
  }
}

extension TrustReport.VocabularyUse {
  fileprivate var text: String {
    String(format: "unknown words: %d of %d (%.2f%%), in ", unknown, words, 100 * unknownShare)
      + counted(captionsWithUnknown, "caption")
  }
}

extension CrossModalRanks.Ties {
  fileprivate var text: String {
    "ties with the right answer, which count against the model: of \(counted(annotation, "image")), \(counted(search, "caption"))"
  }
}

extension TrustReport.LengthScores {
  fileprivate var text: String {
    let words = maximumWords.map { "\(minimumWords) to \($0) words" } ?? "\(minimumWords) words or more"
    return "  " + words.padding(toLength: 18, withPad: " ", startingAt: 0)
      + String(format: "%6d captions  R@1 %5.1f  R@5 %5.1f  R@10 %5.1f", captions, r1, r5, r10)
  }
}
