package import Tensors

extension TokenScheme {
  /// Captions in which each word became the unknown word with probability `rate`, in 0 ..< 1.
  ///
  /// What wraps a caption stays, and so does its length (Iyyer et al. 2015, "Deep Unordered Composition Rivals
  /// Syntactic Methods for Text Classification", leave words out). At a rate of 0 nothing is drawn.
  package func droppingWords(
    of captions: [ArraySlice<Int32>], rate: Float, using generator: inout SeededRandomNumberGenerator
  ) -> [ArraySlice<Int32>] {
    guard rate > 0 else { return captions }
    return captions.map { caption in
      caption.map { $0 >= firstWord && generator.uniform() < rate ? unknown : $0 }[...]
    }
  }
}
