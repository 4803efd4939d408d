import DataFormats
import Foundation
import TestSupport
import Testing

/// Something broken, and a command that meets it.
struct BadInput: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Breaks it.
  let prepare: @Sendable (Workspace) throws -> Void
  /// The command that must fail.
  let arguments: @Sendable (Workspace) -> [String]
  /// What the message must name.
  let named: String

  init(
    _ description: String, _ command: @escaping @Sendable (Workspace) -> [String], names named: String,
    prepare: @escaping @Sendable (Workspace) throws -> Void = { _ in }
  ) {
    testDescription = description
    arguments = command
    self.named = named
    self.prepare = prepare
  }
}

extension BadInput {
  private static let train: @Sendable (Workspace) -> [String] = {
    Workspace.training(data: $0.data, output: $0.path("new.safetensors"))
  }
  private static let evaluate: @Sendable (Workspace) -> [String] = {
    ["evaluate", $0.model, "--data", $0.data, "--threads", "1"]
  }
  private static let embedImages: @Sendable (Workspace) -> [String] = {
    ["embed", "images", $0.model, $0.path("data/test_ims.npy"), "--output", $0.path("new.npy")]
  }
  private static func embedSentences(to output: String) -> @Sendable (Workspace) -> [String] {
    {
      [
        "embed", "sentences", $0.model, $0.path("data/test_caps.txt"), "--output",
        output.contains("/") ? output : $0.path(output),
      ]
    }
  }
  private static func info(_ name: String) -> @Sendable (Workspace) -> [String] {
    { ["info", $0.path(name)] }
  }

  private static func remove(_ name: String) -> @Sendable (Workspace) throws -> Void {
    { try FileManager.default.removeItem(atPath: $0.path(name)) }
  }
  private static func write(_ content: [UInt8], to name: String) -> @Sendable (Workspace) throws -> Void {
    { _ = try $0.folder.write(content, to: name) }
  }
  /// Writes features of another kind in place of the train split's.
  private static func trainFeatures(_ array: ArrayData) -> @Sendable (Workspace) throws -> Void {
    { try NumpyArray.write(array, to: $0.path("data/train_ims.npy")) }
  }
  private static func trainFeature(_ value: Float) -> ArrayData {
    var features = TinyDataset.features(24)
    features[8 * 17 + 3] = value
    return ArrayData(features, shape: [24, 8])
  }

  static let datasets: [BadInput] = [
    BadInput("no folder of data", train, names: "data", prepare: remove("data")),
    BadInput("no captions", train, names: "dev_caps.txt", prepare: remove("data/dev_caps.txt")),
    BadInput("no features", train, names: "train_ims.npy", prepare: remove("data/train_ims.npy")),
    BadInput("captions empty", train, names: "train_caps.txt", prepare: write([], to: "data/train_caps.txt")),
    BadInput(
      "captions blank", train, names: "train_caps.txt",
      prepare: write(Array(repeating: 0x0A, count: 48), to: "data/train_caps.txt")),
    BadInput(
      "captions and rows do not match", train, names: "train_ims.npy",
      prepare: { try $0.change("data/train_caps.txt") { $0 += Array("one more\n".utf8) } }),
    BadInput("features empty", train, names: "train_ims.npy", prepare: write([], to: "data/train_ims.npy")),
    BadInput(
      "features cut short", train, names: "train_ims.npy",
      prepare: { try $0.change("data/train_ims.npy") { $0.removeLast(100) } }),
    BadInput(
      "features' header cut short", train, names: "train_ims.npy",
      prepare: { try $0.change("data/train_ims.npy") { $0 = Array($0.prefix(40)) } }),
    BadInput(
      "features of float64", train, names: "train_ims.npy",
      prepare: trainFeatures(ArrayData(TinyDataset.features(24).map(Double.init), shape: [24, 8]))),
    BadInput(
      "features in Fortran order", train, names: "train_ims.npy",
      prepare: {
        try $0.change("data/train_ims.npy") { bytes in
          let header = String(decoding: bytes.prefix(128), as: UTF8.self)
          guard let place = header.utf8.firstIndex(of: UInt8(ascii: "F")) else { return }
          let offset = header.utf8.distance(from: header.utf8.startIndex, to: place)
          bytes.replaceSubrange(offset..<offset + 5, with: Array("True ".utf8))
        }
      }),
    BadInput("a NaN", train, names: "train_ims.npy", prepare: trainFeatures(trainFeature(.nan))),
    BadInput("infinity", train, names: "train_ims.npy", prepare: trainFeatures(trainFeature(.infinity))),
    BadInput(
      "dev of another width than train", train, names: "dev_ims.npy",
      prepare: {
        try NumpyArray.write(
          ArrayData([Float](repeating: 1, count: 18), shape: [6, 3]), to: $0.path("data/dev_ims.npy"))
      }),
    BadInput(
      "test of another width than the model", evaluate, names: "test_ims.npy",
      prepare: {
        try NumpyArray.write(
          ArrayData([Float](repeating: 1, count: 18), shape: [6, 3]), to: $0.path("data/test_ims.npy"))
      }),
    BadInput(
      "more folds than images", { evaluate($0) + ["--folds", "7"] }, names: "--folds"),
  ]

  static let models: [BadInput] = [
    BadInput("no model", evaluate, names: "model.safetensors", prepare: remove("model.safetensors")),
    BadInput(
      "model empty", evaluate, names: "model.safetensors", prepare: write([], to: "model.safetensors")),
    BadInput(
      "model cut short", evaluate, names: "model.safetensors",
      prepare: { try $0.change("model.safetensors") { $0.removeLast(10) } }),
    BadInput(
      "model's header cut short", info("model.safetensors"), names: "model.safetensors",
      prepare: { try $0.change("model.safetensors") { $0 = Array($0.prefix(200)) } }),
    BadInput(
      "a flipped bit in the header", embedImages, names: "model.safetensors",
      prepare: { try $0.change("model.safetensors") { $0[300] ^= 1 } }),
    BadInput(
      "a flipped bit in the middle", evaluate, names: "model.safetensors",
      prepare: { try $0.change("model.safetensors") { $0[$0.count / 2] ^= 16 } }),
    BadInput(
      "a flipped bit at the end", info("model.safetensors"), names: "model.safetensors",
      prepare: { try $0.change("model.safetensors") { $0[$0.count - 1] ^= 128 } }),
    BadInput(
      "an array as a model",
      {
        [
          "embed", "images", $0.path("data/dev_ims.npy"), $0.path("data/dev_ims.npy"), "--output",
          $0.path("new.npy"),
        ]
      },
      names: "dev_ims.npy"),
    BadInput(
      "a model as features", { ["embed", "images", $0.model, $0.model, "--output", $0.path("new.npy")] },
      names: "model.safetensors"),
  ]

  /// The original's model in the workspace, as `kiros.npz`.
  private static func kiros(
    _ change: @escaping @Sendable (Workspace) throws -> Void
  ) -> @Sendable (Workspace) throws -> Void {
    { workspace in
      for suffix in ["", ".pkl", ".dictionary.pkl"] {
        _ = try workspace.folder.write(
          bytes(ofFile: fixturePath("kiros/gru/model.npz" + suffix)), to: "kiros.npz" + suffix)
      }
      try change(workspace)
    }
  }
  private static let embedKiros: @Sendable (Workspace) -> [String] = {
    ["embed", "images", $0.path("kiros.npz"), $0.path("data/dev_ims.npy"), "--output", $0.path("new.npy")]
  }
  private static func convert(_ from: String, _ to: String) -> @Sendable (Workspace) -> [String] {
    { ["convert", $0.path(from), $0.path(to)] }
  }

  static let conversions: [BadInput] = [
    BadInput(
      "the original's model without options", embedKiros, names: "kiros.npz.pkl",
      prepare: kiros(remove("kiros.npz.pkl"))),
    BadInput(
      "the original's model without a dictionary", embedKiros, names: "kiros.npz.dictionary.pkl",
      prepare: kiros(remove("kiros.npz.dictionary.pkl"))),
    BadInput(
      "the original's weights cut short", info("kiros.npz"), names: "kiros.npz",
      prepare: kiros { try $0.change("kiros.npz") { $0.removeLast(100) } }),
    BadInput(
      "the original's options cut short", embedKiros, names: "kiros.npz.pkl",
      prepare: kiros { try $0.change("kiros.npz.pkl") { $0.removeLast(2) } }),
    BadInput(
      "the original's dictionary cut short", convert("kiros.npz", "new.safetensors"),
      names: "kiros.npz.dictionary.pkl",
      prepare: kiros { try $0.change("kiros.npz.dictionary.pkl") { $0.removeLast(2) } }),
    BadInput(
      "options of another model", embedKiros, names: "Wemb",
      prepare: kiros {
        _ = try $0.folder.write(bytes(ofFile: fixturePath("kiros/bow/model.npz.pkl")), to: "kiros.npz.pkl")
      }),
    BadInput(
      "an archive that is no model", embedKiros, names: "kiros.npz",
      prepare: { try NumpyArchive.write([("a", ArrayData([1] as [Float]))], to: $0.path("kiros.npz")) }),
    BadInput("convert nothing", convert("nothing", "new.npz"), names: "nothing"),
    BadInput(
      "convert over a model", convert("kiros.npz", "model.safetensors"), names: "model.safetensors",
      prepare: kiros { _ in }),
    BadInput(
      "convert over a file that is no model",
      { convert("kiros.npz", "file.safetensors")($0) + ["--overwrite"] },
      names: "file.safetensors",
      prepare: kiros { _ = try $0.folder.write(Array("precious".utf8), to: "file.safetensors") }),
    BadInput(
      "convert into a folder that is not there", convert("model.safetensors", "nowhere/new.npz"),
      names: "nowhere"),
    BadInput(
      "a checkpoint of VSE++ without a vocabulary", convert("model_best.pth.tar", "new.safetensors"),
      names: "--vocabulary",
      prepare: {
        _ = try $0.folder.write(
          bytes(ofFile: fixturePath("vsepp/stream/model_best.pth.tar")), to: "model_best.pth.tar")
      }),
    BadInput(
      "a checkpoint of VSE++ as a model",
      {
        ["embed", "sentences", fixturePath("vsepp/stream/model_best.pth.tar"), "-", "-o", $0.path("new.npy")]
      },
      names: "vse convert"),
    BadInput(
      "a pickle of options as a vocabulary",
      { train($0) + ["--vocabulary-from", fixturePath("kiros/gru/model.npz.pkl")] }, names: "model.npz.pkl"),
  ]

  static let outputs: [BadInput] = [
    BadInput(
      "train over a file that is no model", train, names: "new.safetensors",
      prepare: write(Array("precious".utf8), to: "new.safetensors")),
    BadInput(
      "train over a model", { Workspace.training(data: $0.data, output: $0.model) },
      names: "model.safetensors"),
    BadInput(
      "nothing to resume", { train($0) + ["--resume"] }, names: "new.checkpoint.safetensors"),
    BadInput(
      "train into a folder that is not there",
      { Workspace.training(data: $0.data, output: $0.path("nowhere/new.safetensors")) }, names: "nowhere"),
    BadInput(
      "embed into a folder that is not there", embedSentences(to: "nowhere.d/new.npy"), names: "nowhere.d"),
    BadInput(
      "embed over a file that is no array",
      { ["embed", "images", $0.model, $0.path("data/test_ims.npy"), "--output", $0.model] },
      names: "model.safetensors"),
    BadInput(
      "embed features with a NaN", embedImages, names: "test_ims.npy",
      prepare: {
        try $0.change("data/test_ims.npy") {
          $0.replaceSubrange($0.count - 4..<$0.count, with: [0, 0, 0xC0, 0x7F])
        }
      }),
    BadInput(
      "embed features too large", embedImages, names: "test_ims.npy",
      prepare: {
        try NumpyArray.write(
          ArrayData([Float](repeating: 3e38, count: 48), shape: [6, 8]), to: $0.path("data/test_ims.npy"))
      }),
    BadInput("demo in a folder that is not empty", { ["demo", "--folder", $0.data] }, names: "data"),
  ]

  static let unknownFiles: [BadInput] = [
    BadInput("info of nothing", info("nothing"), names: "nothing"),
    BadInput("info of an empty file", info("file"), names: "file", prepare: write([], to: "file")),
    BadInput("info of a text", info("data/test_caps.txt"), names: "test_caps.txt"),
    BadInput(
      "info of a damaged archive", info("file.npz"), names: "file.npz",
      prepare: write([0x50, 0x4B, 3, 4] + Array(repeating: 0, count: 40), to: "file.npz")),
    BadInput(
      "info of a pickle that is a program", info("file.pkl"), names: "posix.system",
      prepare: write(Array("cposix\nsystem\n(S'true'\ntR.".utf8), to: "file.pkl")),
    BadInput(
      "info of a pickle that is cut short", info("file.pkl"), names: "file.pkl",
      prepare: write([0x80, 2, 0x5D], to: "file.pkl")),
    BadInput(
      "info of a folder without a dataset", info("empty"), names: "empty",
      prepare: {
        try FileManager.default.createDirectory(atPath: $0.path("empty"), withIntermediateDirectories: true)
      }),
  ]
}

extension CommandLineTests {
  @Suite struct BadInputTests {
    @Test(
      arguments: BadInput.datasets + BadInput.models + BadInput.outputs + BadInput.unknownFiles
        + BadInput.conversions)
    func givesOneLineAndLeavesNothing(_ input: BadInput) throws {
      let workspace = try Workspace()
      try input.prepare(workspace)
      let before = try workspace.files()
      let run = try Executable.run(input.arguments(workspace))
      #expect(run.status == 1)
      #expect(run.errorLines.count == 1, "\(run.errors)")
      let line = try #require(run.errorLines.first)
      #expect(line.hasPrefix("Error: "))
      #expect(line.contains(input.named), "\(line)")
      let after = try workspace.files()
      #expect(after.keys.sorted() == before.keys.sorted())
      #expect(after == before)
    }

    @Test(
      .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: ["sentences", "images"])
    func aFullDiskIsAnError(kind: String) throws {
      let workspace = try Workspace()
      let input = workspace.path(kind == "images" ? "data/test_ims.npy" : "data/test_caps.txt")
      let run = try Executable.run(["embed", kind, workspace.model, input, "--output", "/dev/full"])
      #expect(run.status == 1)
      #expect(
        run.errorLines.count == 1 && run.errors.hasPrefix("Error: ") && run.errors.contains("/dev/full"))
    }

    @Test(arguments: [
      ("--threads", ["evaluate", "m", "--data", "d", "--threads", "0"]),
      ("--threads", ["train", "--data", "d", "--output", "o", "--threads", "0"]),
      ("--threads", ["benchmark", "product", "--threads", "-1"]),
      ("--folds", ["evaluate", "m", "--data", "d", "--folds", "0"]),
      ("--first", ["evaluate", "m", "--data", "d", "--first", "0"]),
      ("--split", ["evaluate", "m", "--data", "d", "--split", "all"]),
      ("--dim", ["train", "--data", "d", "--output", "o", "--dim", "0"]),
      ("--dim", ["train", "--data", "d", "--output", "o", "--dim", "1e3"]),
      ("--word-dim", ["train", "--data", "d", "--output", "o", "--word-dim", "70000"]),
      ("--batch-size", ["train", "--data", "d", "--output", "o", "--batch-size", "1"]),
      ("--epochs", ["train", "--data", "d", "--output", "o", "--epochs", "0"]),
      ("--margin", ["train", "--data", "d", "--output", "o", "--loss", "sum", "--margin", "nan"]),
      ("--margin belongs to", ["train", "--data", "d", "--output", "o", "--margin", "0.1"]),
      (
        "--hard-negative-warmup belongs to",
        ["train", "--data", "d", "--output", "o", "--loss", "sum", "--hard-negative-warmup", "1"]
      ),
      (
        "--initial-bias belongs to",
        ["train", "--data", "d", "--output", "o", "--loss", "infonce", "--initial-bias", "0"]
      ),
      ("--learning-rate", ["train", "--data", "d", "--output", "o", "--learning-rate", "0"]),
      ("--max-length", ["train", "--data", "d", "--output", "o", "--max-length", "1"]),
      ("--peepholes", ["train", "--data", "d", "--output", "o", "--peepholes"]),
      ("--encoder", ["train", "--data", "d", "--output", "o", "--encoder", "transformer"]),
      ("--precision", ["embed", "images", "m", "i", "--output", "o", "--precision", "int8"]),
      ("--output", ["embed", "sentences", "m", "i"]),
      ("name", ["benchmark", "everything"]),
      ("--time", ["benchmark", "train-step", "--time", "0"]),
      ("--steps", ["benchmark", "train-step", "--steps", "0"]),
      ("--tokens", ["benchmark", "train-step", "--tokens", "normal"]),
      ("--surprise", ["info", "x", "--surprise"]),
    ])
    func optionsOutOfRangeAreWrongUsage(option: String, arguments: [String]) throws {
      let folder = try TemporaryFolder()
      let run = try Executable.run(arguments, folder: folder)
      #expect(run.status == 64)
      let errors = run.errorLines.filter { $0.hasPrefix("Error: ") }
      #expect(errors.count == 1, "\(run.errors)")
      #expect(errors.first?.contains(option) == true, "\(run.errors)")
      #expect(try folder.contents().isEmpty)
    }
  }
}
