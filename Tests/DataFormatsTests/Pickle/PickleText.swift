import DataFormats
import Foundation
import TestSupport

/// What a value is, in one line, as Tests/Fixtures/pickle_text.py writes it.
func text(_ value: PickleValue) -> String {
  switch value {
  case .none: "N"
  case .boolean(let value): value ? "T" : "F"
  case .integer(let value): "i" + hexadecimal(value.littleEndianBytes)
  case .double(let value): "d" + (value.isNaN ? "nan" : padded(String(value.bitPattern, radix: 16), to: 16))
  case .bytes(let bytes): "b" + hexadecimal(Array(bytes))
  case .text(let text): "u" + hexadecimal(Array(text.utf8))
  case .tuple(let elements): "(" + all(elements) + ")"
  case .list(let elements): "[" + all(elements) + "]"
  case .set(let elements): "S{" + sorted(elements) + "}"
  case .frozenSet(let elements): "Z{" + sorted(elements) + "}"
  case .dictionary(let dictionary): text(dictionary)
  case .instance(let instance): text(instance)
  case .array(let array): "A" + numbers(array)
  case .objects(let shape, let elements): "Q\(shape)" + all(elements)
  case .scalar(let scalar): "s" + numbers(scalar)
  case .elementType(let name): "t" + name
  case .tensor(let tensor):
    "P\(tensor.requiresGradient ? 1 : 0)\(tensor.isParameter ? 1 : 0)" + numbers(tensor.array)
  case .name(let name): "G" + pythonThree(name)
  }
}

private func text(_ dictionary: PickleDictionary) -> String {
  let entries = entries(dictionary.entries)
  return switch dictionary.kind {
  case .plain: "D" + entries
  case .ordered:
    "O" + entries
      + (dictionary.attributes.isEmpty ? "" : "@" + DataFormatsTests.entries(dictionary.attributes))
  case .defaulting(let factory):
    "X" + (factory.map { pythonThree($0).split(separator: ".")[1] } ?? "") + entries
  }
}

/// The name that Python 3 has for a type of Python 2.
private func pythonThree(_ name: PickleName) -> String {
  ["__builtin__.long": "builtins.int", "__builtin__.unicode": "builtins.str"][name.description]
    ?? name.description.replacing("__builtin__", with: "builtins")
}

private func text(_ instance: PickleInstance) -> String {
  let named = instance.namedArguments.isEmpty ? "" : entries(instance.namedArguments)
  let parts = [
    instance.className.description, all(instance.arguments) + named, instance.state.map(text) ?? "",
    all(instance.elements), entries(instance.entries),
  ]
  return "I<" + parts.joined(separator: "|") + ">"
}

private func all(_ values: [PickleValue]) -> String { values.map { text($0) + "," }.joined() }

private func sorted(_ values: [PickleValue]) -> String { values.map { text($0) + "," }.sorted().joined() }

private func entries(_ entries: [PickleDictionary.Entry]) -> String {
  "{" + entries.map { "\(text($0.key)):\(text($0.value))," }.joined() + "}"
}

private func numbers(_ array: StridedArray) -> String {
  let bytes = array.contiguous().withUnsafeBytes { Array($0) }
  return "\(array.elementType.rawValue)\(array.shape)" + hexadecimal(bytes)
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { padded(String($0, radix: 16), to: 2) }.joined()
}

private func padded(_ text: String, to count: Int) -> String {
  String(repeating: "0", count: max(0, count - text.count)) + text
}

/// The texts of the files of a folder of fixtures: one for each pickle, or one for each file.
func expectedTexts<Text: Decodable>(_ folder: String, as type: Text.Type) throws -> [String: Text] {
  let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("\(folder)/expected.json")))
  return try JSONDecoder().decode([String: Text].self, from: data)
}
