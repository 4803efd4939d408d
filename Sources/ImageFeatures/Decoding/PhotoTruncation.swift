/// What becomes of a JPEG that is cut short, as by a copy that broke off.
public enum TruncatedPhotos: String, Codable, Sendable, CaseIterable {
  /// It cannot be read: a row of features does not show that part of its photo was grey.
  case refuse
  /// It is read as long as half of its rows are there; the others are grey, as in the original.
  case accept
}

/// That a photo's file is cut short, and how much of the photo is there.
public struct PhotoTruncation: Sendable, Hashable, CustomStringConvertible {
  /// The share of the rows that are there, ½ to 1. All of them where only the end of the last rows or the details
  /// of a progressive JPEG are missing.
  public let shareThere: Float

  init(shareThere: Float) { self.shareThere = shareThere }

  /// What is missing, in a few words.
  public var description: String {
    shareThere < 1
      ? "cut short: \(Int((100 * shareThere).rounded(.down)))% of its rows are there"
      : "cut short: all of its rows are there, though not all of them whole"
  }
}
