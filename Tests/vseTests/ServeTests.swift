import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct ServeTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private var index: String { workspace.path("served.index") }

    /// An index of captions.
    private func fill() throws {
      _ = try Executable.succeed([
        "index", "add", index, "--model", workspace.model, "--captions", workspace.path("data/test_caps.txt"),
      ])
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func itSaysWhereAndEndsWellWhenAsked(signal: Int32) throws {
      try fill()
      let output = Pipe()
      let process = Process()
      process.executableURL = try Executable.url(of: "vse")
      process.arguments = ["serve", index, "--port", "0"]
      process.standardOutput = output
      try process.run()
      defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
      var line = ""
      while !line.hasSuffix("\n") {
        let more = output.fileHandleForReading.availableData
        guard !more.isEmpty else { break }
        line += String(decoding: more, as: UTF8.self)
      }
      #expect(line.wholeMatch(of: /Listening on http:\/\/127\.0\.0\.1:[1-9]\d*  \(Ctrl-C stops\)\n/) != nil)
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 0)
      #expect(try Executable.succeed(["index", "verify", index]).output.contains("12"))
    }

    @Test(arguments: [
      (["--host", "0.0.0.0"], "--no-token"), (["--port", "65536"], "65535"), (["--token", ""], "empty"),
      (["--token", "x", "--no-token"], "either"), (["--rate", "-1"], "--rate"),
      (["--queue", "0"], "--queue"),
      (["--weights", "x"], "--network"),
    ])
    func wrongUsageIsTold(options: [String], says: String) throws {
      let run = try Executable.run(["serve", "photos.index"] + options)
      #expect(run.status == 64)
      #expect(run.errors.contains(says), "\(run.errors)")
    }

    @Test(arguments: ["se\ncret", "sécret", " secret", "secret\t"])
    func aTokenThatNoHeaderCanHaveIsTold(token: String) throws {
      let option = try Executable.run(["serve", "photos.index", "--token", token])
      #expect(option.status == 64)
      #expect(option.errors.contains("--token must be ASCII"), "\(option.errors)")
      let variable = try Executable.run(["serve", "photos.index"], environment: ["VSE_TOKEN": token])
      #expect(variable.status == 64)
      #expect(variable.errors.contains("VSE_TOKEN must be ASCII"), "\(variable.errors)")
    }

    @Test func whatCannotBeServedIsTold() throws {
      let none = try Executable.run(["serve", workspace.path("none.index"), "--port", "0"])
      #expect(none.status == 1)
      #expect(none.errors.contains("there is no index"))
      try fill()
      let network = try Executable.run(["serve", index, "--port", "0", "--network", "descriptor"])
      #expect(network.status == 1)
      #expect(network.errors.contains("1152 features"), "\(network.errors)")
      let host = try Executable.run(["serve", index, "--host", "203.0.113.1", "--no-token", "--port", "0"])
      #expect(host.status == 1)
      #expect(host.errors.contains("cannot listen at '203.0.113.1'"), "\(host.errors)")
      #expect(host.errors.split(separator: "\n").count == 1)
    }
  }
}
