import ArgumentParser
import DataFormats
import Foundation
import Retrieval
import Tensors
import VisualSemanticEmbedding

struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find photos or captions by a sentence, an image, an item, or a sum of them.",
    discussion: """
      The parts of a query are scaled to unit length, weighted, added and scaled again; what is nearest to the sum by \
      its cosine is found. Without --kind photos are searched, or captions where there are no photos. For example:
        vse search photos.index "a dog on a beach"
        vse search photos.index "at night" --image car.jpg --network vgg19 --weights vgg19.pkl
        vse search photos.index --like beach.jpg --minus day --plus night -k 5
        vse search photos.index "two children" --where year=2014 --json
        vse search photos.index "a dog on a beach" --hubness csls

      Every hit has its score, row and name. For a sentence, a note says when the best hit scores no higher than \
      most sentences of random words do: then nothing may fit.

      With --hubness photos are lowered by how near they are to the captions of the index, and captions by how near \
      they are to its photos (of more than 10,000, as many, drawn evenly); hits are ordered by these scores. All items \
      are looked at then, however many there are.
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  @OptionGroup var parts: QueryArguments

  @OptionGroup var items: FilterArguments

  @Option(name: .customShort("k"), help: ArgumentHelp("Find so many.", valueName: "count"))
  var count = 10

  @Option(parsing: .unconditional, help: ArgumentHelp("Leave out what scores lower.", valueName: "score"))
  var threshold: Float?

  @Flag(help: "Order what is found by how near it is to its mean, which pushes outliers down.")
  var rerank = false

  @OptionGroup var hubness: HubnessArguments

  @Flag(help: "Look at all items, however many there are.")
  var exact = false

  @Option(
    help: ArgumentHelp("The model, where it is not where it was when the index was made.", valueName: "file"),
    completion: .file(extensions: ["safetensors", "npz"]))
  var model: String?

  @Flag(help: "Print JSON, with the vectors of the query and of what is found.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if count < 1 { throw ValidationError("-k must be 1 or more") }
    if threshold?.isFinite == false { throw ValidationError("--threshold must be a finite number") }
  }

  func run() throws { try search() }

  /// Shows what is found, and returns it.
  @discardableResult func search() throws -> SearchResult {
    let precision = compute.apply()
    let index = try EmbeddingIndex(
      path: index, model: try model.map { try ModelFile.read($0, precision: precision) }, modelPath: model)
    index.imageEmbedder = try parts.photoFeatures.embedder(
      precision: precision, threads: compute.threadCount)
    let query = try index.prepare(try parts.query(in: index))
    var filter = items.filter
    if filter.kind == nil { filter.kind = try index.defaultKind() }
    var options = SearchOptions(
      count: count, filter: filter, threshold: threshold, reranksByMean: rerank,
      method: exact ? .exact : .automatic, hubness: hubness.correction)
    options.includesVectors = json
    let result = try index.search(query, options: options)
    Self.note(result)
    if json {
      try printJSONLine(SearchOutput(result))
    } else {
      for hit in result.hits { print(hit.line) }
    }
    return result
  }

  /// What a reader of the hits should know, on standard error.
  static func note(_ result: SearchResult) {
    if !result.query.unknownWords.isEmpty {
      Terminal.note(
        "words that the model does not know: "
          + result.query.unknownWords.map { $0.shown(limit: 40) }.joined(separator: ", ")
          + " (captions of vse prepare are in lower case, with punctuation apart)")
    }
    if let hubness = result.hubness, result.candidates > 0 { Terminal.note(hubness.line) }
    if result.hasDamagedGraph {
      Terminal.note(
        "the graph of approximate searches is damaged or gone; all items were looked at: see vse index verify"
      )
    }
    if result.damagedItems > 0 {
      Terminal.note("left out: \(counted(result.damagedItems, "damaged item")); see vse index verify")
    }
    if result.candidates == 0 {
      Terminal.note("there is nothing to choose from")
    } else if result.hits.isEmpty {
      Terminal.note("nothing scores as high as the threshold; the best of all has \(result.bestScore ?? 0)")
    } else if result.fitsNothing {
      Terminal.note(
        "maybe nothing fits: \(Int((100 * result.chance).rounded()))% of sentences of random words score as high"
      )
    }
  }
}

extension SearchHit {
  /// The score, the row and what was found.
  var line: String {
    String(format: "%7.4f  row %-7d ", score, item.row) + item.described
  }
}

/// A search result as JSON.
struct SearchOutput: Encodable {
  struct Query: Encodable {
    let vector: [Float]
    let unknownWords: [String]
  }

  let query: Query
  let hits: [ItemOutput]
  let candidates: Int
  let approximate: Bool
  let hubness: HubnessRecord?
  let damagedItems: Int
  let meanScore, scoreDeviation: Double
  let chance: Double
  let fitsNothing: Bool

  init(_ result: SearchResult) {
    query = Query(vector: result.query.vector, unknownWords: result.query.unknownWords)
    hits = result.hits.map {
      ItemOutput(
        $0.item, score: $0.score, cosine: result.hubness == nil ? nil : $0.cosine, vector: $0.vector)
    }
    candidates = result.candidates
    approximate = result.isApproximate
    hubness = result.hubness.map { HubnessRecord($0) }
    damagedItems = result.damagedItems
    meanScore = result.moments.mean
    scoreDeviation = result.moments.deviation
    chance = result.chance
    fitsNothing = result.fitsNothing
  }
}
