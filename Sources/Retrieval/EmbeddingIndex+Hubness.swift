internal import DataFormats
internal import Tensors
public import VisualSemanticEmbedding

/// How the scores of a search were corrected for hubness, and what items were measured on.
public struct SearchCorrection: Sendable, Equatable {
  /// The correction.
  public var correction: HubnessCorrection
  /// How many captions of the index the photos among the answers were measured on.
  public var captions = 0
  /// How many photos of the index the captions among the answers were measured on.
  public var photos = 0

  /// What was looked at beside the two vectors of a score, in a few words.
  public var looksAt: String {
    let references = [(captions, "caption"), (photos, "photo")].filter { $0.0 > 0 }
    return correction.looksAt(
      among: references.isEmpty
        ? "no items of the index"
        : references.map { counted($0.0, $0.1) }.joined(separator: " and ") + " of the index")
  }
}

/// What scores are lowered by.
struct SearchOffsets {
  var correction: SearchCorrection
  /// A number for each row of the vector file.
  var ofRows: [Float]
}

extension EmbeddingIndex {
  /// So many items of the other kind are looked at at most: of more, so many that are drawn evenly in the order of
  /// their rows, so that an index of 200,000 photos is measured in seconds.
  private static let referenceLimit = 10_000
  /// Items that are measured at a time.
  private static let blockRows = 4096

  /// What the scores of items of a kind, or of all, are lowered by: see `HubnessOffsets`.
  ///
  /// The natural queries for photos are sentences, and for captions photos: items of the index of the other kind
  /// stand for the queries that nobody has asked yet. The offsets are kept in memory for as long as the index does not
  /// change, those of the last correction alone.
  /// - Throws: `IndexError.noReferences`.
  /// - Complexity: 2 · items · references · D operations, the first time.
  func offsets(
    _ correction: HubnessCorrection, kind: IndexItem.Kind?, snapshot: IndexSnapshot
  ) throws -> SearchOffsets {
    if let known = snapshot.offsets[kind], known.correction.correction == correction { return known }
    snapshot.verify()
    var offsets = SearchOffsets(
      correction: SearchCorrection(correction: correction),
      ofRows: [Float](repeating: 0, count: snapshot.table.rows.rows))
    for kind in kind.map({ [$0] }) ?? IndexItem.Kind.allCases where snapshot.count(kind) > 0 {
      let references = snapshot.references(for: kind, limit: Self.referenceLimit)
      guard references.rows > 0 else { throw IndexError.noReferences(index: path, of: kind) }
      switch kind {
      case .photo: offsets.correction.captions = references.rows
      case .caption: offsets.correction.photos = references.rows
      }
      let selection = snapshot.selection(kind)
      for start in stride(from: 0, to: selection.count, by: Self.blockRows) {
        let rows = (start..<min(start + Self.blockRows, selection.count)).map(selection.row(at:))
        // Only one side of these is of use; which of the two is called images makes no difference.
        let measured = try HubnessOffsets(correction, images: snapshot.vectors(rows), captions: references)
        for (row, offset) in zip(rows, measured.images) { offsets.ofRows[row] = offset }
      }
    }
    snapshot.offsets[kind] = offsets
    return offsets
  }
}

extension IndexSnapshot {
  /// The vectors of rows, [rows, D].
  func vectors(_ rows: [Int]) -> Matrix {
    let gathered = Operand(rows: rows.count, columns: state.dim, precision: state.precision)
    table.rows.gatherRows(rows.map { Int32($0) }, into: gathered)
    return gathered.float32Copy()
  }

  /// Vectors of items of the other kind, `limit` at most, which are drawn evenly.
  func references(for kind: IndexItem.Kind, limit: Int) -> Matrix {
    vectors(selection(kind == .photo ? .caption : .photo).drawnEvenly(limit).rowNumbers)
  }
}
