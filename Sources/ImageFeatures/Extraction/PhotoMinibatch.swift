internal import Tensors

/// Photos that are gathered until the network gets them together, with those between them that cannot be read.
struct PhotoMinibatch {
  /// The most photos that it holds, those that cannot be read left out.
  let capacity: Int
  private let crops: Int
  private let normalizes: Bool
  /// [capacity · crops, 3 · S · S], of which the first rows are filled.
  private let inputs: Matrix
  private var readable = 0
  /// What is missing of each photo that can be read, or why a photo cannot, in order.
  private var photos: [Result<PhotoTruncation?, PhotoError>] = []

  init(preprocessing: Preprocessing, options: FeatureExtraction.Options) {
    crops = options.crops.count
    capacity = max(1, options.batchSize / crops)
    normalizes = options.normalizes
    inputs = Matrix(rows: capacity * crops, columns: preprocessing.inputSize)
  }

  /// All photos, readable or not.
  var photoCount: Int { photos.count }
  var isFull: Bool { readable == capacity || photos.count >= 64 * capacity }

  /// Adds a photo, or why there is none.
  mutating func add(_ photo: Result<PreparedPhoto, PhotoError>) {
    photos.append(photo.map(\.truncation))
    guard case .success(let prepared) = photo else { return }
    inputs.rows(readable * crops..<(readable + 1) * crops).withUnsafeMutableElements { place in
      _ = place.update(from: prepared.numbers)
    }
    readable += 1
  }

  /// Lets the network see the photos and begins anew: a row of features of each, or why there is none.
  mutating func rows(from network: inout some FeatureNetwork) throws -> [Result<PhotoRow, PhotoError>] {
    defer {
      readable = 0
      photos.removeAll(keepingCapacity: true)
    }
    var rows: [[Float]] = []
    if readable > 0 {
      let features = try network.features(of: inputs.rows(0..<readable * crops))
      rows = (0..<readable).map { row(ofPhoto: $0, in: features) }
    }
    var next = rows.makeIterator()
    return photos.map { photo in
      photo.map { truncation in
        guard let row = next.next() else { preconditionFailure("a row for each photo that can be read") }
        return PhotoRow(features: row, truncation: truncation)
      }
    }
  }

  /// The mean of the features of a photo's squares, scaled to unit norm where that is asked for.
  private func row(ofPhoto photo: Int, in features: Matrix) -> [Float] {
    var row = features.rowValues(photo * crops)
    for crop in 1..<max(1, crops) {
      let other = features.rowValues(photo * crops + crop)
      for index in row.indices { row[index] += other[index] }
    }
    var scale = 1 / Float(crops)
    if normalizes {
      let norm = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      scale = norm > 0 ? Float(1 / norm) : 0
    }
    return scale == 1 ? row : row.map { $0 * scale }
  }
}
