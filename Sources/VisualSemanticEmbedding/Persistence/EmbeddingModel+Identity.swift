internal import DataFormats
internal import Tensors

extension EmbeddingModel {
  /// Sixteen hexadecimal digits that say which vectors a model makes: a checksum of the encoders' parameters, by name
  /// and shape, and of the vocabulary.
  ///
  /// Models that differ in it give different vectors. What else a file says, such as how the model was trained, does
  /// not matter, nor does the form of the file.
  /// - Complexity: one pass over the parameters, about 10 GB/s.
  public var identity: String {
    var hash = XXHash64()
    func add(_ text: String) { hash.update(Array(text.utf8) + [0]) }
    add(configuration.encoder.rawValue)
    add(configuration.pooling.rawValue)
    for entry in EmbeddingNetwork.layout(of: configuration).entries {
      guard let matrix = network.parameters[entry.name] else { continue }
      add("\(entry.name) \(entry.rows) \(entry.columns)")
      matrix.withUnsafeMutableElements { hash.update(UnsafeRawBufferPointer($0)) }
    }
    let scheme = vocabulary.scheme
    let special = [scheme.padding, scheme.start, scheme.end, scheme.unknown, scheme.firstWord]
    add(special.map { $0.map(String.init) ?? "-" }.joined(separator: " ") + " \(vocabulary.embeddingRows)")
    vocabulary.table.bytes.withUnsafeBytes { hash.update($0) }
    vocabulary.table.starts.withUnsafeBytes { hash.update($0) }
    let digits = String(hash.finalized(), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
