internal import DataFormats
internal import Foundation
internal import TestSupport

extension FuzzedFormat {
  static func pickle() throws -> FuzzedFormat {
    FuzzedFormat(
      name: "pickle", seeds: try fixtures("pickles", ".pkl"), tokens: pickleTokens, repair: repairPickle
    ) { file in
      var steps = 0
      return try PickleReader.readAll(file).reduce(0) { $0 + walked($1, &steps) }
    }
  }

  static func pytorch() throws -> FuzzedFormat {
    FuzzedFormat(
      name: "pytorch", seeds: try fixtures("pytorch", ".pth"),
      tokens: pickleTokens + zipTokens + tokens(["storage", "0", "byteorder", "big", "cpu"]),
      repair: repairPyTorch
    ) { file in
      var steps = 0
      return walked(try PyTorchFile.read(file), &steps)
    }
  }

  /// Looks at everything that a value holds, as often as it is used, and returns the bytes of its arrays.
  ///
  /// A value that takes more steps than the reader promises ends the program.
  private static func walked(_ value: PickleValue, _ steps: inout Int) -> Int {
    steps += 1
    precondition(steps < 1 << 24, "the files are small, and so must be what they hold")
    _ = value.description
    _ = value.double
    if let array = value.array { return array.contiguous().byteCount }
    var held = value.elements ?? []
    for entry in value.entries ?? [] { held += [entry.key, entry.value] }
    if case .instance(let instance) = value {
      held += instance.arguments + instance.elements + [instance.state].compactMap(\.self)
      for entry in instance.entries + instance.namedArguments { held += [entry.key, entry.value] }
    }
    if case .dictionary(let dictionary) = value { held += dictionary.attributes.map(\.value) }
    return held.reduce(0) { $0 + walked($1, &steps) }
  }

  private static let pickleTokens: [[UInt8]] =
    tokens([
      "(", ")", ".", "0", "1", "2", "]", "}", "N", "t", "l", "d", "R", "b", "a", "e", "s", "u", "o", "Q",
      "I1\n", "I01\n", "L5L\n", "F0.5\n", "S'a'\n", "Va\n", "p1\n", "g1\n", "h\u{1}", "q\u{1}", "P1\n",
      "c__main__\nNew\n", "(i__main__\nNew\n", "c__builtin__\nset\n", "c__builtin__\nobject\n",
      "ccollections\nOrderedDict\n", "ccollections\ndefaultdict\n", "c_codecs\nencode\n",
      "ccopy_reg\n_reconstructor\n", "cnumpy\ndtype\n", "cnumpy\nndarray\n",
      "cnumpy.core.multiarray\n_reconstruct\n", "cnumpy.core.multiarray\nscalar\n",
      "cnumpy.core.numeric\n_frombuffer\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nFloatStorage\n",
      "ctorch\nSize\n", "cos\nsystem\n",
    ]) + (0x80...0x98).map { [$0] } + [
      Array("K".utf8) + [3], [0x8A, 1, 5], [0x8C, 1, 0x61], [0x43, 1, 0x61],
    ]

  /// Files of PyTorch's are archives, or begin with a pickle.
  private static func repairPyTorch(_ bytes: inout [UInt8]) {
    if bytes.first == UInt8(ascii: "P") { repairZip(&bytes) } else { repairPickle(&bytes) }
  }

  /// Lets the frame that begins a pickle reach to its end.
  private static func repairPickle(_ bytes: inout [UInt8]) {
    guard bytes.count > 11, bytes[0] == 0x80, bytes[2] == 0x95 else { return }
    bytes.put(UInt32(bytes.count - 11), at: 3, size: 8)
  }
}
