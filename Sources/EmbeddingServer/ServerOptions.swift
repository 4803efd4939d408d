/// How to serve an index.
public struct ServerOptions: Sendable {
  /// The address or name to listen at.
  public var host = "127.0.0.1"
  /// The port; 0 for any that is free.
  public var port = 8080
  /// What clients of the API must know; nil where everybody may use it.
  public var token: String?
  /// Whether clients may add and remove items.
  public var allowsChanges = false
  /// Where photos are whose names in the index are no absolute paths; nil for the working folder.
  public var photoFolder: String?
  /// The program's version, for `GET /api/info`.
  public var version = ""
  /// How much a client may demand.
  public var limits = ServerLimits()

  /// Loopback, read only, without a token.
  public init() {}
}

/// How much clients may demand; all of it is bounded, so that none can stop the others being served.
public struct ServerLimits: Sendable {
  /// The most bytes of a request with a photo.
  public var bodyBytes = 20_000_000
  /// The most bytes of a request without one.
  public var jsonBytes = 1_000_000
  /// The most bytes that all requests under way may hold together: bodies that are being received or wait to be decoded,
  /// and decoded photos that wait for the network, 600 kB each.
  public var heldBytes = 200_000_000
  /// The most photos to add in a request: the network sees them at once, and searches wait meanwhile.
  public var addedPhotos = 8
  /// The most pixels of a photo, told by its header; one takes up to 11 bytes while it is decoded.
  public var imagePixels = 50_000_000
  /// The most hits of a search.
  public var resultCount = 200
  /// The most items of a list.
  public var listedItems = 1000
  /// The most bytes of a sentence, in UTF-8.
  public var textBytes = 2000
  /// The most words of a sentence: encoding a thousand takes as long as many searches.
  public var sentenceWords = 128
  /// The most words of a query, all of its sentences together.
  public var queryWords = 512
  /// The most words of a request that are encoded at once: its further sentences are encoded after those of others.
  public var wordsAtOnce = 1024
  /// The most words or sentences to add to or subtract from a query.
  public var queryParts = 32
  /// The most sentences to embed, or captions to add, in a request.
  public var texts = 256
  /// The most requests that wait for the computing thread.
  public var waitingRequests = 256
  /// The most photos that wait to be decoded.
  public var waitingPhotos = 64
  /// How many waiting queries are answered together.
  public var batchSize = 64
  /// Requests a second of one client, of which it may save up two seconds' worth; nil for no bound on clients of this
  /// machine and 100 for others, 0 for no bound at all.
  public var requestsPerSecond: Double?
  /// The seconds until a request is answered with 408, reading its body included; and those that a client may take to
  /// read an answer.
  public var requestSeconds = 30.0
  /// The seconds that a server which is to stop waits for requests that are not whole, and for answers that are not read;
  /// what is whole is answered.
  public var stoppingSeconds = 3.0
  /// The seconds that a connection may be silent before, within or between requests.
  public var idleSeconds = 15.0
  /// The most connections; more wait to be accepted.
  public var connections = 1024
  /// The most sentence vectors that are remembered.
  public var cachedSentences = 10_000
  /// The most bytes of pictures that are remembered.
  public var cachedPictureBytes = 64_000_000

  /// The defaults.
  public init() {}
}

extension ServerOptions {
  /// Whether only this machine can reach a server that listens at a name or an address.
  public static func isLoopback(_ host: String) -> Bool { AccessRules.isLoopback(host) }

  /// The address for a browser.
  public func address(port: Int) -> String {
    "http://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
  }
}
