import DataFormats
import FormatFuzzing
import Testing

/// A short run of what the `fuzz` program does at length.
@Suite struct PhotoFuzzingTests {
  @Test(arguments: try FuzzedFormat.photos().map(\.name))
  func damagedPhotosAreDecodedOrRefused(name: String) throws {
    let format = try #require(try FuzzedFormat.photos().first { $0.name == name })
    let read = format.seeds.count { (try? format.read(MappedFile(bytes: $0, path: name))) != nil }
    #expect(2 * read > format.seeds.count)
    let run = FuzzRun(format, seed: 1)
    var report = FuzzReport()
    for number in 0..<200 { run.read(number, into: &report) }
    // No times: the machine may be busy.
    #expect(report.inputs == 200 && report.accepted > 5 && report.refusals.count > 1)
  }
}
