public import Tensors

/// What training minimises over the pairs of a minibatch.
public enum RankingLoss: String, Codable, Sendable, CaseIterable {
  /// The hinges of all negatives (Kiros et al. 2014, equation 6).
  case sum
  /// The hinges of the hardest negative of each row and of each column (VSE++, Faghri et al. 2018, equation 6).
  case max
  /// The cross-entropy of softmaxes over rows and columns with a learned temperature (InfoNCE, van den Oord et
  /// al. 2018; in this form CLIP, Radford et al. 2021).
  case infoNCE = "infonce"
  /// A logistic loss of each pair with a learned temperature and bias (SigLIP, Zhai et al. 2023).
  case sigmoid

  /// Whether the loss is of hinges, with a margin.
  public var hasMargin: Bool { self == .sum || self == .max }

  /// Whether the loss learns a scale of the scores, which must be cosines.
  public var learnsScale: Bool { !hasMargin }
}

/// The contrastive terms that count at one moment of training.
public enum ContrastiveTerms: Sendable, Equatable {
  /// All of them.
  case all
  /// The largest terms of each row and of each column, so many of each.
  case hardest(Int)
}

/// The pairwise ranking loss over a minibatch, and its gradient.
///
/// Σ max(0, α − S_ii + S_ij) + max(0, α − S_jj + S_ij) over the terms that count: the first kind is chosen
/// among the negatives of a row, the second among those of a column.
/// - Parameters:
///   - scores: S [B, B], images by sentences.
///   - groups: of each pair; pairs of one group are not each other's negatives. All others are.
///   - margin: α.
///   - terms: those that count.
///   - gradient: receives dL/dS [B, B].
/// - Returns: the sum (not the mean) of the terms.
public func pairwiseRankingLoss(
  scores: Matrix, groups: PairGroups, margin: Float, terms: ContrastiveTerms, gradient: Matrix
) -> Double {
  switch terms {
  case .hardest(let count) where count < scores.rows - 1:
    PairwiseHinges.hardest(
      max(count, 1), scores: scores, groups: groups, margin: margin, gradient: gradient)
  case .all, .hardest:
    PairwiseHinges.sum(scores: scores, groups: groups, margin: margin, gradient: gradient)
  }
}

/// InfoNCE over a minibatch both ways, and its gradients (CLIP, Radford et al. 2021, figure 3).
///
/// ½ the mean over rows of −ln softmax(s · S_i·)_i and ½ the mean over columns of −ln softmax(s · S_·j)_j, each
/// softmax over the pair itself and its negatives.
/// - Parameters:
///   - scores: S [B, B], cosines of images by sentences.
///   - groups: of each pair; pairs of one group are not each other's negatives. All others are.
///   - scale: s > 0, the inverse of the temperature.
///   - gradient: receives dL/dS [B, B].
/// - Returns: the cost, and dL/ds.
public func infoNCELoss(
  scores: Matrix, groups: PairGroups, scale: Float, gradient: Matrix
) -> (cost: Double, scaleGradient: Double) {
  SymmetricSoftmax.crossEntropy(scores: scores, groups: groups, scale: scale, gradient: gradient)
}

/// The sigmoid loss over a minibatch, and its gradients (SigLIP, Zhai et al. 2023, algorithm 1,
/// arXiv:2303.15343).
///
/// −1/B Σ ln σ(z_ij (s · S_ij + b)) with z = 1 for the pairs themselves and −1 for negatives.
/// - Parameters:
///   - scores: S [B, B], cosines of images by sentences.
///   - groups: of each pair; pairs of one group are not each other's negatives. All others are.
///   - scale: s > 0, the inverse of the temperature.
///   - bias: b.
///   - gradient: receives dL/dS [B, B].
/// - Returns: the cost, dL/ds and dL/db.
public func sigmoidLoss(
  scores: Matrix, groups: PairGroups, scale: Float, bias: Float, gradient: Matrix
) -> (cost: Double, scaleGradient: Double, biasGradient: Double) {
  PairwiseSigmoid.crossEntropy(
    scores: scores, groups: groups, scale: scale, bias: bias, gradient: gradient)
}
