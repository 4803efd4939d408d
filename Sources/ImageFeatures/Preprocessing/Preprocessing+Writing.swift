internal import CImaging

extension Preprocessing {
  /// Writes what a network sees of a photo: a row [3, S, S] for each of the crops, to the beginning of `output`.
  ///
  /// - Precondition: `output` has room for `crops.count · inputSize` numbers.
  public func write(
    _ photo: borrowing Photo, crops: Crops = .centre, path: String,
    to output: UnsafeMutableBufferPointer<Float>
  ) throws(PhotoError) {
    let squares = crops.squares
    precondition(output.count >= squares.count * inputSize, "too little room for the crops of a photo")
    guard let start = output.baseAddress else { return }
    for (index, square) in squares.enumerated() {
      var described = describe(square, fullWidth: photo.fullWidth, fullHeight: photo.fullHeight)
      var picture = photo.picture
      let status = cimaging_resample(&picture, &described, start + index * inputSize)
      guard status == CIMAGING_OK else { throw .outOfMemory(path: path) }
    }
  }

  /// A square in the terms of `cimaging_resample`.
  private func describe(_ square: Crops.Square, fullWidth: Int, fullHeight: Int) -> cimaging_square {
    let size = resizedSize(width: fullWidth, height: fullHeight)
    let origin = origin(of: square.place, width: size.width, height: size.height)
    let scale = SIMD3<Float>(repeating: 1) / deviation
    return cimaging_square(
      resized_width: size.width, resized_height: size.height, left: origin.left, top: origin.top,
      side: cropSize, antialiased: isAntialiased, mirrored: square.isMirrored,
      blue_first: channelOrder == .bgr, mean: (mean.x, mean.y, mean.z), scale: (scale.x, scale.y, scale.z))
  }
}
