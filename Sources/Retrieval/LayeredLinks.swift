internal import CHNSW
internal import CKernels

/// The links of a graph of neighbours without gaps, in memory as in a file: words of 32 bits in this machine's order.
///
/// | words | are |
/// | --- | --- |
/// | 3 | `mark`, the number of nodes, the number of layers |
/// | nodes | the row of each node: of the one where searches begin, then of those of upper layers, then of the rest |
/// | for each layer, the lowest first | the number n of its nodes, n + 1 places where the links of each begin, the links |
struct LayeredLinks {
  /// "vseg", by which a file is known that was written in the same order of bytes.
  private static let mark: UInt32 = 0x7673_6567
  private static let headerCount = 3

  /// Where the parts of a layer begin.
  private struct Layer {
    var nodes, begins, links: Int
  }

  /// All words.
  let words: [UInt32]
  private let layers: [Layer]

  /// The number of nodes.
  var nodeCount: Int { Int(words[1]) }

  /// Whether the bytes of a graph of so many nodes begin so; files of other machines and of hnswlib's do not.
  static func canBegin(_ bytes: UnsafeRawBufferPointer, nodes: Int) -> Bool {
    guard bytes.count >= 4 * headerCount else { return false }
    return bytes.loadUnaligned(as: UInt32.self) == mark
      && Int(bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)) == nodes
  }

  /// Copies the links out of a graph of CHNSW; nil where there are too many to be counted by words.
  init?(copying graph: OpaquePointer) {
    let heights = (0..<chnsw_count(graph)).map { chnsw_height(graph, UInt32($0)) }
    let entry = heights.isEmpty ? nil : Int(chnsw_entry(graph))
    // The entry is in all layers, so that they stay in order with it at the beginning.
    let order =
      (entry.map { [$0] } ?? [])
      + heights.indices.filter { $0 != entry }.sorted { (heights[$1], $0) < (heights[$0], $1) }
    var places = [UInt32](repeating: 0, count: order.count)
    for (place, node) in order.enumerated() { places[node] = UInt32(place) }

    let layers = heights.max() ?? 0
    let linkCount = order.reduce(0) { sum, node in
      sum + (0..<heights[node]).reduce(0) { $0 + Self.links(of: node, layer: $1, graph).count }
    }
    guard UInt32(exactly: linkCount) != nil else { return nil }
    var words: [UInt32] = []
    words.reserveCapacity(Self.headerCount + order.count + heights.reduce(0, +) + 2 * layers + linkCount)
    words += [Self.mark, UInt32(order.count), UInt32(layers)]
    words += order.map { chnsw_row(graph, UInt32($0)) }
    for layer in 0..<layers {
      let nodes = order.prefix { heights[$0] > layer }
      words += [UInt32(nodes.count), 0]
      var end: UInt32 = 0
      for node in nodes {
        end += UInt32(Self.links(of: node, layer: layer, graph).count)
        words.append(end)
      }
      for node in nodes {
        for link in Self.links(of: node, layer: layer, graph) { words.append(places[Int(link)]) }
      }
    }
    self.init(words, tableRows: .max)
  }

  private static func links(
    of node: Int, layer: Int, _ graph: OpaquePointer
  ) -> UnsafeBufferPointer<UInt32> {
    var start: UnsafePointer<UInt32>?
    let count = chnsw_links(graph, UInt32(node), layer, &start)
    return UnsafeBufferPointer(start: start, count: count)
  }

  /// Takes words from a file; nil where they are no links among so many rows, so that a search never leaves its memory.
  init?(_ words: [UInt32], tableRows: Int) {
    guard words.count >= Self.headerCount, words[0] == Self.mark else { return nil }
    let (nodeCount, layerCount) = (Int(words[1]), Int(words[2]))
    // A search keeps a bit of each number of a node for itself.
    guard nodeCount <= Int(Int32.max), nodeCount == 0 || layerCount > 0 else { return nil }
    var reader = WordReader(words, from: Self.headerCount)
    guard let rows = reader.take(nodeCount), words[rows].allSatisfy({ Int($0) < tableRows }) else {
      return nil
    }
    var layers: [Layer] = []
    var nodesBelow = nodeCount
    for _ in 0..<layerCount {
      guard let head = reader.take(1), case let nodes = Int(words[head.lowerBound]),
        nodes == nodesBelow || (!layers.isEmpty && (1..<max(nodesBelow, 1)).contains(nodes)),
        let begins = reader.take(nodes + 1), words[begins.lowerBound] == 0,
        zip(words[begins], words[begins].dropFirst()).allSatisfy({ $0 <= $1 }),
        let links = reader.take(Int(words[begins.upperBound - 1])),
        words[links].allSatisfy({ Int($0) < nodes })
      else { return nil }
      layers.append(Layer(nodes: nodes, begins: begins.lowerBound, links: links.lowerBound))
      nodesBelow = nodes
    }
    guard reader.isAtEnd else { return nil }
    self.words = words
    self.layers = layers
  }

  /// Calls `body` with the graph as searches take it, valid only within the call.
  func withGraph<Result>(_ body: (UnsafePointer<ck_graph>) -> Result) -> Result {
    words.withUnsafeBufferPointer { words in
      func address(_ place: Int) -> UnsafePointer<UInt32>? { words.baseAddress.map { $0 + place } }
      let layers = layers.map {
        ck_layer(nodes: $0.nodes, begins: address($0.begins), links: address($0.links))
      }
      return layers.withUnsafeBufferPointer { layers in
        var graph = ck_graph(
          rows: address(Self.headerCount), layer_count: layers.count, layers: layers.baseAddress)
        return body(&graph)
      }
    }
  }
}

/// Goes through words from part to part.
private struct WordReader {
  private let end: Int
  private var place: Int

  init(_ words: [UInt32], from place: Int) {
    end = words.count
    self.place = place
  }

  var isAtEnd: Bool { place == end }

  /// The places of the next `count` words; nil where there are not so many.
  mutating func take(_ count: Int) -> Range<Int>? {
    guard count <= end - place else { return nil }
    defer { place += count }
    return place..<place + count
  }
}
