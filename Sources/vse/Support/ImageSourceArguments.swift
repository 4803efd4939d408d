import ArgumentParser
import Retrieval
import VisualSemanticEmbedding

/// Images for an index or to be captioned: photos, for a network to turn into features, or rows of features.
///
/// The photos themselves are the command's, an argument of one and an option of another.
struct ImageSourceArguments: ParsableArguments {
  @OptionGroup var photoFeatures: PhotoFeatureArguments

  @Option(
    help: ArgumentHelp("Features of images, a row each, an .npy file.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var features: String?

  @Option(
    help: ArgumentHelp(
      "The names or paths of the images of --features, one a line; an index needs them (else: their rows).",
      valueName: "file"), completion: .file())
  var names: String?

  @Option(
    help: ArgumentHelp(
      "Rows of --features that follow each other for each image, averaged (default: 1).", valueName: "count"))
  var crops: Int?

  func validate() throws {
    if features == nil, names != nil || crops != nil {
      throw ValidationError("--names and --crops belong to --features")
    }
    if let crops, crops < 1 { throw ValidationError("--crops must be 1 or more") }
  }

  /// Whether photos come exactly where there is a network for them.
  func check(photos: [String]) throws {
    if photos.isEmpty == photoFeatures.network.isGiven {
      throw ValidationError("photos and --network belong together")
    }
  }

  /// The rows of features, one for each image, and the images' names; nil where none are given.
  func rows() throws -> (table: FeatureTable, names: [String]?)? {
    guard let features else { return nil }
    let table = try FeatureTable(path: features, crops: crops ?? 1)
    return (table, try names.map { try ItemLines.names(of: $0, count: table.rowCount, itemFile: features) })
  }
}
