import Foundation

/// A value as JSON, for programs to read; names become snake_case.
func jsonText(_ value: some Encodable) throws -> String {
  try jsonText(value, formatting: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
}

/// Prints a value as JSON on standard output.
func printJSON(_ value: some Encodable) throws {
  print(try jsonText(value))
}

/// The same in one line.
func printJSONLine(_ value: some Encodable) throws {
  print(try jsonText(value, formatting: [.sortedKeys, .withoutEscapingSlashes]))
}

private func jsonText(_ value: some Encodable, formatting: JSONEncoder.OutputFormatting) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = formatting
  encoder.keyEncodingStrategy = .convertToSnakeCase
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
