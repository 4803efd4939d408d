import ArgumentParser
import EmbeddingServer
import Foundation
import ImageFeatures
import Logging
import Retrieval
import ServiceLifecycle
import Synchronization
import Tensors
import UnixSignals
import VisualSemanticEmbedding

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve an index: a page to search with, and the same for programs.",
    discussion: """
      Opens no page itself: go to the address that it prints. Only this machine can reach it, unless --host says \
      otherwise, and then clients need --token, or nobody does with --no-token. Uploaded photos are understood with \
      the network that the index was made with. For example:
        vse serve photos.index
        vse serve photos.index --network vgg19 --weights vgg19.pkl --port 0
        vse serve photos.index --host 0.0.0.0 --token "$(openssl rand -hex 16)"

      The API is described at /openapi.json. Ctrl-C stops it, once requests under way are answered.
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  @Option(help: ArgumentHelp("The address to listen at.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: "The port; 0 for any that is free.")
  var port = 8080

  @Option(
    help: "What clients must send as a bearer token (default: what VSE_TOKEN holds, which others cannot see)."
  )
  var token: String?

  @Flag(help: "Let everybody who can reach the server use it.")
  var noToken = false

  @Flag(help: "Let clients add and remove items.")
  var allowChanges = false

  @Option(
    help: ArgumentHelp("Where the photos are that the index has without their folder.", valueName: "folder"),
    completion: .directory)
  var photos: String?

  @OptionGroup var network: PhotoNetworkArguments

  @Option(
    help: ArgumentHelp("The model, where it is not where it was when the index was made.", valueName: "file"),
    completion: .file(extensions: ["safetensors", "npz"]))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Requests a second that a client may make, 0 for any number (default: 100, any for this machine's).",
      valueName: "count"))
  var rate: Double?

  @Option(
    help: ArgumentHelp("Requests that may wait; more are refused (503).", valueName: "count"))
  var queue = ServerLimits().waitingRequests

  @Option(help: ArgumentHelp("Answer at most so many waiting queries together.", visibility: .hidden))
  var batch = ServerLimits().batchSize

  @Flag(help: "Say on standard error what is asked for.")
  var verbose = false

  @OptionGroup var compute: ComputeOptions

  /// An empty variable is none: as a token it would shut everybody out.
  private var givenToken: String? {
    token ?? ProcessInfo.processInfo.environment["VSE_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether a header can have it as it is.
  private static func canBeSent(_ token: String) -> Bool {
    token.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !token.hasPrefix(" ") && !token.hasSuffix(" ")
  }

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535") }
    if token != nil, noToken { throw ValidationError("give either --token or --no-token") }
    if let token, token.isEmpty { throw ValidationError("--token must not be empty") }
    if !noToken, let givenToken, !Self.canBeSent(givenToken) {
      throw ValidationError(
        "\(token == nil ? "VSE_TOKEN" : "--token") must be ASCII letters, digits and signs without a space at either "
          + "end: a header can send no others")
    }
    if let rate, !(rate >= 0 && rate.isFinite) { throw ValidationError("--rate must be 0 or more") }
    if queue < 1 || batch < 1 { throw ValidationError("--queue must be 1 or more") }
    if givenToken == nil, !noToken, !ServerOptions.isLoopback(host) {
      throw ValidationError(
        "others than this machine can reach \(host): give --token TOKEN, or --no-token to let everybody in")
    }
  }

  func run() throws {
    let precision = compute.apply()
    let (index, network, model, threads) = (index, network, model, compute.threadCount)
    var logger = Logger(label: "vse") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = verbose ? .debug : .warning
    let options = options
    let server = EmbeddingServer(
      path: index, options: options, logger: logger,
      opening: {
        Parallel.threadCount = threads
        let opened = try EmbeddingIndex(
          path: index, model: try model.map { try ModelFile.read($0, precision: precision) })
        guard network.isGiven else { return ServedIndex(opened) }
        let loaded = try network.choice.load(
          precision: precision, batchSize: FeatureExtraction.Options().batchSize)
        return ServedIndex(opened, photoNetwork: .init(loaded, normalizes: network.normalize))
      },
      onListening: { port in print("Listening on \(options.address(port: port))  (Ctrl-C stops)") })
    var configuration = ServiceGroupConfiguration(
      services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(options.limits.requestSeconds + 5)
    try Self.wait(for: ServiceGroup(configuration: configuration))
  }

  private var options: ServerOptions {
    var options = ServerOptions()
    options.host = host
    options.port = port
    options.token = noToken ? nil : givenToken
    options.allowsChanges = allowChanges
    options.photoFolder = photos
    options.version = VSE.version
    options.limits.requestsPerSecond = rate
    options.limits.waitingRequests = queue
    options.limits.batchSize = batch
    return options
  }

  /// Runs a group of services while this thread waits: the command line is synchronous, as its computing belongs on one
  /// thread.
  private static func wait(for group: ServiceGroup) throws {
    let outcome = Mutex<Result<Void, any Error>?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    Task {
      let result: Result<Void, any Error>
      do { result = .success(try await group.run()) } catch { result = .failure(error) }
      outcome.withLock { $0 = result }
      isDone.signal()
    }
    isDone.wait()
    try outcome.withLock { $0 }?.get()
  }
}
