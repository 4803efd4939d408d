import DataFormats
import VisualSemanticEmbedding

extension PreparationReport {
  /// What was found, what is left out, and what was written, for people.
  var text: String {
    var lines = sources.map { "\($0.path): \($0.kind.rawValue), tokens \($0.tokenization.rawValue)" }
    lines.append("found     \(counted(imagesFound, "image")), \(counted(captionsFound, "caption"))")
    lines += Dataset.Split.allCases.compactMap { split in
      splits[split.rawValue].map {
        "\(split.rawValue.padded)\(counted($0.images, "image")), \(counted($0.captions, "caption"))"
      }
    }
    lines.append("splits    \(originText)")
    lines += findings
    lines.append("wrote     \(output), features \(featureWidth) wide")
    lines.append("next: vse train --data \(shellWord(output)) --output model.safetensors")
    return lines.joined(separator: "\n")
  }

  private var originText: String {
    switch splitOrigin {
    case .lists: "from the lists"
    case .source: "from the source"
    case .random: "random, seed \(seed ?? 0)"
    }
  }

  private var findings: [String] {
    let named: [(String, [String])] = [
      ("left out, no caption", imagesWithoutCaption.map(\.description)),
      ("left out, no photo", imagesWithoutPhoto.map(\.description)),
      ("left out, no features", imagesWithoutFeatures.map(\.description)),
      ("left out, photo unreadable", unreadablePhotos.map(\.name.description)),
      ("photos without caption", photosWithoutCaption.map(\.description)),
      ("features without caption", featuresWithoutCaption),
      ("texts without photo", textsWithoutPhoto.map(\.description)),
      ("listed twice, taken once", imagesListedTwice.map(\.description)),
      ("features there twice, taken once", featuresListedTwice),
      ("lists that give no image, so no such split", listsWithoutImages),
    ]
    let numbers = [
      ("images in no split", imagesInNoSplit),
      ("captions without a word, left out", emptyCaptions),
      ("captions twice for one image, \(dropsRepeatedCaptions ? "left out" : "kept")", repeatedCaptions),
    ]
    return named.filter { !$1.isEmpty }.map { "\($0): \(Self.listed($1))" }
      + numbers.filter { $1 > 0 }.map { "\($0): \($1)" }
  }

  /// How many, and the first few names.
  private static func listed(_ names: [String]) -> String {
    let shown = 3
    let rest = names.count > shown ? ", … (--json names all)" : ""
    return
      "\(names.count) (\(names.prefix(shown).map { printable($0, limit: 80) }.joined(separator: ", "))\(rest))"
  }
}

extension String {
  fileprivate var padded: String { self + String(repeating: " ", count: max(0, 10 - count)) }
}
