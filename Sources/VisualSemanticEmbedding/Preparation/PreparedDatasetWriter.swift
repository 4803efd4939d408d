internal import DataFormats
internal import Tensors

/// Writes the files of a dataset's splits; see `Dataset` for the layout.
struct PreparedDatasetWriter {
  /// The folder and the beginning of the files' names.
  let base: String
  let collection: CaptionCollection
  let table: FeatureTable
  let rows: FeatureRows
  let normalizes: Bool

  private static let blockByteCount = 8 << 20

  /// The files that a dataset may consist of.
  static func isPart(_ name: String) -> Bool {
    Dataset.Split.allCases.contains { split in
      ["caps.txt", "ims.npy", "ids.txt", "images.txt"].contains { ending in
        name == "\(split.rawValue)_\(ending)" || name.hasSuffix("_\(split.rawValue)_\(ending)")
      }
    }
  }

  /// Writes a split: the captions of one image after another, the rows of features, and the names.
  ///
  /// `NAME_images.txt` has an image a line. `NAME_ids.txt` has the image of each caption, and is left out only where
  /// counting the captions tells it.
  /// - Parameters:
  ///   - images: numbers of the collection, and the row of features of each.
  ///   - progress: told how many rows of this split are done.
  func write(
    _ split: Dataset.Split, images: [(number: Int, row: Int)], progress: (Int) throws -> Void
  ) throws {
    let start = base + split.rawValue
    let counts = images.map { collection.images[$0.number].captions.count }
    try writeText(start + "_caps.txt", images) { image in image.captions }
    try writeText(start + "_images.txt", images) { image in [image.name.bytes] }
    if rows == .caption || !isEven(counts) {
      try writeText(start + "_ids.txt", images) { image in
        Array(repeating: image.name.bytes, count: image.captions.count)
      }
    }
    let tableRows =
      switch rows {
      case .image: images.map(\.row)
      case .caption: zip(images, counts).flatMap { Array(repeating: $0.row, count: $1) }
      }
    try writeFeatures(start + "_ims.npy", tableRows, progress: progress)
  }

  /// Whether counting the rows tells which captions are an image's. With one for each it does not: equal rows that
  /// are neighbours would be taken for one image.
  private func isEven(_ counts: [Int]) -> Bool {
    guard let first = counts.first else { return true }
    return first > 1 && counts.allSatisfy { $0 == first }
  }

  private func writeText(
    _ path: String, _ images: [(number: Int, row: Int)],
    lines: (CaptionCollection.Image) -> [[UInt8]]
  ) throws(FileError) {
    let file = try ReplacingFile(path: path)
    var block: [UInt8] = []
    for (number, _) in images {
      for line in lines(collection.images[number]) {
        block += line
        block.append(.lineFeed)
      }
      if block.count >= 1 << 20 {
        try file.write(block)
        block.removeAll(keepingCapacity: true)
      }
    }
    try file.write(block)
    try file.commit()
  }

  private func writeFeatures(_ path: String, _ rows: [Int], progress: (Int) throws -> Void) throws {
    let columns = table.columnCount
    let writer = try NumpyRowWriter(path: path, rowCount: rows.count, columnCount: columns)
    let rowsPerBlock = max(1, Self.blockByteCount / MemoryLayout<Float>.stride / columns)
    let scratch = ScratchMatrix()
    for start in stride(from: 0, to: rows.count, by: rowsPerBlock) {
      let end = min(start + rowsPerBlock, rows.count)
      let block = scratch.matrix(rows: end - start, columns: columns)
      try table.gather(rows[start..<end], into: block)
      if normalizes { block.normalizeRows() }
      try block.withUnsafeMutableElements { try writer.append(UnsafeBufferPointer($0)) }
      try progress(end)
    }
    try writer.finish()
  }
}
