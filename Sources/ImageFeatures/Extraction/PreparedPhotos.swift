internal import DataFormats
internal import Foundation

/// Photos that threads of their own decode and prepare ahead of whoever uses them, in order.
///
/// There are `capacity` places in a ring; photo i has place i mod `capacity`. A thread takes the next photo as soon as
/// its place is free, so that at most so many photos are in memory, however slow their user is.
// `@unchecked Sendable`: `next`, `used`, `isStopped` and `results` are touched with `condition` locked. The numbers of
// a place belong to the thread that has taken its photo until `results` has that photo's result, then to the user
// until `used` goes beyond the photo. The memory is freed when no thread runs any more.
final class PreparedPhotos: @unchecked Sendable {
  private let photos: ArraySlice<PhotoList.Entry>
  private let preprocessing: Preprocessing
  private let options: FeatureExtraction.Options
  private let numbers: UnsafeMutableBufferPointer<Float>
  private let capacity: Int
  private let condition = NSCondition()
  /// The first photo that no thread has taken, and the first that is not used.
  private var next: Int
  private var used: Int
  private var isStopped = false
  private var runningThreads: Int
  /// What came of the photo at each place, nil until it is known.
  private var results: [Result<PhotoTruncation?, PhotoError>?]

  private var inputSize: Int { options.crops.count * preprocessing.inputSize }

  /// Starts the threads.
  init(
    _ photos: ArraySlice<PhotoList.Entry>, preprocessing: Preprocessing, options: FeatureExtraction.Options,
    capacity: Int
  ) {
    let threads = options.decodingThreads
    precondition(threads > 0 && capacity > 0, "somebody must decode, and somewhere")
    self.photos = photos
    self.preprocessing = preprocessing
    self.options = options
    self.capacity = capacity
    next = photos.startIndex
    used = photos.startIndex
    runningThreads = threads
    results = [Result<PhotoTruncation?, PhotoError>?](repeating: nil, count: capacity)
    numbers = .allocate(capacity: capacity * options.crops.count * preprocessing.inputSize)
    for _ in 0..<threads {
      let thread = Thread { self.work() }
      // Decoders of some formats keep large tables on the stack.
      thread.stackSize = 2 << 20
      thread.start()
    }
  }

  /// Ends the threads and waits for them. Must be called, and nothing else after it.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while runningThreads > 0 { condition.wait() }
    }
  }

  deinit { numbers.deallocate() }

  /// Waits for the next photo and calls `body` with it, or with why there is none.
  func useNext<Value>(_ body: (Result<PreparedPhoto, PhotoError>) throws -> Value) rethrows -> Value {
    let (place, result) = condition.withLock {
      precondition(used < photos.endIndex && !isStopped, "there is no further photo")
      let place = used % capacity
      while true {
        if let result = results[place] { return (place, result) }
        condition.wait()
      }
    }
    defer {
      condition.withLock {
        results[place] = nil
        used += 1
        condition.broadcast()
      }
    }
    return try body(
      result.map {
        PreparedPhoto(numbers: UnsafeBufferPointer(rebasing: numbers(at: place)[...]), truncation: $0)
      })
  }

  private func numbers(at place: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: numbers[place * inputSize..<(place + 1) * inputSize])
  }

  private func work() {
    while let index = take() {
      let place = index % capacity
      let result = Result { () throws(PhotoError) in
        try prepare(photos[index].path, into: numbers(at: place))
      }
      condition.withLock {
        results[place] = result
        condition.broadcast()
      }
    }
    Photo.threadEnds()
    condition.withLock {
      runningThreads -= 1
      condition.broadcast()
    }
  }

  /// The next photo, once its place is free; nil when there is none any more.
  private func take() -> Int? {
    condition.withLock {
      while !isStopped, next < photos.endIndex, next >= used + capacity { condition.wait() }
      guard !isStopped, next < photos.endIndex else { return nil }
      defer { next += 1 }
      return next
    }
  }

  /// Returns what is missing of a photo that is cut short.
  private func prepare(
    _ path: String, into numbers: UnsafeMutableBufferPointer<Float>
  ) throws(PhotoError) -> PhotoTruncation? {
    let smallestSide = options.shrinksWhileDecoding ? preprocessing.smallestSide : nil
    let photo = try Photo(contentsOf: path, limits: options.limits, smallestSide: smallestSide)
    try preprocessing.write(photo, crops: options.crops, path: path, to: numbers)
    return photo.truncation
  }
}
