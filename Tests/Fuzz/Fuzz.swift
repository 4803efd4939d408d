import ArgumentParser
import CAllocationMeter
import DataFormats
import FormatFuzzing
import Foundation

@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Feed the readers with damaged files.",
    discussion: """
      Every input is made from a seed and a number, in memory; a crash or a hang tells the number, and --only makes \
      that input again. Fails when an input takes more than a second, or more memory than it should. For example:
        swift run -c release fuzz
        swift run -c release fuzz npz --count 10000 --seed 7
        swift run -c release fuzz npz --seed 7 --only 1234 --save x.npz
      """)

  @Argument(help: "The formats; all when there are none.")
  var formats: [String] = []

  @Option(help: "How many inputs for each format (default: 1,000,000; of photos 10,000).")
  var count: Int?

  @Option(help: "Other inputs for every seed.")
  var seed: UInt64 = 1

  @Option(help: "Read the input of this number alone, and tell what comes of it.")
  var only: Int?

  @Option(help: "Write the input of --only to this file.")
  var save: String?

  func run() throws {
    let all = try FuzzedFormat.all() + FuzzedFormat.photos()
    let chosen =
      try formats.isEmpty
      ? all
      : formats.map { name in
        guard let format = all.first(where: { $0.name == name }) else {
          throw ValidationError("no format \(name); there are \(all.map(\.name).joined(separator: " "))")
        }
        return format
      }
    CrashReport.install()
    var areSound = true
    for format in chosen {
      CrashReport.begin(format.name)
      let run = FuzzRun(format, seed: seed, meter: meter)
      var report = FuzzReport()
      if let only {
        let input = run.input(only)
        if let save { try Data(input).write(to: URL(fileURLWithPath: save)) }
        do {
          print(
            "input \(only): \(input.count) bytes, gives \(try format.read(.init(bytes: input, path: "fuzz")))"
          )
        } catch { print("input \(only): \(input.count) bytes, \(error)") }
      }
      let start = Date()
      for number in only.map({ $0..<$0 + 1 }) ?? 0..<(count ?? format.inputs) {
        CrashReport.isReading(number)
        run.read(number, into: &report)
      }
      print(report.text(format.name, seed: seed, seconds: -start.timeIntervalSinceNow))
      areSound = areSound && report.faults.isEmpty
    }
    if !areSound { throw ExitCode.failure }
  }

  private func meter(_ body: () -> Void) -> Int? {
    allocation_meter_start()
    body()
    return allocation_meter_works() ? Int(allocation_meter_peak()) : nil
  }
}

extension FuzzReport {
  fileprivate func text(_ format: String, seed: UInt64, seconds: Double) -> String {
    var lines = [
      "\(format), seed \(seed): \(inputs) inputs in \(Int(seconds)) s, \(accepted) read, \(inputs - accepted) refused",
      String(
        format: "  slowest %.1f ms (input %d, %d bytes)", slowest.value * 1000, slowest.number, slowest.size),
    ]
    if largest.value > 0 {
      lines.append(
        String(
          format:
            "  most memory beyond what was read %.0f bytes (input %d, %d bytes); %.1f bytes a byte after what any file may take",
          largest.value, largest.number, largest.size, highestMultiple.value))
    }
    let sorted = refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    lines.append("  " + sorted.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    return (lines + faults.prefix(20).map { "  FAULT \($0)" }).joined(separator: "\n")
  }
}
