internal import DataFormats
internal import Foundation

/// Whether the features of a dataset have a row for each image or for each caption.
public enum FeatureRows: String, Codable, Sendable, CaseIterable {
  /// A row for each image.
  case image
  /// As the original's files have them.
  case caption
}

/// What becomes of captions that repeat another one of their image.
public enum RepeatedCaptions: String, Codable, Sendable, CaseIterable {
  /// They stay.
  case keep
  /// All but the first go.
  case drop
}

/// What becomes of images that lack a caption, a photo or features.
public enum IncompleteImages: String, Codable, Sendable, CaseIterable {
  /// They are left out, and reported.
  case skip
  /// They end the work.
  case refuse
}

/// Makes a dataset of captions in the formats that people have and of features of their photos.
public struct DatasetPreparation: Sendable {
  /// The files of captions, or folders of them.
  public var captions: [String]
  /// The kind of all of them, or nil to tell it from their content.
  public var kind: CaptionSourceKind?
  /// The folder of photos, which each image must then be in; nil leaves that unchecked.
  public var photos: String?
  /// The folder to write, which must not be there or be empty unless `overwrites`.
  public var output: String
  /// What its files' names begin with; nil takes the folder's name.
  public var name: String?
  /// What becomes of the text of captions; nil is what is usual with each kind of source.
  public var tokenization: CaptionTokenization?
  /// Which images go into which split.
  public var splits = SplitRule.source(otherwise: RandomSplits())
  /// What becomes of COCO's images that Karpathy's split calls `restval`.
  public var restval = RestvalUse.train
  /// What becomes of captions that repeat another one of their image.
  public var repeatedCaptions = RepeatedCaptions.keep
  /// What becomes of images that lack a caption, a photo or features.
  public var incompleteImages = IncompleteImages.skip
  /// Whether the features have a row for each image or for each caption.
  public var rows = FeatureRows.image
  /// Whether rows of features are scaled to unit L2 norm.
  public var normalizesFeatures = false
  /// Whether a dataset that is there is replaced.
  public var overwrites = false

  /// A preparation of `captions` into the folder `output`, as is usual with their kinds unless told otherwise.
  public init(captions: [String], output: String) {
    self.captions = captions
    self.output = output
  }

  /// Reads the captions, asks for the features, and writes the dataset, which appears when it is whole.
  /// - Parameters:
  ///   - features: gives the features of photos: asked once, for all images that have captions and photos; it may
  ///     lack some, and have others.
  ///   - progress: told how many rows of features of how many are written; what it throws stops the work, and
  ///     nothing is left.
  /// - Throws: `PreparationError` and what writing, `features` and `progress` throw.
  public func run(
    features: (_ photos: [NeededPhoto]) throws -> NamedFeatures,
    progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> PreparationReport {
    let datasetName = try checkedName()
    try checkOutput()
    let photoFolder: PhotoFolder?
    if let photos { photoFolder = try PhotoFolder(path: photos) } else { photoFolder = nil }
    var reader = CaptionReader(kind: kind, tokenization: tokenization)
    reader.restval = restval
    reader.photos = photoFolder
    for path in captions { try reader.read(path) }
    var collection = reader.collection
    guard collection.captionCount > 0 else { throw PreparationError.noCaptions(files: captions) }

    var report = PreparationReport(
      output: output, name: datasetName, splitOrigin: splitOrigin(of: collection))
    report.describe(reader)
    report.repeatedCaptions = collection.repeatedCaptionCount
    report.dropsRepeatedCaptions = repeatedCaptions == .drop
    if repeatedCaptions == .drop { collection.removeRepeatedCaptions() }

    let selection = try ImageSelection(collection, rule: splits, restval: restval)
    report.describe(selection)
    if case .undecided(_, let random) = selection.images { report.seed = random.seed }

    var completing = ImageCompletion(collection: collection, candidates: selection.candidates)
    report.imagesWithoutCaption += completing.keepCaptioned()
    guard !completing.images.isEmpty else {
      throw PreparationError.emptySplits(lists: splits.listFiles, example: report.imagesWithoutCaption.first)
    }
    if let listed = report.imagesWithoutCaption.first, incompleteImages == .refuse {
      throw PreparationError.incomplete(
        images: report.imagesWithoutCaption.count, what: "caption", example: listed)
    }
    let allNames = collection.images.map(\.name)
    let files = try photoFolder.map { try find($0, allNames, &completing, &report) }
    // Whether there can be splits is known before hours are spent on features.
    let present = Set(completing.images)
    _ = try selection.splits { present.contains($0) }
    let given = try features(
      completing.images.map { NeededPhoto(name: allNames[$0], path: files?[$0]) })
    let found = try completing.keep(in: given.index, what: "row of features", incompleteImages)
    let unreadable = Set(given.unreadable.map(\.name))
    report.unreadablePhotos = given.unreadable
    report.imagesWithoutFeatures = found.missing.filter { !unreadable.contains($0) }
    report.featuresWithoutCaption = given.index.places(without: allNames).map(given.index.text)
    report.featuresListedTwice = given.index.repeated.map { given.index.text(at: $0.place) }
    report.featureWidth = given.table.columnCount

    let chosen = try selection.splits { found.places[$0] != nil }
    report.listsWithoutImages = splits.lists.filter { chosen[$0.split]?.isEmpty ?? true }.map { $0.file }
    try write(
      chosen.mapValues { images in images.compactMap { n in found.places[n].map { (n, $0) } } },
      collection, given.table, &report, progress: progress)
    return report
  }

  /// Leaves out the images that have no photo in a folder; returns the paths of the others' photos, by the images'
  /// numbers.
  private func find(
    _ folder: PhotoFolder, _ allNames: [PhotoName], _ completing: inout ImageCompletion,
    _ report: inout PreparationReport
  ) throws(PreparationError) -> [Int: String] {
    let index = NameIndex(folder.names.map(\.bytes), file: folder.path)
    let found = try completing.keep(in: index, what: "photo", incompleteImages)
    report.imagesWithoutPhoto = found.missing
    report.photosWithoutCaption = index.places(without: allNames).map { folder.names[$0] }
    return found.places.mapValues { "\(folder.path)/\(folder.files[$0])" }
  }

  private func splitOrigin(of collection: CaptionCollection) -> PreparationReport.SplitOrigin {
    switch splits {
    case .lists: .lists
    case .source where collection.hasSplits: .source
    case .source, .random: .random
    }
  }

  private func checkedName() throws(PreparationError) -> String {
    let name = name ?? URL(fileURLWithPath: output).standardizedFileURL.lastPathComponent
    guard !name.isEmpty, name.utf8.count <= 200, !name.utf8.contains(where: { $0 == .slash || $0.isControl })
    else { throw .badDatasetName(name) }
    return name
  }

  /// Throws when there is something at the output's place that is not to be replaced.
  private func checkOutput() throws(PreparationError) {
    // What appears with one rename needs a name to get.
    let last = output.utf8.split(separator: .slash).last.map { String(Substring($0)) }
    guard let last, last != ".", last != ".." else {
      throw .wrongKindOfPath(path: output, expected: "a folder's name, as the folder is made or replaced")
    }
    switch FileKind(path: output) {
    case .missing: return
    case .folder: break
    default: throw .wrongKindOfPath(path: output, expected: "a folder to write, found a file")
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: output) else {
      throw .file(.permissionDenied(path: output, operation: .open))
    }
    guard !names.isEmpty else { return }
    guard overwrites else { throw .outputExists(path: output) }
    if let other = names.sorted().first(where: { !PreparedDatasetWriter.isPart($0) }) {
      throw .outputHoldsOtherFiles(path: output, name: other)
    }
  }

  private func write(
    _ splits: [Dataset.Split: [(number: Int, row: Int)]], _ collection: CaptionCollection,
    _ table: FeatureTable,
    _ report: inout PreparationReport, progress: (Int, Int) throws -> Void
  ) throws {
    let folder = try ReplacingFolder(path: output)
    let writer = PreparedDatasetWriter(
      base: "\(folder.temporary)/\(report.name)_", collection: collection, table: table, rows: rows,
      normalizes: normalizesFeatures)
    func captionCount(_ images: [(number: Int, row: Int)]) -> Int {
      images.reduce(0) { $0 + collection.images[$1.number].captions.count }
    }
    func rowCount(_ images: [(number: Int, row: Int)]) -> Int {
      rows == .image ? images.count : captionCount(images)
    }
    let total = splits.values.reduce(0) { $0 + rowCount($1) }
    var done = 0
    for split in Dataset.Split.allCases {
      guard let images = splits[split], !images.isEmpty else { continue }
      try writer.write(split, images: images) { try progress(done + $0, total) }
      done += rowCount(images)
      report.splits[split.rawValue] = .init(images: images.count, captions: captionCount(images))
    }
    try folder.commit()
  }
}

extension CaptionCollection {
  /// The number of captions that repeat an earlier one of their image.
  fileprivate var repeatedCaptionCount: Int {
    images.reduce(0) { $0 + $1.captions.count - Set($1.captions).count }
  }
}

extension PreparationReport {
  fileprivate mutating func describe(_ reader: CaptionReader) {
    sources = reader.sources
    imagesFound = reader.collection.images.count
    captionsFound = reader.collection.captionCount
    emptyCaptions = reader.collection.emptyCaptions
    imagesListedTwice = reader.collection.repeatedImages
    textsWithoutPhoto = reader.textsWithoutPhoto
  }

  fileprivate mutating func describe(_ selection: ImageSelection) {
    imagesWithoutCaption = selection.listedWithoutCaption
    imagesListedTwice += selection.listedTwice
    imagesInNoSplit = selection.inNoSplit
  }
}
