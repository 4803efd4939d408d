import DataFormats
import FormatFuzzing
import Testing

/// A short run of what the `fuzz` program does at length.
@Suite struct FuzzingTests {
  @Test(arguments: try FuzzedFormat.all().map(\.name))
  func damagedFilesAreReadOrRefused(name: String) throws {
    let format = try #require(try FuzzedFormat.all().first { $0.name == name })
    let read = format.seeds.count { (try? format.read(MappedFile(bytes: $0, path: name))) != nil }
    #expect(2 * read > format.seeds.count)
    let run = FuzzRun(format, seed: 1)
    var report = FuzzReport()
    for number in 0..<5000 { run.read(number, into: &report) }
    #expect(report.faults.isEmpty)
    #expect(report.accepted > 50 && report.refusals.count > 4)
  }
}
