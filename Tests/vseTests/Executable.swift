import Foundation
import TestSupport
import Testing

/// The built `vse`, or another program of the package, run as a process.
enum Executable {
  /// How a run ended and what it wrote.
  struct Run {
    let status: Int32
    let output: String
    let errors: String

    /// The lines of standard error, the last line feed left out.
    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  struct NotFound: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs `vse`, or another program, with two threads at most, in `folder` where given.
  static func run(
    _ arguments: [String], input: String = "", folder: TemporaryFolder? = nil, program: String = "vse",
    environment: [String: String] = [:]
  ) throws -> Run {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = try url(of: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder?.url
    // Files, which unlike pipes hold any amount while nobody reads.
    let texts = try TemporaryFolder()
    for name in ["input", "output", "errors"] {
      _ = try texts.write(name == "input" ? Array(input.utf8) : [], to: name)
    }
    process.standardInput = try FileHandle(forReadingFrom: texts.url.appendingPathComponent("input"))
    process.standardOutput = try FileHandle(forWritingTo: texts.url.appendingPathComponent("output"))
    process.standardError = try FileHandle(forWritingTo: texts.url.appendingPathComponent("errors"))
    try process.run()
    process.waitUntilExit()
    try #require(
      process.terminationReason == .exit, "vse \(arguments) ended by signal \(process.terminationStatus)")
    return Run(
      status: process.terminationStatus,
      output: String(decoding: try bytes(ofFile: texts.path("output")), as: UTF8.self),
      errors: String(decoding: try bytes(ofFile: texts.path("errors")), as: UTF8.self))
  }

  /// Runs `vse` and expects it to succeed.
  static func succeed(_ arguments: [String], input: String = "", folder: TemporaryFolder? = nil) throws -> Run
  {
    let run = try run(arguments, input: input, folder: folder)
    try #require(run.status == 0, "vse \(arguments.joined(separator: " ")): \(run.errors)")
    return run
  }

  /// Beside the bundle of the tests, where the package manager builds it.
  static var url: URL { get throws { try url(of: "vse") } }

  static func url(of program: String) throws -> URL {
    let candidates = folders.map { $0.appendingPathComponent(program) }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
    else {
      throw NotFound(
        description: "no built \(program) in \(folders.map(\.path)); build it: swift build -c release")
    }
    return found
  }

  private static var folders: [URL] {
    var bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
    // The bundle is the process itself (Linux), or what a helper of the package manager loads (macOS).
    let arguments = ProcessInfo.processInfo.arguments
    if let index = arguments.firstIndex(of: "--test-bundle-path"), index + 1 < arguments.count {
      var bundle = URL(fileURLWithPath: arguments[index + 1])
      while bundle.pathExtension != "xctest", bundle.path != "/" { bundle.deleteLastPathComponent() }
      bundles.append(bundle)
    }
    if let process = arguments.first { bundles.append(URL(fileURLWithPath: process)) }
    return bundles.map { $0.deletingLastPathComponent() } + [Bundle.main.bundleURL]
  }
}
