import ArgumentParser
import DataFormats
import Foundation
import ImageFeatures
import Tensors

struct Features: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn photos into features, with a convolutional network or a fixed descriptor.",
    discussion: """
      Writes a float32 .npy array with a row for each photo, in the order of the input, and beside it FILE.names.txt \
      with a name for each row. What is there already is replaced only with --overwrite. JPEG, PNG, WebP, GIF (its \
      first frame), TIFF and, where libvips has it, HEIC are read; photos are turned as EXIF says, colours converted \
      to sRGB, and what is transparent is shown on white. Photos that cannot be read are left out and listed, with the \
      reasons, in FILE.failed.txt, and the exit code is 1; when none can be read there is only that list. Those that \
      are cut short are among them, unless --truncated-photos accept has them, and lists them in FILE.truncated.txt. \
      A run that was stopped goes on where it was when the same command is given again. For example:
        vse features photos --network vgg19 --weights vgg19.pkl --layer fc7 --output features.npy
        vse features --list names.txt --base photos --network descriptor --output features.npy
      """)

  @Argument(
    help: ArgumentHelp(
      "Photos, and folders of photos (those in folders within, too), in the order of their names.",
      valueName: "photo-or-folder"), completion: .file())
  var photos: [String] = []

  @Option(
    help: ArgumentHelp(
      "A text file that names the photos, one a line, or - for standard input.", valueName: "file"),
    completion: .file())
  var list: String?

  @Option(
    help: ArgumentHelp("The folder that the names of --list are in.", valueName: "folder"),
    completion: .directory)
  var base: String?

  @OptionGroup var photoFeatures: PhotoFeatureArguments

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The array to write.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var output: String

  @Flag(help: "Stop at the first photo that cannot be read.")
  var strict = false

  @Flag(help: "Replace an array that is there; forget an unfinished run of other photos or options.")
  var overwrite = false

  @Flag(help: "Print JSON about what was written.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if photos.isEmpty == (list == nil) {
      throw ValidationError("name photos or folders, or give --list FILE, and not both")
    }
    if base != nil && list == nil { throw ValidationError("--base belongs to --list") }
    if !photoFeatures.network.isGiven { throw ValidationError("give --network NAME") }
  }

  func run() throws {
    let precision = compute.apply()
    let photos = try listedPhotos() ?? PhotoList(paths: self.photos)
    let choice = photoFeatures.network.choice
    var options = photoFeatures.options(threads: compute.threadCount)
    options.isStrict = strict
    options.overwrites = overwrite
    options.networkIdentity = choice.identity(precision: precision)
    var network = try choice.load(precision: precision, batchSize: options.batchSize)
    let extraction = FeatureExtraction(photos, to: output, options: options)
    let progress = PhotoProgress()
    Interruption.install()
    let report = try extraction.run(with: &network) { try progress.report($0) }
    if json { try printJSON(Output(report, extraction)) }
    extraction.noteTruncated(in: report)
    Terminal.note("\(output): \(report.rows) x \(report.columns), float32; names in \(extraction.namesPath)")
    guard report.failures.isEmpty else {
      show(report.failures, listedIn: extraction.failuresPath)
      throw ExitCode.failure
    }
  }

  /// The photos of the list, where there is one.
  private func listedPhotos() throws -> PhotoList? {
    guard list == "-" else { return try list.map { try PhotoList(list: $0, base: base) } }
    return try PhotoList(text: StandardInput.bytes(), path: StandardInput.name, base: base)
  }

  /// More than these would hide what came before.
  private static let shownFailures = 20

  private func show(_ failures: [FeatureExtraction.Remark], listedIn path: String) {
    for failure in failures.prefix(Self.shownFailures) { Terminal.note("left out: \(failure.reason)") }
    let further = failures.count - Self.shownFailures
    Terminal.note(
      (further > 0 ? "and \(further) more; " : "")
        + "\(counted(failures.count, "photo")) could not be read, listed in \(path)")
  }

  private struct Output: Encodable {
    struct Remark: Encodable {
      let name, reason: String

      init(_ remark: FeatureExtraction.Remark) { (name, reason) = (remark.name, remark.reason) }
    }

    let output, names: String
    let rows, columns: Int
    let failed, truncated: [Remark]

    init(_ report: FeatureExtraction.Report, _ extraction: FeatureExtraction) {
      output = extraction.output
      names = extraction.namesPath
      rows = report.rows
      columns = report.columns
      failed = report.failures.map(Remark.init)
      truncated = report.truncated.map(Remark.init)
    }
  }
}
