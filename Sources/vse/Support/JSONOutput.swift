import Foundation

/// Prints a value as JSON on standard output, for programs to read; names become snake_case.
func printJSON(_ value: some Encodable) throws {
  try printJSON(value, formatting: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
}

/// The same in one line.
func printJSONLine(_ value: some Encodable) throws {
  try printJSON(value, formatting: [.sortedKeys, .withoutEscapingSlashes])
}

private func printJSON(_ value: some Encodable, formatting: JSONEncoder.OutputFormatting) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = formatting
  encoder.keyEncodingStrategy = .convertToSnakeCase
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
