import DataFormats
import FormatFuzzing
import Testing

/// A short run of what the `fuzz` program does at length.
@Suite struct CaptionFuzzingTests {
  @Test(arguments: FuzzedFormat.captions().map(\.name))
  func damagedCaptionsAreReadOrRefused(name: String) throws {
    let format = try #require(FuzzedFormat.captions().first { $0.name == name })
    for seed in format.seeds { #expect(try format.read(MappedFile(bytes: seed, path: name)) > 0) }
    let run = FuzzRun(format, seed: 1)
    var report = FuzzReport()
    for number in 0..<2000 { run.read(number, into: &report) }
    // No times: the machine may be busy.
    #expect(report.inputs == 2000 && report.accepted > 20 && report.refusals.count > 2)
    #expect(report.faults.allSatisfy { !$0.contains("lines") })
  }
}
