internal import DataFormats
internal import Foundation
internal import Tensors

/// Turns photos into a .npy file of features, in their order, and lists of their names.
///
/// Photos are decoded and prepared by threads of their own, ahead of the network, which computes on the caller's.
/// Photos that cannot be read are left out and listed. Until all are done, what is known stands in `OUTPUT.partial`;
/// a run that was killed goes on from there.
public struct FeatureExtraction: Sendable {
  /// What the features are for and how they are made.
  public struct Options: Sendable {
    /// The squares of each photo, whose features are averaged.
    public var crops = Crops.centre
    /// Whether rows are scaled to unit L2 norm.
    public var normalizes = false
    /// Whether a photo that cannot be read ends the run.
    public var isStrict = false
    /// Whether an array and names that are there are replaced, and an unfinished run of other photos or options is
    /// forgotten.
    public var overwrites = false
    /// How many squares the network gets at a time, about.
    public var batchSize = 8
    /// Threads that decode.
    public var decodingThreads = 1
    /// Whether large JPEGs are decoded at a part of their size where the network's preparation averages pixels
    /// anyway: several times as fast, and not quite the same; see `Preprocessing.smallestSide`.
    public var shrinksWhileDecoding = false
    /// What photos may demand.
    public var limits = PhotoLimits()
    /// Whether `partialPath` stays when all is done, so that the same run would give the same files at once; for a
    /// caller that removes it with `FeatureExtraction.removeFiles()` when it has made use of them.
    public var keepsPartial = false
    /// What tells the network, its weights and its layer from others, so that a run goes on only with the same.
    public var networkIdentity = ""

    public init() {}

    /// Throws where a network cannot see photos as these options ask for.
    public func check(for network: some FeatureNetwork) throws(ExtractionError) {
      if case .squashed = network.preprocessing.resizing, crops != .centre { throw .noCorners }
    }
  }

  /// How far the work is.
  public struct Progress: Sendable {
    /// Photos that are done, those of an earlier run included.
    public var done: Int
    public var total: Int
    /// Those of an earlier run.
    public var resumed: Int
    /// Photos that could not be read.
    public var failed: Int
  }

  /// What there is to say of a photo: why it was left out, or what is missing of it.
  public struct Remark: Sendable, Equatable {
    public let name: String
    /// One line, with the file's name.
    public let reason: String
  }

  /// What was written.
  public struct Report: Sendable {
    public var rows: Int
    public var columns: Int
    /// Photos that were left out.
    public var failures: [Remark]
    /// Photos that are cut short and have a row all the same.
    public var truncated: [Remark]
  }

  public let photos: PhotoList
  /// The array's path.
  public let output: String
  public let options: Options

  public init(_ photos: PhotoList, to output: String, options: Options = Options()) {
    precondition(options.batchSize > 0 && options.decodingThreads > 0, "at least one photo and one thread")
    self.photos = photos
    self.output = output
    self.options = options
  }

  /// The list of the rows' photos, a name a line.
  public var namesPath: String { base + ".names.txt" }
  /// The list of the photos that were left out: the name, a tab, the reason. Written only when there are any.
  public var failuresPath: String { base + ".failed.txt" }
  /// The list of the photos that are cut short and have a row all the same, in the same form. Written only when there
  /// are any.
  public var truncatedPath: String { base + ".truncated.txt" }
  /// What an unfinished run has found so far.
  public var partialPath: String { output + ".partial" }

  private var base: String { output.hasSuffix(".npy") ? String(output.dropLast(4)) : output }

  /// How often what is known is flushed to disk: so much work may be lost when the machine fails. A run that is
  /// killed loses what the network has not finished.
  private static let flushInterval: Duration = .seconds(10)

  /// Does what is left to do and writes the files.
  ///
  /// - Parameter progress: called after each minibatch on this thread; what it throws ends the run, which a later one
  ///   can go on with.
  /// - Throws: `ExtractionError`, also when no photo could be read: then there are no files but the list of the
  ///   reasons; `PhotoError` when `isStrict`, or when no photo at all can be decoded here; what the
  ///   network throws.
  public func run(
    with network: inout any FeatureNetwork, progress: (Progress) throws -> Void = { _ in }
  ) throws -> Report {
    try options.check(for: network)
    try checkOutput()
    if options.isStrict, let name = photos.unlistable.first {
      throw PhotoListError.nameOfSeveralLines(name: name)
    }
    let log = try FeatureLog(
      path: partialPath, fingerprint: fingerprint(network), columns: network.featureSize,
      replacing: options.overwrites)
    try compute(with: &network, log: log, progress: progress)
    let report = try write(log, columns: network.featureSize)
    if !options.keepsPartial { log.remove() }
    return report
  }

  /// Throws when writing would take away what nobody has said is to go.
  private func checkOutput() throws(ExtractionError) {
    guard output != "-" else { throw .outputIsStandardOutput }
    let paths = [output, namesPath, failuresPath, truncatedPath, partialPath]
    if let list = photos.listPath, let path = paths.first(where: { FilePath.isSameFile($0, list) }) {
      throw .outputIsTheList(path: path)
    }
    switch FileKind(path: output) {
    case .numpy, .missing, .empty: break
    default: throw .outputIsNotAnArray(path: output)
    }
    // An unfinished run has passed this when it began.
    guard !options.overwrites, FileKind(path: partialPath) == .missing else { return }
    for path in [output, namesPath] {
      switch FileKind(path: path) {
      case .missing, .empty: continue
      default: throw .outputExists(path: path)
      }
    }
  }

  /// Removes the array, the list of its names and what an unfinished run has left; the lists of photos that were left
  /// out or are cut short stay.
  public func removeFiles() {
    for path in [output, namesPath, partialPath] { _ = unlink(path) }
  }

  /// A checksum of all that the features depend on; of the photos, the size and the date of change.
  private func fingerprint(_ network: any FeatureNetwork) -> UInt64 {
    var hash = XXHash64()
    func add(_ text: String) {
      hash.update(text.utf8)
      hash.update([0])
    }
    add(options.networkIdentity)
    add("\(network.preprocessing) \(network.featureSize)")
    add("\(options.crops.rawValue) \(options.normalizes) \(options.limits) \(options.shrinksWhileDecoding)")
    for entry in photos.entries {
      add(entry.name)
      add(entry.path)
      add(PhotoFile.version(of: entry.path))
    }
    return hash.finalized()
  }

  /// Adds what is missing to the log.
  private func compute(
    with network: inout any FeatureNetwork, log: FeatureLog, progress: (Progress) throws -> Void
  ) throws {
    var state = Progress(
      done: min(log.count, photos.count), total: photos.count, resumed: log.count,
      failed: log.failureCount)
    if options.isStrict, let reason = log.firstFailure {
      throw ExtractionError.unreadableBefore(reason: reason, path: partialPath)
    }
    guard state.done < state.total else { return }
    var minibatch = PhotoMinibatch(preprocessing: network.preprocessing, options: options)
    let prepared = PreparedPhotos(
      photos.entries[state.done...], preprocessing: network.preprocessing, options: options,
      capacity: minibatch.capacity + options.decodingThreads)
    defer { prepared.stop() }
    var lastFlush = ContinuousClock.now
    while state.done + minibatch.photoCount < state.total {
      try prepared.useNext { result in
        if case .failure(let error) = result {
          state.failed += 1
          if options.isStrict || error.concernsAllPhotos { throw error }
        }
        minibatch.add(result)
      }
      let isLast = state.done + minibatch.photoCount == state.total
      guard minibatch.isFull || isLast else { continue }
      state.done += minibatch.photoCount
      try log.append(minibatch.rows(from: &network).map(FeatureLog.Record.init))
      try progress(state)
      if ContinuousClock.now - lastFlush >= Self.flushInterval {
        try log.flush()
        lastFlush = .now
      }
    }
    try log.flush()
  }
}
