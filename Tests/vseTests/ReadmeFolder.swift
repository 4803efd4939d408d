import DataFormats
import Foundation
import ImageFeatures
import TestSupport
import Testing

/// A folder with small files of the names that the README's commands use, in which they are run.
struct ReadmeFolder {
  private let folder: TemporaryFolder
  /// Of what the last command wrote.
  private let texts: TemporaryFolder

  private static let photoCount = 40

  init() throws {
    folder = try TemporaryFolder()
    texts = try TemporaryFolder()
    for name in ["photos", "f8k", "coco"] {
      try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: false)
    }
    try writePhotos()
    try writeDataset("f8k", features: TinyDataset.width)
    try writeDataset("coco", features: 20)
    try write(TinyDataset.captions(6), to: "sentences.txt")
    try writeOldModels()
    try ReadmeWeights.write(.mobileNetV2, to: folder.path("mobilenet_v2-b0353104.pth"))
    try ReadmeWeights.writeHollow(.vgg19(), to: folder.path("vgg19.pkl"))
  }

  /// Photos with captions in two forms, the official splits of Flickr8k's names, and features of other programs.
  private func writePhotos() throws {
    let photo = try bytes(ofFile: fixturePath("photos/jpeg.jpg"))
    let names = (1...Self.photoCount).map { "\($0).jpg" }
    for name in names { _ = try folder.write(photo, to: "photos/\(name)") }
    let captions = TinyDataset.captions(Self.photoCount)
    let pairs = captions.enumerated().map { (names[$0 / 2], $0 % 2, $1) }
    try write(["image,caption"] + pairs.map { "\($0.0),\($0.2)" }, to: "captions.csv")
    try write(pairs.map { "\($0.0)#\($0.1)\t\($0.2)" }, to: "Flickr8k.token.txt")
    try write(Array(names[..<24]), to: "Flickr_8k.trainImages.txt")
    try write(Array(names[24..<32]), to: "Flickr_8k.devImages.txt")
    try write(Array(names[32...]), to: "Flickr_8k.testImages.txt")
    try write(names, to: "features.names.txt")
    try NumpyArray.write(
      ArrayData(TinyDataset.features(Self.photoCount), shape: [Self.photoCount, TinyDataset.width]),
      to: folder.path("features.npy"))
  }

  private func writeDataset(_ name: String, features: Int) throws {
    for (split, count) in TinyDataset.images {
      try write(TinyDataset.captions(count), to: "\(name)/\(name)_\(split)_caps.txt")
      let tiny = TinyDataset.features(count)
      var rows = [Float](repeating: 0, count: count * features)
      for (place, value) in tiny.enumerated() {
        rows[place / TinyDataset.width * features + place % TinyDataset.width] = value
      }
      try NumpyArray.write(
        ArrayData(rows, shape: [count, features]), to: folder.path("\(name)/\(name)_\(split)_ims.npy"))
    }
  }

  private func writeOldModels() throws {
    for (source, name) in [
      ("kiros/gru/model.npz", "coco.npz"), ("kiros/gru/model.npz.pkl", "coco.npz.pkl"),
      ("kiros/gru/model.npz.dictionary.pkl", "coco.npz.dictionary.pkl"),
      ("vsepp/precomp/model_best.pth.tar", "model_best.pth.tar"),
      ("vsepp/precomp/vocab/f8k_precomp_vocab.pkl", "coco_vocab.pkl"),
    ] {
      _ = try folder.write(try bytes(ofFile: fixturePath(source)), to: name)
    }
  }

  private func write(_ lines: [String], to name: String) throws {
    _ = try folder.write(lines.flatMap { Array($0.utf8) + [0x0A] }, to: name)
  }

  /// Runs a line of the shell and expects it to succeed.
  func run(_ command: String) throws {
    let (process, _, errors) = try start(command)
    process.waitUntilExit()
    let text = String(decoding: try bytes(ofFile: errors), as: UTF8.self)
    #expect(process.terminationReason == .exit && process.terminationStatus == 0, "\(command): \(text)")
  }

  /// Starts a line of the shell, with `vse` where the shell finds it; what it writes goes to the two files.
  private func start(_ command: String) throws -> (process: Process, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-euc", command]
    process.currentDirectoryURL = folder.url
    var environment = ProcessInfo.processInfo.environment
    let programs = try Executable.url.deletingLastPathComponent().path
    environment["PATH"] = programs + ":" + (environment["PATH"] ?? "")
    process.environment = environment
    let (output, errors) = (try texts.write([], to: "output"), try texts.write([], to: "errors"))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    return (process, output, errors)
  }

  /// Runs a server, at any free port, until it listens, and ends it.
  func serve(_ command: String) throws {
    // What stands behind # is a comment.
    let (process, output, errors) = try start("exec " + command.prefix { $0 != "#" } + " --port 0")
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    while process.isRunning, try bytes(ofFile: output).isEmpty { usleep(20_000) }
    let address = String(decoding: try bytes(ofFile: output), as: UTF8.self)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    let text = String(decoding: try bytes(ofFile: errors), as: UTF8.self)
    #expect(
      address.hasPrefix("Listening on http://") && process.terminationStatus == 0, "\(command): \(text)")
  }
}
