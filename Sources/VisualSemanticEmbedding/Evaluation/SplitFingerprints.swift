internal import DataFormats

/// Hashes of the images and captions of a split, by which equal ones are found.
struct SplitFingerprints {
  /// Of each image's row of features.
  let images: [UInt64]
  /// Of each wanted caption's words, in their order.
  let captions: [UInt64]

  /// Of the first images, or all, and of the captions at `captionRows`.
  ///
  /// - Complexity: O(bytes of features and captions).
  init(_ split: DatasetSplit, images imageCount: Int, captionRows: [Int]) {
    images = (0..<imageCount).map { split.features.fingerprint(ofRow: split.featureRow(ofImage: $0)) }
    captions = captionRows.map { split.captions[$0].fingerprint }
  }

  /// Of everything but captions without a word.
  init(_ split: DatasetSplit) {
    self.init(
      split, images: split.grouping.imageCount,
      captionRows: split.captions.indices.filter { !split.captions[$0].isEmpty })
  }
}

extension Caption {
  /// A hash of the words, whatever white space parts them.
  fileprivate var fingerprint: UInt64 {
    var hash = XXHash64()
    var letters: [UInt8] = []
    for position in wordRange {
      letters += buffer.bytes[buffer.byteRange(ofWord: position)]
      letters.append(UInt8(ascii: " "))
    }
    hash.update(letters)
    return hash.finalized()
  }
}

extension Sequence where Element: Hashable {
  /// For each element, whether an equal one stands before it.
  var repeatsEarlier: [Bool] {
    var seen: Set<Element> = []
    return map { !seen.insert($0).inserted }
  }
}
