import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// Standard streams that are full or closed, as a shell can make them.
  @Suite struct StreamTests {
    /// Runs `vse` from a shell with these redirections and returns its exit status.
    private func run(_ redirections: String, _ arguments: [String]) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "\"$0\" \"$@\" \(redirections)", try Executable.url.path] + arguments
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationReason == .exit)
      return process.terminationStatus
    }

    private func training(_ workspace: Workspace) -> [String] {
      [
        "train", "--data", workspace.path("data"), "--output", workspace.path("new.safetensors"),
        "--dim", "8", "--word-dim", "4", "--epochs", "2", "--threads", "1", "--report-every", "1",
      ]
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func anAnswerThatCannotBeWrittenIsAnError() throws {
      let workspace = try Workspace()
      for arguments in [["info", workspace.model], ["info", workspace.model, "--json"]] {
        #expect(try run(">/dev/full 2>'\(workspace.path("errors"))'", arguments) == 1)
        let errors = String(decoding: try bytes(ofFile: workspace.path("errors")), as: UTF8.self)
        #expect(errors.hasPrefix("Error: standard output") && errors.split(separator: "\n").count == 1)
      }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullLogDoesNotStopTraining() throws {
      let workspace = try Workspace()
      #expect(try run(">/dev/null 2>/dev/full", training(workspace)) == 0)
      #expect(try run(">/dev/null 2>&1", ["info", workspace.path("new.safetensors")]) == 0)
    }

    /// A file that is opened after a stream was closed gets the stream's number.
    @Test(arguments: ["2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
    func whatIsPrintedToAClosedStreamGoesIntoNoFile(redirections: String) throws {
      let workspace = try Workspace()
      #expect(try run(redirections, training(workspace)) == 0)
      let lines = try bytes(ofFile: workspace.path("new.history.jsonl")).split(separator: 10)
      #expect(!lines.isEmpty)
      for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line)) }
      #expect(try run(">/dev/null 2>&1", ["info", workspace.path("new.checkpoint.safetensors")]) == 0)
    }
  }
}
