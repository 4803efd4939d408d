import DataFormats
import Foundation
import VisualSemanticEmbedding

extension FileSummary {
  /// The summary for people, a fact a line.
  func text(path: String) -> String {
    switch self {
    case .model(let model): "\(path): \(model.format.name)\n" + model.lines.aligned
    case .checkpoint(let checkpoint): "\(path): the checkpoint of a run\n" + checkpoint.lines.aligned
    case .safetensors(let file):
      "\(path): a safetensors file\n"
        + (file.lines + [
          ("metadata", file.metadataKeys.isEmpty ? "none" : file.metadataKeys.joined(separator: " "))
        ])
        .aligned
    case .array(let array): "\(path): an array\n" + array.lines.aligned
    case .archive(let archive):
      "\(path): \(archive.arrays.isEmpty ? "a zip archive" : "an archive of arrays")\n"
        + archive.lines.aligned
    case .dataset(let dataset):
      "\(path): a dataset\n"
        + dataset.splits.map { "\($0.split.rawValue)\n" + $0.lines.aligned }.joined(separator: "\n")
    case .pickle(let pickle): "\(path): a pickle\n" + pickle.text
    case .pytorch(let pickle): "\(path): a file of PyTorch's\n" + pickle.text
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
        "\(words) words\(wordsWithoutVector > 0 ? ", the last \(wordsWithoutVector) read as unknown" : ""): "
          + firstWords.joined(separator: " ") + (words > firstWords.count ? " …" : "")
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
    if let originalOptions { lines.append(("original's options", originalOptions.lines)) }
    return lines + file.lines
  }
}

extension ModelSummary {
  /// Words whose index has no row of the embedding.
  private var wordsWithoutVector: Int {
    max(0, words + Int(tokenScheme.firstWord) - configuration.vocabularySize)
  }
}

extension ModelFormat {
  /// A model of that format, for people.
  var name: String {
    switch self {
    case .vse: "a model"
    case .kiros: "a model of Kiros et al."
    case .vsepp: "a model of VSE++"
    }
  }
}

extension [String: OptionValue] {
  /// Names and values by name, a few in a line.
  fileprivate var lines: String {
    let perLine = 5
    let texts = sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return stride(from: 0, to: texts.count, by: perLine)
      .map { texts[$0..<Swift.min($0 + perLine, texts.count)].joined(separator: ", ") }
      .joined(separator: "\n")
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
  /// The encoder and the sizes in a line.
  var text: String {
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
          : tensors.map { "\(printable($0.name)) \($0.type) \($0.shape)" }.joined(separator: "\n")
      ),
    ]
  }
}

extension ArraySummary {
  fileprivate var lines: [Fact] {
    var lines: [Fact] = [("type", type), ("shape", "\(shape)"), ("size", "\(bytes) bytes")]
    let order = [isFortranOrder ? "Fortran order" : nil, isBigEndian ? "big-endian" : nil].compactMap { $0 }
    if !order.isEmpty { lines.append(("stored in", order.joined(separator: ", "))) }
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

extension ArchiveSummary {
  fileprivate var lines: [Fact] {
    let opaque = (arrays + otherFiles).count { $0.packing != "stored" && $0.packing != "deflated" }
    var lines: [Fact] = [
      ("size", "\(bytes) bytes"),
      (
        "checksums",
        isVerified
          ? "verified" + (opaque > 0 ? ", but of \(opaque) files that cannot be unpacked" : "")
          : "not compared: it unpacks to far more than it is"
      ),
    ]
    if !arrays.isEmpty { lines.append(("arrays", arrays.table)) }
    if !otherFiles.isEmpty { lines.append(("files", otherFiles.table)) }
    if arrays.isEmpty && otherFiles.isEmpty { lines.append(("files", "none")) }
    return lines
  }
}

extension [ArchiveMemberSummary] {
  /// A member a line: its name, type and shape where it has them, bytes, packing.
  fileprivate var table: String {
    let rows = map { member in
      [
        printable(member.name), printable(member.type ?? ""), member.shape.map { "\($0)" } ?? "",
        "\(member.bytes) bytes",
      ]
    }
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return zip(rows, self).map { row, member in
      let columns = zip(row, widths).filter { $0.1 > 0 }
        .map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      let packed = member.packing == "stored" ? "" : " to \(member.packedBytes)"
      return (columns + [member.packing + packed]).joined(separator: "  ")
    }.joined(separator: "\n")
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
