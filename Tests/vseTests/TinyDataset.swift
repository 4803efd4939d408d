import DataFormats
import Foundation
import TestSupport

/// A dataset of a few images in two colours, three things and two places, that a tiny model learns in no time.
enum TinyDataset {
  static let width = 8
  static let captionsPerImage = 2
  static let images = ["train": 24, "dev": 6, "test": 6]

  /// Writes the splits into the folder `data` of `folder`.
  static func write(to folder: TemporaryFolder) throws {
    try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
    for (split, count) in images {
      _ = try folder.write(
        Array(captions(count).joined(separator: "\n").utf8) + [0x0A], to: "data/\(split)_caps.txt")
      try NumpyArray.write(
        ArrayData(features(count), shape: [count, width]), to: folder.path("data/\(split)_ims.npy"))
    }
  }

  /// Two captions an image, the second a word longer.
  static func captions(_ images: Int) -> [String] {
    (0..<images).flatMap { image in
      let colour = ["red", "blue"][image % 2]
      let thing = ["dog", "cat", "horse"][image / 2 % 3]
      let place = ["beach", "street"][image / 6 % 2]
      return ["a \(colour) \(thing) on the \(place)", "the \(colour) \(thing) is on a \(place)"]
    }
  }

  /// One hot for each attribute, and a little that tells the images apart.
  static func features(_ images: Int) -> [Float] {
    (0..<images).flatMap { image in
      var row = [Float](repeating: 0, count: width)
      row[image % 2] = 1
      row[2 + image / 2 % 3] = 1
      row[5 + image / 6 % 2] = 1
      row[7] = Float(image) / 100
      return row
    }
  }
}

/// A folder with the dataset and a model trained on it, `model.safetensors`, 16 wide.
struct Workspace {
  let folder: TemporaryFolder

  static let dim = 16

  /// What trains the model.
  static func training(data: String, output: String, epochs: Int = 2) -> [String] {
    [
      "train", "--data", data, "--output", output, "--dim", "\(dim)", "--word-dim", "8", "--batch-size", "8",
      "--epochs", "\(epochs)", "--learning-rate", "0.01", "--threads", "1",
    ]
  }

  private static let model = Result {
    let folder = try TemporaryFolder()
    try TinyDataset.write(to: folder)
    _ = try Executable.succeed(training(data: folder.path("data"), output: folder.path("model.safetensors")))
    return try bytes(ofFile: folder.path("model.safetensors"))
  }

  init() throws {
    folder = try TemporaryFolder()
    try TinyDataset.write(to: folder)
    _ = try folder.write(try Self.model.get(), to: "model.safetensors")
  }

  func path(_ name: String) -> String { folder.path(name) }
  var data: String { path("data") }
  var model: String { path("model.safetensors") }

  /// Changes the bytes of a file.
  func change(_ name: String, _ body: (inout [UInt8]) -> Void) throws {
    var content = try bytes(ofFile: path(name))
    body(&content)
    _ = try folder.write(content, to: name)
  }

  /// The bytes of every file, by its path in the folder.
  func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.url.path) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path(name), isDirectory: &isFolder)
      files[name] = isFolder.boolValue ? [] : try bytes(ofFile: path(name))
    }
    return files
  }
}
