extension TrainingOptions {
  /// The loss; what it learns itself is added to the layout.
  package func objective(layout: inout ParameterLayout) -> TrainingObjective {
    switch loss {
    case .sum, .max:
      .hinges(margin: margin, excludesSameImage: excludesSameImage)
    case .infoNCE:
      // CLIP's temperature (Radford et al. 2021, section 2.5).
      .infoNCE(scale: initialScale ?? 1 / 0.07, excludesSameImage: excludesSameImage, layout: &layout)
    case .sigmoid:
      // SigLIP's scale and bias (Zhai et al. 2023, section 3.2).
      .sigmoid(
        scale: initialScale ?? 10, bias: initialBias, excludesSameImage: excludesSameImage, layout: &layout)
    }
  }

  /// The size of a minibatch.
  var minibatchSize: MinibatchSize {
    batchTokens > 0
      ? .tokens(batchTokens, wrapping: tokenScheme.wrappingTokenCount) : .captions(batchSize)
  }

  /// The minibatches of captions with the given numbers of words; those with none are left out.
  func minibatches(lengths: [Int32]) -> any MinibatchOrder {
    switch batching {
    case .equalLength: EqualLengthMinibatches(lengths: lengths, size: minibatchSize)
    case .mixed: MixedMinibatches(lengths: lengths, size: minibatchSize)
    }
  }
}
