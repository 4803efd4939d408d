/// The tokens of a minibatch of captions of one length: T tokens of B captions, time-major.
///
/// Words repeat within a minibatch (a third of its tokens are distinct in Flickr8k), so the products of the
/// input side run over the distinct words only.
public struct TokenBatch: Sendable {
  /// B, the number of captions.
  public let batch: Int
  /// T, the number of tokens of each.
  public let time: Int
  /// The distinct tokens, in the order of their first occurrence.
  let distinct: [Int32]
  /// The place in `distinct` of the token at time t of caption b, at index t · B + b.
  let positions: [Int32]

  /// A minibatch of captions of one length.
  /// - Parameters:
  ///   - captions: B token sequences of the same length T ≥ 1, every token in 0..<vocabulary.
  ///   - vocabulary: V, the number of tokens that there are.
  public init(captions: [ArraySlice<Int32>], vocabulary: Int) {
    let time = captions.first?.count ?? 0
    precondition(captions.allSatisfy { $0.count == time }, "captions of one minibatch have one length")
    precondition(captions.isEmpty || time > 0, "a caption has at least one token")
    var place = [Int32](repeating: -1, count: vocabulary)
    var distinct: [Int32] = []
    var positions: [Int32] = []
    positions.reserveCapacity(captions.count * time)
    for t in 0..<time {
      for caption in captions {
        let token = Int(caption[caption.startIndex + t])
        if place[token] < 0 {
          place[token] = Int32(distinct.count)
          distinct.append(Int32(token))
        }
        positions.append(place[token])
      }
    }
    self.batch = captions.count
    self.time = time
    self.distinct = distinct
    self.positions = positions
  }

  /// Rows to reserve for the distinct words: a multiple of 64, so that the products of an epoch come in few
  /// shapes (oneDNN compiles code for each).
  var paddedDistinctCount: Int { (distinct.count + 63) & ~63 }
}
