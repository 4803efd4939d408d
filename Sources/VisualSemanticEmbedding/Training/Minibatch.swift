package import Tensors

/// What one update sees: B pairs of an image and a caption.
package struct Minibatch {
  /// The images' features [B, I], a row a pair.
  package var features: Matrix
  /// The captions in the order of the pairs, in parts that are encoded one after another.
  package var captions: [TokenBatch]
  /// The image's number of each pair; nil where they all differ.
  package var images: [Int32]?

  /// Pairs whose captions are encoded in parts.
  package init(features: Matrix, captions: [TokenBatch], images: [Int32]? = nil) {
    precondition(captions.reduce(0) { $0 + $1.batch } == features.rows, "one image a caption")
    precondition(images.map { $0.count == features.rows } ?? true, "one number a pair")
    self.features = features
    self.captions = captions
    self.images = images
  }

  /// Pairs whose captions are encoded at once.
  package init(features: Matrix, tokens: TokenBatch, images: [Int32]? = nil) {
    self.init(features: features, captions: [tokens], images: images)
  }

  /// The rows of each part.
  var ranges: [Range<Int>] {
    var start = 0
    return captions.map { part in
      defer { start += part.batch }
      return start..<start + part.batch
    }
  }
}
