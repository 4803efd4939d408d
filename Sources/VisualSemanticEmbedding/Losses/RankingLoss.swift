public import Tensors

/// Which contrastive terms a ranking loss counts.
public enum RankingLoss: String, Codable, Sendable, CaseIterable {
  /// All other pairs of the minibatch (Kiros et al. 2014, equation 6).
  case sum
  /// The hardest other of each row and of each column (VSE++, Faghri et al. 2018, equation 6).
  case max
}

/// The contrastive terms that count at one moment of training.
public enum ContrastiveTerms: Sendable, Equatable {
  case all
  /// The largest terms of each row and of each column, so many of each.
  case hardest(Int)
}

/// The pairwise ranking loss over a minibatch, and its gradient.
///
/// Σ_{i≠j} max(0, α − S_ii + S_ij) + max(0, α − S_jj + S_ij) over the terms that count: the first kind is
/// chosen among the others of a row, the second among the others of a column.
/// - Parameters:
///   - scores: S [B, B], images by sentences.
///   - margin: α.
///   - gradient: receives dL/dS [B, B].
/// - Returns: the sum (not the mean) of the terms.
public func pairwiseRankingLoss(
  scores: Matrix, margin: Float, terms: ContrastiveTerms, gradient: Matrix
) -> Double {
  switch terms {
  case .hardest(let count) where count < scores.rows - 1:
    PairwiseHinges.hardest(max(count, 1), scores: scores, margin: margin, gradient: gradient)
  case .all, .hardest:
    PairwiseHinges.sum(scores: scores, margin: margin, gradient: gradient)
  }
}
