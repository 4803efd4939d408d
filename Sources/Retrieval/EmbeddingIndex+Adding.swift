internal import DataFormats
internal import Tensors
public import VisualSemanticEmbedding

/// What adding to an index did.
public struct AddingReport: Sendable, Equatable {
  /// Items that were not there.
  public var added = 0
  /// Items that were there with other content or metadata.
  public var replaced = 0
  /// Items that were there as they are.
  public var unchanged = 0
  /// Captions without a word, which are left out.
  public var emptyCaptions = 0
  /// Words of the captions that were encoded which the model does not know.
  public var unknownWords = 0
  /// Photos that could not be used, and why.
  public var failures: [Failure] = []

  /// A photo that could not be used.
  public struct Failure: Sendable, Equatable {
    /// Its name or path, as it was given.
    public var name: String
    /// One line that says why.
    public var reason: String
  }

  /// Nothing done yet.
  public init() {}
}

/// What is said about items beside their content: a group and metadata for each, or none.
public struct ItemLabels: Sendable, Equatable {
  /// The group of each item, or of all when there is one; empty for none.
  public var groups: [String]
  /// The metadata of each item, a JSON object; empty for none.
  public var metadata: [String]

  /// Nothing, unless told otherwise.
  public init(groups: [String] = [], metadata: [String] = []) {
    self.groups = groups
    self.metadata = metadata
  }

  func group(_ index: Int) -> String { groups.count == 1 ? groups[0] : groups.isEmpty ? "" : groups[index] }
  func metadata(_ index: Int) -> String { metadata.isEmpty ? "{}" : metadata[index] }

  /// Throws for what would make the catalogue useless: SQLite's text ends at a zero, and one text that is no JSON fails
  /// every search with a condition.
  func check(count: Int) throws(IndexError) {
    precondition(groups.count <= 1 || groups.count == count, "a group for each item")
    precondition(metadata.isEmpty || metadata.count == count, "metadata for each item")
    if let place = groups.firstIndex(where: { $0.utf8.contains(0) }) {
      throw .notText(file: "the groups", line: place + 1)
    }
    let bad = metadata.firstIndex { text in
      guard text != "{}" else { return false }
      if case .object = JSONValue(text: text), !text.utf8.contains(0) { return false }
      return true
    }
    if let bad { throw .badMetadata(file: "the metadata", line: bad + 1) }
  }
}

/// Names of photos, each of which is one item of an index.
package enum ItemNames {
  /// Throws for a name with a zero, at which SQLite's text ends, and for one that is there twice: one of the two photos
  /// would take the other's place.
  package static func check(_ names: [String], file: String) throws(IndexError) {
    // Bytes, not Characters: two spellings of "é" are two names to SQLite.
    var lines: [[UInt8]: Int] = [:]
    for (place, name) in names.enumerated() {
      let bytes = Array(name.utf8)
      guard !bytes.contains(0) else { throw .notText(file: file, line: place + 1) }
      if let first = lines.updateValue(place, forKey: bytes) {
        throw .nameTwice(file: file, name: name, lines: [first + 1, place + 1])
      }
    }
  }
}

extension EmbeddingIndex {
  /// How many items are encoded, written and committed at a time.
  private static let itemsPerBlock = 4096
  private static let photosPerBlock = 64

  /// Adds captions: those with words that are not there with the same group.
  ///
  /// Blocks of them are committed as they are done, so that after an interruption the same call goes on.
  /// - Parameters:
  ///   - captions: a caption a line.
  ///   - labels: their groups and metadata.
  ///   - progress: told how many captions are done; what it throws stops the work, and what is done stays.
  ///   - waiting: called when another process is adding.
  /// - Throws: `IndexError.notText` for bytes that are no UTF-8, or zero: the catalogue keeps text, in which two such
  ///   captions could become one.
  public func add(
    captions: CaptionFile, labels: ItemLabels = ItemLabels(), progress: (Int) throws -> Void = { _ in },
    waiting: () throws -> Void = {}
  ) throws -> AddingReport {
    try labels.check(count: captions.count)
    let model = try model()
    let tokens = TokenizedCaptions(captions, vocabulary: model.vocabulary)
    var report = AddingReport()
    report.emptyCaptions = tokens.emptyCount
    let rows = tokens.includedRows
    for row in rows where !captions[row].isText {
      throw IndexError.notText(file: captions.path, line: row + 1)
    }
    try add(
      count: rows.count, blockSize: Self.itemsPerBlock, report: &report, waiting: waiting, progress: progress
    ) { place, _ in
      let text = captions[rows[place]]
      let bytes = Array(text.map(\.bytes).joined(separator: [0x20]))
      return NewItem(
        kind: .caption, name: String(decoding: bytes, as: UTF8.self), group: labels.group(rows[place]),
        metadata: labels.metadata(rows[place]),
        isFile: false, content: Checksum.of(bytes))
    } vectors: { places, report in
      for place in places {
        report.unknownWords += tokens[rows[place]].count { $0 == model.vocabulary.scheme.unknown }
      }
      return (model.network.encode(tokens, rows: places.map { rows[$0] }) { _ in }, places)
    }
    return report
  }

  /// Adds images by the rows of their features, each under its name.
  ///
  /// - Throws: `IndexError.nameTwice`, `IndexError.notText` for names, with their places, from 1 on.
  public func add(
    features: FeatureTable, names: [String], labels: ItemLabels = ItemLabels(),
    progress: (Int) throws -> Void = { _ in },
    waiting: () throws -> Void = {}
  ) throws -> AddingReport {
    precondition(names.count == features.rowCount, "a name for each row")
    try labels.check(count: names.count)
    try ItemNames.check(names, file: "the names")
    let model = try model()
    guard features.columnCount == model.configuration.imageDim else {
      throw IndexError.wrongWidth(
        path: features.path, found: features.columnCount, expected: model.configuration.imageDim)
    }
    var report = AddingReport()
    let row = Matrix(rows: 1, columns: features.columnCount)
    try add(
      count: names.count, blockSize: Self.itemsPerBlock, report: &report, waiting: waiting, progress: progress
    ) { index, _ in
      let content = try row.withUnsafeMutableElements { elements in
        try features.gather(rows: [index], into: elements)
        return Checksum.of(UnsafeRawBufferPointer(elements))
      }
      return NewItem(
        kind: .photo, name: names[index], group: labels.group(index), metadata: labels.metadata(index),
        isFile: false, content: content)
    } vectors: { places, _ in
      (try model.network.encode(features, rows: places), places)
    }
    return report
  }

  /// Adds photos by their paths, which are kept from the root on, so that a photo is one item wherever it is named from;
  /// those that cannot be read or decoded are reported and left out.
  public func add(
    photos: [String], embedder: any ImageEmbedder, labels: ItemLabels = ItemLabels(),
    progress: (Int) throws -> Void = { _ in },
    waiting: () throws -> Void = {}
  ) throws -> AddingReport {
    try labels.check(count: photos.count)
    let model = try model()
    guard embedder.featureCount == model.configuration.imageDim else {
      throw IndexError.wrongWidth(
        path: "the network", found: embedder.featureCount, expected: model.configuration.imageDim)
    }
    var report = AddingReport()
    try add(
      count: photos.count, blockSize: Self.photosPerBlock, report: &report, waiting: waiting,
      progress: progress
    ) { index, report in
      // What lists items, a line each, could not name it.
      guard !photos[index].utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
        report.failures.append(.init(name: photos[index], reason: "its name has several lines; rename it"))
        return nil
      }
      do {
        let content = try MappedFile(path: photos[index]).withBytes { Checksum.of($0) }
        return NewItem(
          kind: .photo, name: FilePath.absolute(photos[index]), group: labels.group(index),
          metadata: labels.metadata(index),
          isFile: true, content: content)
      } catch {
        report.failures.append(.init(name: photos[index], reason: "\(error)"))
        return nil
      }
    } vectors: { places, report in
      var features: [Float] = []
      var encoded: [Int] = []
      for (place, result) in zip(places, embedder.features(ofPhotos: places.map { photos[$0] })) {
        switch result {
        case .success(let row) where row.count == model.configuration.imageDim && row.allSatisfy(\.isFinite):
          features += row
          encoded.append(place)
        case .success:
          report.failures.append(
            .init(name: photos[place], reason: "its features are not finite, or too few"))
        case .failure(let error): report.failures.append(.init(name: photos[place], reason: "\(error)"))
        }
      }
      guard !encoded.isEmpty else { return (Matrix(rows: 0, columns: model.configuration.dim), []) }
      let matrix = Matrix(rows: encoded.count, columns: model.configuration.imageDim, values: features)
      return (model.network.imageVectors(matrix).copy(), encoded)
    }
    return report
  }

  /// Adds items block by block: looks up what is there, makes the vectors that are needed, writes them, commits.
  ///
  /// - Parameter item: the item at a place, or nil where it is left out.
  /// - Parameter vectors: the vectors of the items at places, and at which of them there are any.
  private func add(
    count: Int, blockSize: Int, report: inout AddingReport, waiting: () throws -> Void,
    progress: (Int) throws -> Void,
    item: (Int, inout AddingReport) throws -> NewItem?,
    vectors: ([Int], inout AddingReport) throws -> (Matrix, [Int])
  ) throws {
    let lock = try lock(waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    let state = try state()
    folder.removeLeftovers(generation: state.generation)
    let writer = try VectorFileWriter(
      appendingTo: folder.vectors(generation: state.generation), header: state.header,
      committed: state.committedRows, index: path)
    var start = 0
    while start < count {
      var block = AdditionBlock()
      var next = start
      while next < count, next - start < blockSize {
        if let new = try item(next, &report) {
          let outcome = block.append(new, at: next)
          // Another item of the same name: its turn comes when the first is committed.
          if outcome == .another { break }
          if outcome == .repeated { report.unchanged += 1 }
        }
        next += 1
      }
      try commit(block, writer: writer, report: &report, vectors: vectors)
      start = next
      try progress(start)
    }
  }

  private func commit(
    _ block: AdditionBlock, writer: VectorFileWriter, report: inout AddingReport,
    vectors: ([Int], inout AddingReport) throws -> (Matrix, [Int])
  ) throws {
    let known = try catalogue.read { database in try block.items.map { try catalogue.find($0, database) } }
    let changed = block.items.indices.filter { known[$0]?.content != block.items[$0].content }
    let (made, places) =
      changed.isEmpty
      ? (Matrix(rows: 0, columns: 0), []) : try vectors(changed.map { block.places[$0] }, &report)
    let firstRow = writer.rowCount
    var checksums: [Int64] = []
    if made.rows > 0 {
      if let row = made.firstNonFiniteRow {
        throw IndexError.notFinite(name: block.items[block.index(ofPlace: places[row])].name)
      }
      let rows = Operand(rows: made.rows, columns: made.columns, precision: writer.precision)
      rows.assign(made)
      try writer.append(rows)
      try writer.synchronize()
      checksums = (0..<rows.rows).map { row in rows.withRowBytes(row) { Checksum.of($0) } }
    }
    var counts = (added: 0, replaced: 0, unchanged: 0)
    try catalogue.write { database in
      for (number, place) in places.enumerated() {
        let index = block.index(ofPlace: place)
        try catalogue.put(
          block.items[index], id: known[index]?.id, row: firstRow + number, checksum: checksums[number],
          database)
        if known[index] == nil { counts.added += 1 } else { counts.replaced += 1 }
      }
      for index in block.items.indices {
        guard let there = known[index], there.content == block.items[index].content else { continue }
        if there.metadata == block.items[index].metadata && there.group == block.items[index].group {
          counts.unchanged += 1
        } else {
          try catalogue.put(
            block.items[index], id: there.id, row: there.row, checksum: there.checksum, database)
          counts.replaced += 1
        }
      }
      guard counts.added + counts.replaced > 0, var state = try catalogue.state(database) else { return }
      state.committedRows = writer.rowCount
      try state.update(database)
    }
    report.added += counts.added
    report.replaced += counts.replaced
    report.unchanged += counts.unchanged
  }
}

/// Items that are committed together, no two of one name.
private struct AdditionBlock {
  private(set) var items: [NewItem] = []
  /// Where each item stands in the input.
  private(set) var places: [Int] = []
  /// Where the item of each name stands in `items`.
  private var names: [[UInt8]: Int] = [:]
  private var indices: [Int: Int] = [:]

  enum Outcome {
    /// It was added.
    case added
    /// The very same is there already.
    case repeated
    /// One of its name is there, with other content or labels.
    case another
  }

  /// Adds an item unless one of its name is there already.
  mutating func append(_ item: NewItem, at place: Int) -> Outcome {
    // Bytes, not Characters: two spellings of "é" are two names to SQLite.
    let group = item.kind == .caption ? item.group : ""
    let name = Array(item.name.utf8) + [0] + Array(group.utf8)
    if let known = names[name] { return items[known] == item ? .repeated : .another }
    names[name] = items.count
    indices[place] = items.count
    items.append(item)
    places.append(place)
    return .added
  }

  func index(ofPlace place: Int) -> Int { indices[place] ?? 0 }
}

extension Caption {
  /// Whether it is UTF-8 without zeros.
  fileprivate var isText: Bool {
    allSatisfy { word in !word.bytes.contains(0) && String(validating: word.bytes, as: UTF8.self) != nil }
  }
}
