import EmbeddingServer
import Foundation
import ImageFeatures
import Logging
import Retrieval
import ServiceLifecycle
import Synchronization
import Tensors
import TestSupport
import VisualSemanticEmbedding

/// A small model and an index of photos and captions, served on a free port of this machine.
struct ToyServer {
  let folder: TemporaryFolder
  let port: Int

  var indexPath: String { folder.path("toy.index") }

  static var network: any FeatureNetwork { PhotoDescriptor() }
  static let words = [
    "a", "dog", "cat", "runs", "sleeps", "on", "the", "beach", "street", "red", "blue", "café",
  ]
  static let photos = ["jpeg.jpg", "png.png", "grey.jpg", "progressive.jpg", "lossy.webp"]
  static let captions = ["a dog runs", "a cat sleeps on the beach", "the red dog", "a blue street"]

  /// Serves while `body` runs, then stops gracefully and waits until all is closed.
  ///
  /// - Parameter gate: what the network waits at.
  static func withServer<Value>(
    photos: [String] = photos, captions: [String] = captions, hasNetwork: Bool = true, gate: Gate = Gate(),
    _ configure: (inout ServerOptions) -> Void = { _ in }, _ body: (ToyServer) async throws -> Value
  ) async throws -> Value {
    try await withServer(
      photos: photos, captions: captions, hasNetwork: hasNetwork, gate: gate, preparing: { _ in },
      configuring: configure, serving: body)
  }

  /// The same, where something is done with the index before the server starts.
  static func withServer<Value>(
    photos: [String] = photos, captions: [String] = captions, hasNetwork: Bool = true, gate: Gate = Gate(),
    preparing prepare: (TemporaryFolder) throws -> Void, configuring configure: (inout ServerOptions) -> Void,
    serving body: (ToyServer) async throws -> Value
  ) async throws -> Value {
    let folder = try TemporaryFolder()
    try makeIndex(in: folder, photos: photos, captions: captions)
    try prepare(folder)
    var options = ServerOptions()
    options.port = 0
    options.version = "1"
    options.limits.requestSeconds = 10
    configure(&options)
    let listening = AsyncStream<Int>.makeStream()
    let path = folder.path("toy.index")
    let server = EmbeddingServer(
      path: path, options: options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      opening: {
        ServedIndex(
          try EmbeddingIndex(path: path),
          photoNetwork: hasNetwork ? .init(GatedNetwork(inner: network, gate: gate), normalizes: true) : nil)
      }, onListening: { listening.continuation.yield($0) })
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    let running = Task {
      defer { listening.continuation.finish() }
      try await group.run()
    }
    var ports = listening.stream.makeAsyncIterator()
    guard let port = await ports.next() else {
      try await running.value
      throw ConnectionError.refused
    }
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(ToyServer(folder: folder, port: port)))
    } catch { result = .failure(error) }
    await group.triggerGracefulShutdown()
    try await running.value
    return try result.get()
  }

  /// An index at `toy.index`, and its model beside it.
  static func makeIndex(in folder: TemporaryFolder, photos: [String], captions: [String]) throws {
    let vocabulary = try Vocabulary(words: words.map { Word($0) }, scheme: .kiros)
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        encoder: .gru, dim: 24, wordDim: 8, imageDim: PhotoDescriptor().featureSize,
        vocabularySize: vocabulary.embeddingRows))
    var generator = SeededRandomNumberGenerator(seed: 1)
    network.initialize(using: &generator)
    let model = EmbeddingModel(network: network, vocabulary: vocabulary)
    let modelPath = folder.path("model.safetensors")
    try ModelFile.write(model, to: modelPath)
    let index = try EmbeddingIndex.opening(path: folder.path("toy.index"), model: model, modelPath: modelPath)
    if !photos.isEmpty {
      let paths = photos.map { fixturePath("photos/\($0)") }
      let report = try index.add(
        photos: paths, embedder: DescriptorEmbedder(),
        labels: ItemLabels(metadata: paths.indices.map { "{\"place\":\($0)}" }))
      precondition(report.failures.isEmpty, "the photos of the fixtures can be read")
    }
    if !captions.isEmpty {
      let file = try CaptionFile(bytes: Array(captions.joined(separator: "\n").utf8), path: "captions")
      _ = try index.add(captions: file, labels: ItemLabels(groups: ["all"]))
    }
  }

  /// The index as another process sees it.
  func index() throws -> EmbeddingIndex { try EmbeddingIndex(path: indexPath) }

  /// Sends a request on a connection of its own and waits for the answer.
  ///
  /// Tasks may not block their threads, which the server needs as well.
  func ask(_ request: HTTPRequestText) async throws -> HTTPAnswer {
    try await Self.blocking { [port] in
      let connection = try HTTPConnection(port: port)
      connection.send(request.bytes(port: port))
      guard let answer = try connection.answer(toHead: request.method == "HEAD") else {
        throw ConnectionError.cutOff
      }
      return answer
    }
  }

  /// The answer to a GET.
  func get(_ path: String, headers: [String: String] = [:]) async throws -> HTTPAnswer {
    try await ask(HTTPRequestText("GET", path, headers: headers))
  }

  /// The answer to JSON.
  func post(_ path: String, _ json: String, headers: [String: String] = [:]) async throws -> HTTPAnswer {
    try await ask(HTTPRequestText("POST", path, json: json, headers: headers))
  }

  /// Runs what blocks on a thread of its own.
  static func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }
}

/// The descriptors of photos in files, as the server's network makes them.
struct DescriptorEmbedder: ImageEmbedder {
  var featureCount: Int { PhotoDescriptor().featureSize }

  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>] {
    paths.map { path in
      Result {
        let descriptor = PhotoDescriptor()
        let input = Matrix(rows: 1, columns: descriptor.preprocessing.inputSize)
        let photo = try Photo(contentsOf: path)
        try input.withUnsafeMutableElements { try descriptor.preprocessing.write(photo, path: path, to: $0) }
        let features = descriptor.features(of: input)
        features.normalizeRows()
        return features.rowValues(0)
      }
    }
  }
}
