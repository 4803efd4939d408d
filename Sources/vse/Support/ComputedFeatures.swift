import DataFormats
import ImageFeatures
import VisualSemanticEmbedding

/// Features that are computed for a dataset, in files beside its folder, which go once the dataset is there.
struct ComputedFeatures {
  let networks: FeatureNetworkArguments
  let extraction: ExtractionArguments
  let compute: ComputeOptions
  /// The folder of the dataset.
  let dataset: String
  /// Whether a photo that cannot be read ends the work.
  let isStrict: Bool
  /// Whether an unfinished run of other photos or options is forgotten.
  let overwrites: Bool

  /// Computes a row for each photo that can be read, going on where a run that was stopped was; returns them, and what
  /// the files are. Photos that are cut short are told of.
  func rows(of photos: [NeededPhoto]) throws -> (features: NamedFeatures, files: FeatureExtraction) {
    let precision = compute.apply()
    let list = try PhotoList(
      photos.map { PhotoList.Entry(name: "\($0.name)", path: $0.path ?? "\($0.name)") })
    var options = extraction.options(threads: compute.threadCount)
    var network = try networks.load(precision: precision, batchSize: options.batchSize)
    options.networkIdentity = networks.identity(precision: precision)
    options.isStrict = isStrict
    options.overwrites = overwrites
    options.keepsPartial = true
    let files = FeatureExtraction(list, to: path, options: options)
    let progress = PhotoProgress()
    let report = try files.run(with: &network) { try progress.report($0) }
    files.noteTruncated(in: report)
    let reasons = Dictionary(report.failures.map { ($0.name, $0.reason) }) { first, _ in first }
    let readable = photos.filter { reasons["\($0.name)"] == nil }
    let unreadable = photos.compactMap { photo in
      reasons["\(photo.name)"].map { UnreadablePhoto(name: photo.name, reason: $0) }
    }
    return (
      try NamedFeatures(features: path, of: readable.map(\.name), unreadable: unreadable), files
    )
  }

  /// `DATASET.features.npy`.
  private var path: String {
    var folder = dataset[...]
    while folder.utf8.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    return folder + ".features.npy"
  }
}

extension FeatureExtraction {
  /// Tells of photos that are cut short and have a row all the same.
  func noteTruncated(in report: Report) {
    guard !report.truncated.isEmpty else { return }
    Terminal.note(
      "\(counted(report.truncated.count, "photo")) accepted in spite of being cut short, listed in \(truncatedPath)"
    )
  }
}
