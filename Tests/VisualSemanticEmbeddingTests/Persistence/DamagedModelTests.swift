import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Random damage to the files of other programs' models: an error of one line or a model, and never a crash.
@Suite struct DamagedModelTests {
  private static let inputs = 300

  @Test(arguments: ["model.npz", "model.npz.pkl", "model.npz.dictionary.pkl"])
  func filesOfTheOriginal(name: String) throws {
    let files = try KirosModelFolder()
    try damage(files.folder.path(name), in: files.folder) { _ = try ModelFile.read(files.model) }
  }

  @Test(arguments: ["model_best.pth.tar", "vocab/f8k_precomp_vocab.pkl"], ["precomp", "stream"])
  func filesOfVSEPP(name: String, checkpoint: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path("vocab"), withIntermediateDirectories: false)
    for file in ["model_best.pth.tar", "vocab/f8k_precomp_vocab.pkl"] {
      _ = try folder.write(bytes(ofFile: fixturePath("vsepp/\(checkpoint)/\(file)")), to: file)
    }
    var conversion = ModelConversion(
      from: folder.path("model_best.pth.tar"), to: folder.path("model.safetensors"))
    conversion.overwrites = true
    try damage(folder.path(name), in: folder) { _ = try conversion.run() }
  }

  /// Calls `read` with damage after damage to a file.
  private func damage(_ path: String, in folder: TemporaryFolder, read: () throws -> Void) throws {
    let whole = try bytes(ofFile: path)
    var generator = SeededGenerator(seed: 5)
    for input in 0..<Self.inputs {
      try Data(damaged(whole, using: &generator)).write(to: URL(fileURLWithPath: path))
      do {
        try read()
      } catch {
        #expect(!"\(error)".isEmpty && !"\(error)".contains("\n"), "input \(input): \(error)")
      }
    }
  }

  /// The same with a few bytes changed, taken out or put in, and often with digits changed, which are sizes.
  private func damaged(_ whole: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = whole
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
      case 4:
        let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
        bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &generator))
      default:
        let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
        if let digit = digits.randomElement(using: &generator) {
          bytes[digit] = UInt8.random(in: 0x2D...0x39, using: &generator)
        }
      }
    }
    return bytes
  }
}
