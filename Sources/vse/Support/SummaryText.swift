import Foundation
import VisualSemanticEmbedding

extension FileSummary {
  /// The summary for people, a fact a line.
  func text(path: String) -> String {
    switch self {
    case .model(let model): "\(path): a model\n" + model.lines.aligned
    case .checkpoint(let checkpoint): "\(path): the checkpoint of a run\n" + checkpoint.lines.aligned
    case .safetensors(let file):
      "\(path): a safetensors file\n"
        + (file.lines + [
          ("metadata", file.metadataKeys.isEmpty ? "none" : file.metadataKeys.joined(separator: " "))
        ])
        .aligned
    case .array(let array): "\(path): an array\n" + array.lines.aligned
    case .dataset(let dataset):
      "\(path): a dataset\n"
        + dataset.splits.map { "\($0.split.rawValue)\n" + $0.lines.aligned }.joined(separator: "\n")
    }
  }
}

/// What a line says of what.
private typealias Fact = (name: String, value: String)

extension [Fact] {
  /// A fact a line, the values one under another; the further lines of a value too.
  fileprivate var aligned: String {
    let width = map(\.name.count).max() ?? 0
    return map { name, value in
      "  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + "  "
        + value.replacing("\n", with: "\n" + String(repeating: " ", count: width + 4))
    }.joined(separator: "\n")
  }
}

extension ModelSummary {
  fileprivate var lines: [Fact] {
    var lines: [Fact] = [
      ("encoder", configuration.text),
      ("parameters", "\(parameters)"),
      (
        "vocabulary",
        "\(words) words: \(firstWords.joined(separator: " "))\(words > firstWords.count ? " …" : "")"
      ),
    ]
    if let validation {
      lines.append(
        (
          "on dev",
          String(
            format: "sum of recalls %.1f after update %d (epoch %d)", validation.sumOfRecalls,
            validation.update, validation.epoch)
        ))
    }
    if let training { lines.append(("trained with", training.commandLineGroups.joined(separator: "\n"))) }
    return lines + file.lines
  }
}

extension CheckpointSummary {
  fileprivate var lines: [Fact] {
    [
      (
        "position",
        "\(updates) updates: \(epochs) of \(training.epochs) epochs"
          + (batches > 0 ? ", \(batches) minibatches of the next" : "")
      ),
      ("best score", bestScore.map { String(format: "sum of recalls on dev %.1f", $0) } ?? "none yet"),
      ("encoder", configuration.text),
      ("vocabulary", "\(words) words"),
      ("run with", training.commandLineGroups.joined(separator: "\n")),
    ] + file.lines
  }
}

extension ModelConfiguration {
  fileprivate var text: String {
    var parts = [encoder.rawValue]
    if peepholes { parts.append("with peepholes") }
    if hiddenBias { parts.append("with hidden bias") }
    if bidirectional { parts.append("bidirectional") }
    if layers > 1 { parts.append("\(layers) layers") }
    if pooling != .last { parts.append("\(pooling.rawValue) pooling") }
    parts.append("dim \(dim), word dim \(wordDim), image dim \(imageDim)")
    if imageHidden > 0 { parts.append("image hidden \(imageHidden)") }
    if normalizeImages { parts.append("images normalised in training") }
    return parts.joined(separator: ", ")
  }
}

extension TensorFileSummary {
  fileprivate var lines: [Fact] {
    [
      ("size", "\(bytes) bytes"),
      ("checksum", checksumVerified ? "verified" : "none"),
      (
        "tensors",
        tensors.isEmpty
          ? "none"
          : tensors.map { "\($0.name) \($0.type) \($0.shape)" }.joined(separator: "\n")
      ),
    ]
  }
}

extension ArraySummary {
  fileprivate var lines: [Fact] {
    var lines: [Fact] = [("type", type), ("shape", "\(shape)"), ("size", "\(bytes) bytes")]
    guard let rows else { return lines }
    if let minimum = rows.minimumNorm, let maximum = rows.maximumNorm, let mean = rows.meanNorm {
      lines.append(
        (
          "row norms",
          String(format: "%.6g to %.6g, mean %.6g", minimum, maximum, mean)
            + (rows.areUnitNorm ? " (unit norm)" : "")
        ))
    }
    if let first = rows.firstNotFinite {
      lines.append(("broken", "\(rows.notFinite) rows with NaN or infinity, the first is row \(first)"))
    }
    return lines
  }
}

extension SplitSummary {
  fileprivate var lines: [Fact] {
    let perImage =
      minimumCaptionsPerImage == maximumCaptionsPerImage
      ? "\(minimumCaptionsPerImage)" : "\(minimumCaptionsPerImage) to \(maximumCaptionsPerImage)"
    return [
      (
        "captions",
        "\(captions)" + (emptyCaptions > 0 ? ", \(emptyCaptions) of them without a word" : "")
          + "; the longest has \(longestCaption) words"
      ),
      ("words", "\(words), \(distinctWords) different ones"),
      ("images", "\(images), \(perImage) captions an image"),
      ("features", "\(featureRows) rows of \(featureWidth) \(featureType)"),
    ]
  }
}
