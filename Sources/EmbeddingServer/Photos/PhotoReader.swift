internal import DataFormats
internal import Foundation
internal import ImageFeatures
internal import Synchronization

/// Decodes photos on threads of its own: those that clients send, for the network, and those of the index, for the page.
final class PhotoReader: Sendable {
  private let threads: WorkerThreads
  private let pictures: Mutex<BoundedCache<String, [UInt8]>>
  private let photoLimits: PhotoLimits
  private let preprocessing: Preprocessing?

  private let budget: ByteBudget

  private static let quality = 80

  /// - Parameter budget: what prepared photos count for.
  init(preprocessing: Preprocessing?, limits: ServerLimits, budget: ByteBudget) {
    self.preprocessing = preprocessing
    self.budget = budget
    // As many as cores; with more the decoded photos would take memory for nothing.
    threads = WorkerThreads(
      count: max(1, min(4, ProcessInfo.processInfo.activeProcessorCount)), limit: limits.waitingPhotos,
      name: "photos", atEnd: Photo.threadEnds)
    pictures = Mutex(BoundedCache(limit: limits.cachedPictureBytes))
    var photoLimits = PhotoLimits()
    photoLimits.pixels = limits.imagePixels
    self.photoLimits = photoLimits
  }

  /// Ends the threads.
  func stop() { threads.stop() }

  /// Decodes a photo that a client has sent, and prepares it for the network.
  ///
  /// - Throws: `PhotoError`, `APIError.noNetwork` and `.busy`.
  func prepare(_ sent: SentPhoto) async throws -> PreparedPhoto {
    guard let preprocessing else { throw APIError.noNetwork }
    let (limits, part) = (photoLimits, budget.part())
    return try await threads.run {
      try part.add(preprocessing.inputSize * MemoryLayout<Float>.stride)
      let photo = try Photo(bytes: sent.bytes, path: "photo", limits: limits)
      var input = [Float](repeating: 0, count: preprocessing.inputSize)
      try input.withUnsafeMutableBufferPointer { numbers throws(PhotoError) in
        try preprocessing.write(photo, path: "photo", to: numbers)
      }
      return PreparedPhoto(input: input, part: part)
    }
  }

  /// What tells the picture of a photo in a size from all others; nil where there is no such file.
  static func tag(ofPhotoAt path: String, size: Int) -> String? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let bytes = attributes[.size] as? Int, let date = attributes[.modificationDate] as? Date
    else { return nil }
    var hash = XXHash64()
    hash.update(Array("\(path)\0\(bytes)\0\(date.timeIntervalSince1970)\0\(size)".utf8))
    return String(hash.finalized(), radix: 16)
  }

  /// A photo of the index as a JPEG whose longer side has at most `size` pixels.
  ///
  /// - Throws: `PhotoError`, `ThumbnailError`, `APIError.busy`.
  func picture(ofPhotoAt path: String, size: Int, tag: String) async throws -> [UInt8] {
    if let known = pictures.withLock({ $0.value(tag) }) { return known }
    let limits = photoLimits
    let jpeg = try await threads.run {
      let photo = try Photo(contentsOf: path, limits: limits, smallestSide: size)
      return try photo.thumbnail(longestSide: size, quality: Self.quality).jpeg
    }
    pictures.withLock { $0.insert(jpeg, for: tag, cost: jpeg.count + tag.utf8.count) }
    return jpeg
  }
}
