internal import DataFormats
internal import Foundation

/// The options of a model of Kiros et al.: how it is built, and whatever else its trainer was told.
struct KirosOptions {
  /// What the original needs to build the model.
  let configuration: ModelConfiguration
  /// What we wrote into them of a model of ours.
  let ours: Ours
  /// All options but ours, for display.
  let values: [String: OptionValue]

  /// What a model of ours knows and the original's options have no place for; JSON under the key `vse`.
  struct Ours: Codable {
    var training: TrainingOptions?
    var validation: ValidationRecord?
  }

  static let oursKey = "vse"
  /// The options that the original's `init_params` reads.
  static let encoderKey = "encoder"
  static let rowsKey = "n_words"
  static let dimKey = "dim"
  static let wordDimKey = "dim_word"
  static let imageDimKey = "dim_image"

  /// Reads the pickle at `path`.
  init(path: String) throws {
    try self.init(PickleReader.read(path: path), path: path)
  }

  /// Takes what a pickle holds for options; `path` is for messages.
  init(_ value: PickleValue, path: String) throws(KirosModelError) {
    guard case .dictionary = value else { throw .optionsAreNoDictionary(path: path) }
    values = OptionValue.named(value).filter { $0.key != Self.oursKey }
    let reader = Reader(options: value, path: path)
    let encoder = try reader.encoder()
    let (dim, wordDim) = (try reader.size(Self.dimKey), try reader.size(Self.wordDimKey))
    guard encoder != .bow || dim == wordDim else {
      throw .unusableOption(
        path: path, name: Self.wordDimKey, value: "\(wordDim)", expected: "\(dim) as \(Self.dimKey) of a bow")
    }
    configuration = ModelConfiguration(
      encoder: encoder, dim: dim, wordDim: wordDim, imageDim: try reader.size(Self.imageDimKey),
      vocabularySize: try reader.size(Self.rowsKey, from: Int(TokenScheme.kiros.firstWord)))
    let json = value[Self.oursKey]?.string
    // Whatever else may stand there is an option like any other.
    ours = json.flatMap { try? JSONDecoder().decode(Ours.self, from: Data($0.utf8)) } ?? Ours()
  }

  /// Looks up options by name and checks their values.
  private struct Reader {
    let options: PickleValue
    let path: String

    private func value(_ name: String) throws(KirosModelError) -> PickleValue {
      guard let value = options[name] else { throw .missingOption(path: path, name: name) }
      return value
    }

    func size(_ name: String, from minimum: Int = 1) throws(KirosModelError) -> Int {
      let value = try value(name)
      guard let size = value.int, (minimum...ModelFile.sizeLimit).contains(size) else {
        throw .unusableOption(
          path: path, name: name, value: OptionValue(value).description,
          expected: "a whole number from \(minimum) to \(ModelFile.sizeLimit)")
      }
      return size
    }

    func encoder() throws(KirosModelError) -> ModelConfiguration.Encoder {
      let value = try value(KirosOptions.encoderKey)
      switch value.string {
      case "gru": return .gru
      case "bow": return .bow
      default:
        throw .unusableOption(
          path: path, name: KirosOptions.encoderKey, value: OptionValue(value).description,
          expected: "gru or bow, the encoders that the original has")
      }
    }
  }
}

extension KirosOptions {
  /// The options of a model as the original's code reads them, as a pickle of protocol 0.
  static func pickle(configuration: ModelConfiguration, ours: Ours) throws -> [UInt8] {
    var entries: [PickleDictionary.Entry] = []
    // Byte strings are what Python 2 calls `str`.
    func text(_ text: String) -> PickleValue { .bytes(ByteString(Array(text.utf8))) }
    func add(_ name: String, _ value: PickleValue) {
      entries.append(PickleDictionary.Entry(key: text(name), value: value))
    }
    func add(_ name: String, _ value: Int) { add(name, .integer(PickleInteger(Int64(value)))) }
    // As one would write it: 0.2, not the 0.20000000298 that is the nearest Float.
    func add(_ name: String, _ value: Float) { add(name, .double(Double("\(value)") ?? Double(value))) }

    add(encoderKey, text(configuration.encoder.rawValue))
    add(dimKey, configuration.dim)
    add(wordDimKey, configuration.wordDim)
    add(imageDimKey, configuration.imageDim)
    add(rowsKey, configuration.vocabularySize)
    if let training = ours.training {
      add("margin", training.margin)
      add("max_epochs", training.epochs)
      add("batch_size", training.batchSize)
      add("lrate", training.learningRate)
      add("grad_clip", training.gradientClip)
      add("decay_c", training.weightDecay)
      add("validFreq", training.validateEvery)
      add("optimizer", text("adam"))
      if let length = training.maximumLength { add("maxlen_w", length) }
    }
    if ours.training != nil || ours.validation != nil { add(oursKey, text(try ModelFile.json(ours))) }
    return try PickleWriter.pickle(.dictionary(PickleDictionary(entries: entries)), as: .text)
  }
}
