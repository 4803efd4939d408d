import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct ChanceTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    /// Six images with two captions each.
    @Test func scoresStandBesideThoseOfChance() throws {
      let evaluation = ["evaluate", workspace.model, "--data", workspace.data]
      let plain = try Executable.succeed(evaluation).output
      let output = try Executable.succeed(evaluation + ["--chance"]).output
      let rows = output.split(separator: "\n").filter { $0.hasPrefix("  by chance") }
        .map { $0.split(separator: " ").dropFirst(2).map(String.init) }
      #expect(rows.count == 2 && rows[0][0] == "16.7" && rows[1][0] == "16.7" && rows[1][1] == "83.3")
      for line in plain.split(separator: "\n").dropLast() { #expect(output.contains(line)) }
      for more in [["--json"], [workspace.model], ["--report", workspace.path("report.json")]] {
        let run = try Executable.run(evaluation + ["--chance"] + more)
        #expect(run.status == 64 && run.errors.contains("--chance"), "\(more)")
      }
    }
  }
}
