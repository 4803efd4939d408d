import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct PickleErrorTests {
  private func expectFault(
    _ fault: PickleFault, at offset: Int, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = PickleError.invalid(path: "x.pkl", offset: offset, fault: fault)
    #expect(throws: error, sourceLocation: sourceLocation) {
      try PickleReader.readAll(MappedFile(bytes: bytes, path: "x.pkl"))
    }
    #expect(error.description.hasPrefix("'x.pkl', offset \(offset): "), sourceLocation: sourceLocation)
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    #expect(error.localizedDescription == error.description, sourceLocation: sourceLocation)
  }

  /// Text that stands for bytes below 256.
  private func expectFault(
    _ fault: PickleFault, at offset: Int, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectFault(
      fault, at: offset, text.unicodeScalars.map { UInt8($0.value) }, sourceLocation: sourceLocation)
  }

  @Test func missingFile() {
    #expect(throws: PickleError.file(.notFound(path: "/none"))) { try PickleReader.read(path: "/none") }
  }

  @Test func bytesThatAreNoPickle() {
    expectFault(.truncated(missing: 1), at: 0, "")
    expectFault(.unknownOpcode(0x7B), at: 0, "{}")
    expectFault(.unknownOpcode(0x99), at: 2, "\u{80}\u{2}\u{99}")
    expectFault(.unknownProtocol(6), at: 0, "\u{80}\u{6}N.")
    expectFault(.truncated(missing: 1), at: 1, "N")
    expectFault(.stackUnderflow(opcode: "STOP"), at: 0, ".")
    expectFault(.stackUnderflow(opcode: "STOP"), at: 2, "N(.")
  }

  @Test(arguments: [
    ("EXT1", "\u{82}\u{1}"), ("EXT2", "\u{83}\u{1}\u{0}"), ("EXT4", "\u{84}\u{1}\u{0}\u{0}\u{0}"),
    ("PERSID", "Pname\n"), ("NEXT_BUFFER", "\u{97}"), ("READONLY_BUFFER", "\u{98}"),
  ])
  func opcodesThatNeedAProgram(name: String, text: String) {
    expectFault(.unsupportedOpcode(name), at: 1, "N" + text + ".")
  }

  @Test func referencesOutOfThePickle() { expectFault(.persistentID, at: 1, "NQ.") }

  @Test(arguments: [
    ("INT", "Ix\n", "a decimal integer of at most 100000 digits"),
    ("INT", "I\n", "a decimal integer of at most 100000 digits"),
    ("INT", "I-\n", "a decimal integer of at most 100000 digits"),
    ("LONG", "L1.5L\n", "a decimal integer of at most 100000 digits"),
    ("LONG4", "\u{8B}\u{FF}\u{FF}\u{FF}\u{FF}", "a length that is not negative"),
    ("FLOAT", "F1,5\n", "a decimal number"), ("FLOAT", "F\n", "a decimal number"),
    ("STRING", "Sx\n", "a string literal of Python 2"), ("STRING", "S'x\n", "a string literal of Python 2"),
    ("STRING", "S'x\"\n", "a string literal of Python 2"), ("STRING", "S'\n", "a string literal of Python 2"),
    ("STRING", "S'\\x4'\n", "a string literal of Python 2"),
    ("STRING", "S'\\'\n", "a string literal of Python 2"),
    ("BINSTRING", "T\u{FF}\u{FF}\u{FF}\u{FF}", "a length that is not negative"),
    ("UNICODE", "V\\u12\n", "text with whole escapes"), ("UNICODE", "V\\ud800\n", "text with whole escapes"),
    ("UNICODE", "V\\ud800\\u0041\n", "text with whole escapes"),
    ("UNICODE", "V\\udc00\n", "text with whole escapes"),
    ("UNICODE", "V\\U00110000\n", "text with whole escapes"),
    ("GET", "gx\n", "the decimal number of a value"), ("GET", "g-1\n", "the decimal number of a value"),
    ("GET", "g18446744073709551616\n", "the decimal number of a value"),
  ])
  func malformedArguments(opcode: String, text: String, expected: String) {
    expectFault(.malformedArgument(opcode: opcode, expected: expected), at: 1, "N" + text + ".")
  }

  @Test func tooManyDigits() {
    let digits = String(repeating: "9", count: PickleInteger.digitLimit + 1)
    expectFault(
      .malformedArgument(opcode: "LONG", expected: "a decimal integer of at most 100000 digits"), at: 0,
      "L\(digits)L\n.")
  }

  @Test func lengthsBeyondTheEnd() {
    let far = String(repeating: "\u{FF}", count: 8)
    expectFault(.truncated(missing: .max - 1), at: 10, "N\u{8D}" + far + ".")
    expectFault(.truncated(missing: .max - 1), at: 10, "N\u{8E}" + far + ".")
    expectFault(.truncated(missing: .max - 1), at: 10, "N\u{96}" + far + ".")
    expectFault(.truncated(missing: .max - 1), at: 1, "N\u{95}" + far + ".")
    expectFault(.truncated(missing: 0x7FFF_FFFE), at: 5, "\u{8B}\u{FF}\u{FF}\u{FF}\u{7F}.")
    expectFault(.truncated(missing: 0xFFFF_FFFE), at: 5, "B\u{FF}\u{FF}\u{FF}\u{FF}.")
  }

  @Test(arguments: [
    ("DUP", "", "2"), ("TUPLE1", "", "\u{85}"), ("TUPLE2", "N", "\u{86}"),
    ("TUPLE3", "NN", "\u{87}"), ("APPEND", "]", "a"), ("SETITEM", "}N", "s"), ("REDUCE", "N", "R"),
    ("BUILD", "N", "b"), ("NEWOBJ", "N", "\u{81}"), ("NEWOBJ_EX", "NN", "\u{92}"),
    ("STACK_GLOBAL", "N", "\u{93}"), ("BINPUT", "", "q\u{0}"), ("MEMOIZE", "", "\u{94}"), ("OBJ", "(", "o"),
    ("BINPERSID", "", "Q"), ("APPENDS", "(", "e"),
  ])
  func valuesThatAreNotThere(opcode: String, before: String, text: String) {
    // A mark hides the list that is below it.
    expectFault(
      .stackUnderflow(opcode: opcode), at: 2 + before.unicodeScalars.count, "](" + before + text + ".")
  }

  @Test(arguments: [
    ("POP_MARK", "", "1"), ("TUPLE", "", "t"), ("LIST", "", "l"), ("DICT", "", "d"), ("APPENDS", "]", "e"),
    ("SETITEMS", "}", "u"), ("ADDITEMS", "\u{8F}", "\u{90}"), ("FROZENSET", "", "\u{91}"), ("OBJ", "", "o"),
    ("INST", "", "im\nC\n"),
  ])
  func marksThatAreNotThere(opcode: String, before: String, text: String) {
    expectFault(.noMark(opcode: opcode), at: 1 + before.unicodeScalars.count, "N" + before + text + ".")
  }

  @Test(arguments: [
    ("APPEND", ")N", "a", "a list"), ("APPENDS", "N(N", "e", "a list"),
    ("SETITEM", "]NN", "s", "a dictionary"),
    ("SETITEMS", "](NN", "u", "a dictionary"), ("SETITEMS", "}(N", "u", "a value for every key"),
    ("DICT", "(N", "d", "a value for every key"), ("ADDITEMS", "](N", "\u{90}", "a set"),
    ("REDUCE", "N)", "R", "the name of a function or class"),
    ("REDUCE", "c__builtin__\nset\n]", "R", "a tuple of arguments"), ("NEWOBJ", "N)", "\u{81}", "a class"),
    ("NEWOBJ", "cm\nC\nN", "\u{81}", "a tuple of arguments"),
    ("NEWOBJ_EX", "cm\nC\n)N", "\u{92}", "a dictionary of arguments"), ("OBJ", "(N", "o", "a class"),
    ("STACK_GLOBAL", "NN", "\u{93}", "a module and a name"), ("BUILD", "]N", "b", "an instance"),
    ("BUILD", "cm\nC\n)\u{81}NbN", "b", "an instance without a state"),
    ("BUILD", "}N", "b", "a dictionary of attributes"),
  ])
  func operandsOfTheWrongKind(opcode: String, before: String, text: String, expected: String) {
    expectFault(
      .wrongOperand(opcode: opcode, expected: expected), at: before.unicodeScalars.count, before + text + ".")
  }

  @Test func valuesThatWereNotPutIntoTheMemo() {
    expectFault(.notInMemo(index: 1), at: 0, "h\u{1}.")
    expectFault(.notInMemo(index: 0), at: 3, "Nq\u{1}h\u{0}.")
    expectFault(.notInMemo(index: 0xFFFF_FFFF), at: 0, "j\u{FF}\u{FF}\u{FF}\u{FF}.")
    expectFault(.notInMemo(index: .max), at: 0, "g18446744073709551615\n.")
  }

  // MARK: - Names of Python's

  @Test(arguments: [
    "cposix\nsystem\n(S'true'\ntR.", "cposix\nsystem\n.", "(cposix\nsystem\nl.", "cposix\nsystem\n0N.",
    "cposix\nsystem\np1\n0g1\n(S'true'\ntR.",
  ])
  func functionsInAnyPlace(text: String) {
    expectFault(
      .unknownGlobal("posix.system"), at: text.hasPrefix("(") ? 1 : 0, text)
  }

  @Test func functionsByOtherOpcodes() {
    expectFault(
      .unknownGlobal("builtins.eval"), at: 18,
      "\u{80}\u{4}\u{8C}\u{8}builtins\u{8C}\u{4}eval\u{93}\u{8C}\u{1}1\u{85}R.")
    // The name of a function that is understood is no value.
    expectFault(.unknownGlobal("_codecs.encode"), at: 0, "c_codecs\nencode\n.")
    // Nor does a class become one by being called.
    expectFault(.unknownGlobal("__main__.C"), at: 0, "c__main__\nC\n)R.")
    expectFault(.unknownGlobal("__builtin__.int"), at: 0, "c__builtin__\nint\n(I1\ntR.")
    // A default may come from a type, not from a function.
    expectFault(.unknownGlobal("os.getcwd"), at: 26, "ccollections\ndefaultdict\n(cos\ngetcwd\ntR.")
  }

  @Test func namesOfTorchOutsideOfItsFiles() {
    expectFault(
      .persistentID, at: 43,
      "\u{80}\u{2}(U\u{7}storagectorch\nFloatStorage\nU\u{1}0U\u{3}cpuK\u{4}tQ" + ".")
  }

  @Test(arguments: [
    ("__builtin__.set", "c__builtin__\nset\n(I1\nt", "a list"),
    ("collections.OrderedDict", "ccollections\nOrderedDict\n((I1\nlt", "a list of pairs"),
    ("collections.OrderedDict", "ccollections\nOrderedDict\n(((I1\ntlt", "a list of pairs"),
    ("collections.defaultdict", "ccollections\ndefaultdict\n(I1\nt", "a type"),
    ("__builtin__.bytes", "c__builtin__\nbytes\n(I1\nt", "a byte string"),
    ("_codecs.encode", "c_codecs\nencode\n(Vx\nVutf8\nt", "text and 'latin1'"),
    ("_codecs.encode", "c_codecs\nencode\n(S'x'\nVlatin1\nt", "text and 'latin1'"),
    (
      "_codecs.encode", "c_codecs\nencode\n(V\\u0100\nVlatin1\nt",
      "text in which every character is below U+0100"
    ),
    (
      "copy_reg._reconstructor", "ccopy_reg\n_reconstructor\n(cm\nC\nNNt",
      "a class, the type that it extends and a value of that"
    ),
    ("numpy.core.multiarray._reconstruct", "cnumpy.core.multiarray\n_reconstruct\n(NNNt", "numpy.ndarray"),
    ("numpy.dtype", "cnumpy\ndtype\n)", "a type such as 'f4'"),
    ("torch.Size", "ctorch\nSize\n)", "a tuple"),
  ])
  func argumentsThatAreNotUnderstood(name: String, text: String, expected: String) {
    expectFault(
      .wrongArguments(global: name, expected: expected), at: text.unicodeScalars.count, text + "R.")
  }

  // MARK: - Values

  @Test(arguments: ["]", "}", "\u{8F}", "(]t", "cm\nC\n)\u{81}"])
  func keysThatPythonCannotHash(text: String) {
    let offset = text == "(]t" ? 3 : text.hasPrefix("c") ? 7 : 1
    expectFault(.unusableKey, at: offset, "}" + text + "Ns.")
    expectFault(.unusableKey, at: offset, "(" + text + "\u{91}.")
  }

  @Test func valuesThatHoldThemselves() {
    expectFault(.cycle, at: 0, "]q\u{0}h\u{0}a.")
    expectFault(.cycle, at: 1, "N}q\u{0}Nh\u{0}s.")
    expectFault(.cycle, at: 6, "cm\nC\n)\u{81}q\u{0}h\u{0}b.")
    expectFault(.cycle, at: 0, "]q\u{0}(h\u{0}ta.")
    expectFault(.cycle, at: 0, "]q\u{0}(]h\u{0}ae.")
    // Python undoes a tuple that turns out to hold itself.
    expectFault(.cycle, at: 0, "]q\u{0}(h\u{0}t0h\u{0}h\u{0}a.")
  }

  @Test func textThatIsNotUTF8() {
    expectFault(.invalidText, at: 1, "]X\u{1}\u{0}\u{0}\u{0}\u{FF}a.")
    expectFault(.invalidText, at: 0, "\u{8C}\u{3}\u{ED}\u{A0}\u{80}.")  // half of a surrogate pair
  }

  @Test func arraysThatWereNeverFilled() {
    let array = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\nt"
    expectFault(
      .wrongOperand(opcode: "STOP", expected: "every array to be filled"), at: array.utf8.count, array + "R.")
  }
}
