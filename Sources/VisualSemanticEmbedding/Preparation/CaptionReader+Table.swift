extension CaptionReader {
  /// Reads a table with a row for each image and caption, or with several captions in a row.
  ///
  /// The first record is a header when it names both an image and a caption. Without one the first column is the
  /// image, and the others are captions; all records have as many fields as the first, so that a comma in a caption
  /// that is not quoted does not pass for the end of it.
  mutating func readTable(
    _ text: ArraySlice<UInt8>, delimiter: UInt8, path: String, _ tokenization: CaptionTokenization
  ) throws(PreparationError) {
    var table = DelimitedText(text, delimiter: delimiter, file: path)
    guard var record = try table.next() else { return }
    let header = TableHeader(record.fields)
    let columns = header ?? TableHeader(columns: record.fields.count)
    guard columns.count >= 2 else {
      throw .malformed(
        file: path, line: record.line, found: "only one field",
        remedy: "an image and a caption are needed, or --format")
    }
    if header != nil {
      guard let next = try table.next() else { return }
      record = next
    }
    while true {
      try read(record, columns, path: path, tokenization)
      guard let next = try table.next() else { return }
      record = next
    }
  }

  private mutating func read(
    _ record: DelimitedText.Record, _ columns: TableHeader, path: String, _ tokenization: CaptionTokenization
  ) throws(PreparationError) {
    let fields = record.fields
    guard fields.count == columns.count else {
      throw .malformed(
        file: path, line: record.line,
        found: "\(fields.count) fields where the first record has \(columns.count)",
        remedy: "quote (\"…\") a caption that holds what parts the fields")
    }
    let place = "line \(record.line)"
    let image = collection.insert(try name(fields[columns.image], file: path, place: place)).number
    // Where a row may have several captions, a row that has fewer leaves fields empty.
    for column in columns.captions where columns.captions.count == 1 || !fields[column].trimmed.isEmpty {
      collection.add(fields[column][...], to: image, tokenization)
    }
    if let column = columns.split, !fields[column].trimmed.isEmpty {
      let split = String(decoding: fields[column].trimmed, as: UTF8.self)
      guard let known = CaptionCollection.SourceSplit(split) else {
        throw .unknownSplit(file: path, place: place, split: split)
      }
      try collection.assign(known, to: image, restval: restval, place: "\(path), \(place)")
    }
  }
}

/// Which column of a table holds what.
private struct TableHeader {
  let count: Int
  let image: Int
  let captions: [Int]
  let split: Int?

  private static let imageNames: Set = [
    "image", "image_name", "image_file", "image_id", "img", "file", "file_name", "filename", "photo", "name",
    "path",
  ]
  private static let captionNames = ["caption", "comment", "sentence", "text", "description"]

  /// A table without a header.
  init(columns: Int) {
    count = columns
    image = 0
    captions = Array(1..<max(1, columns))
    split = nil
  }

  /// Nil unless there is a column of images and one of captions; `caption_2` and `captions` are ones too.
  init?(_ fields: [[UInt8]]) {
    let names = fields.map { String(decoding: $0.trimmed.map(\.lowercased), as: UTF8.self) }
    let captions = names.indices.filter { Self.isCaption(names[$0]) }
    guard let image = names.firstIndex(where: Self.imageNames.contains), !captions.isEmpty else { return nil }
    count = fields.count
    self.image = image
    self.captions = captions
    split = names.firstIndex(of: "split")
  }

  private static func isCaption(_ name: String) -> Bool {
    captionNames.contains { caption in
      name.hasPrefix(caption) && name.dropFirst(caption.count).allSatisfy { "s_ 0123456789".contains($0) }
    }
  }
}
