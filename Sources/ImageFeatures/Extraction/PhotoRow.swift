/// The features of a photo, and whether all of it was there.
struct PhotoRow: Equatable {
  let features: [Float]
  var truncation: PhotoTruncation?
}

/// What a network gets to see of a photo, and whether all of it was there.
struct PreparedPhoto {
  /// [crops · 3 · S · S]
  let numbers: UnsafeBufferPointer<Float>
  var truncation: PhotoTruncation?
}
