public import Foundation

/// A folder of its own for one test, removed with everything in it when this object goes.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("vse-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a file of this name in the folder, which need not exist.
  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a file of this name and returns its path.
  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    // A file that is shortened and written again is flushed to disk by ext4, which is slow; a new one is not.
    try? FileManager.default.removeItem(atPath: path(name))
    try Data(bytes).write(to: url.appendingPathComponent(name))
    return path(name)
  }

  /// The names of everything in the folder, sorted.
  public func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }
}

/// The bytes of the file at `path`.
public func bytes(ofFile path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// The path of a file of the repository.
public func repositoryPath(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(name).path
}

/// The path of a file in Tests/Fixtures.
public func fixturePath(_ name: String) -> String { repositoryPath("Tests/Fixtures/\(name)") }
