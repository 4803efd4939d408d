internal import DataFormats
internal import Tensors
public import VisualSemanticEmbedding

/// Photos and captions as vectors on disk, to be searched: a folder with a catalogue and a file of vectors.
///
/// Any number of processes may search an index while one adds to it; several that add take turns. What a call has
/// reported as added is on disk and survives a crash. Like the model it holds, an index belongs to one thread.
public final class EmbeddingIndex {
  /// The folder.
  public let path: String
  /// Turns photos into features, for queries with photos; where there is none these are an error.
  public var imageEmbedder: (any ImageEmbedder)?
  let folder: IndexFolder
  let catalogue: Catalogue
  private var loadedModel: EmbeddingModel?
  /// The right to change the index, while `whileLocked` has it.
  private var heldLock: IndexLock?
  /// What the last search saw of the index.
  var snapshot: IndexSnapshot?

  private init(_ folder: IndexFolder, catalogue: Catalogue, model: EmbeddingModel?) {
    path = folder.path
    self.folder = folder
    self.catalogue = catalogue
    loadedModel = model
  }

  /// Opens an index that is there.
  ///
  /// - Parameters:
  ///   - path: its folder.
  ///   - model: the model that it was made with; where there is none it is read, when a query first needs it, from
  ///     where it was when the index was made.
  ///   - modelPath: where `model` is, for messages.
  /// - Throws: `IndexError`, also when it was made with another model.
  public convenience init(path: String, model: EmbeddingModel? = nil, modelPath: String? = nil) throws {
    let folder = IndexFolder(path: Self.trimmed(path))
    guard folder.exists else { throw IndexError.notAnIndex(path: path) }
    let catalogue = try Catalogue(folder)
    guard let state = try catalogue.state() else { throw IndexError.notAnIndex(path: path) }
    if let model { try Self.check(model, path: modelPath ?? "MODEL", state: state, index: folder.path) }
    self.init(folder, catalogue: catalogue, model: model)
  }

  /// Opens an index with its model, or makes an empty one where nothing is.
  ///
  /// - Parameters:
  ///   - path: its folder.
  ///   - model: the model that its vectors are from, or are to be from.
  ///   - modelPath: where `model` is now, kept for later queries and for messages.
  ///   - options: for an index that is made; an existing one keeps its own.
  ///   - waiting: called when another process is changing the index.
  /// - Throws: `IndexError`, `FileError`.
  public static func opening(
    path: String, model: EmbeddingModel, modelPath: String, options: IndexOptions = IndexOptions(),
    waiting: () throws -> Void = {}
  ) throws -> EmbeddingIndex {
    let folder = IndexFolder(path: trimmed(path))
    try folder.make()
    // Not even a lock is left in what is no index.
    if folder.exists { _ = try Catalogue(folder).state() }
    let lock = try IndexLock(folder, waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    let catalogue = try Catalogue(folder)
    if var state = try catalogue.state() {
      try check(model, path: modelPath, state: state, index: folder.path)
      if state.modelPath != modelPath {
        state.modelPath = modelPath
        try catalogue.write { try state.update($0) }
      }
    } else {
      guard folder.hasNothingElse else { throw IndexError.folderIsTaken(path: folder.path) }
      let state = IndexState(
        modelIdentity: model.identity, modelPath: modelPath, dim: model.configuration.dim,
        precision: options.precision, approximateFrom: options.approximateFrom)
      _ = try VectorFileWriter(creating: folder.vectors(generation: 1), header: state.header)
      try catalogue.create(state)
    }
    return EmbeddingIndex(folder, catalogue: catalogue, model: model)
  }

  /// Whether the folder at `path` has a catalogue, so that it is an index, or should be.
  public static func isIndex(path: String) -> Bool { IndexFolder(path: trimmed(path)).exists }

  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path = path.dropLast() }
    return String(path)
  }

  private static func check(_ model: EmbeddingModel, path: String, state: IndexState, index: String) throws {
    guard model.identity == state.modelIdentity, model.configuration.dim == state.dim else {
      throw IndexError.otherModel(path: index, made: state.modelPath, given: path)
    }
  }

  /// What the catalogue says of the index now.
  func state() throws -> IndexState {
    guard let state = try catalogue.state() else { throw IndexError.notAnIndex(path: path) }
    return state
  }

  /// The model that the vectors are from: the one given, or read from where it was.
  public func model() throws -> EmbeddingModel {
    if let loadedModel { return loadedModel }
    let state = try state()
    let model: EmbeddingModel
    do {
      model = try ModelFile.read(state.modelPath)
    } catch {
      throw IndexError.modelIsMissing(path: path, model: state.modelPath, reason: "\(error)")
    }
    try Self.check(model, path: state.modelPath, state: state, index: path)
    loadedModel = model
    return model
  }

  /// The right to change the index, once it is free; `waiting` is called when it is not at once.
  func lock(waiting: () throws -> Void) throws -> IndexLock {
    try heldLock ?? IndexLock(folder, waiting: waiting)
  }

  /// Calls `body` with the right to change the index, so that what it changes there and what it does beside, such as
  /// with the files of photos, come in one order for all processes.
  package func whileLocked<Value>(
    waiting: () throws -> Void = {}, _ body: () throws -> Value
  ) throws -> Value {
    let outer = heldLock
    heldLock = try lock(waiting: waiting)
    defer { heldLock = outer }
    return try body()
  }
}

/// Turns photos into the features that models take; what a program that searches by photos brings along.
public protocol ImageEmbedder {
  /// The number of features of a photo, I.
  var featureCount: Int { get }

  /// The features of photos, in their order, or why a photo has none.
  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>]
}
