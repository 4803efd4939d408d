import DataFormats
import TestSupport
import Testing

/// Arrays of NumPy that contradict themselves.
@Suite struct PickleArrayErrorTests {
  private static let reconstruct = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"

  private static func elementType(
    _ kind: String, state: String = "(I3\nS'<'\nNNNI-1\nI-1\nI0\nt"
  ) -> String { "cnumpy\ndtype\n(S'\(kind)'\nI0\nI1\ntR\(state)b" }

  private func expectFault(
    _ fault: PickleFault, _ pickle: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    // The last opcode but STOP is what finds the fault.
    let error = PickleError.invalid(path: "x", offset: pickle.utf8.count - 2, fault: fault)
    #expect(throws: error, sourceLocation: sourceLocation) {
      try PickleReader.readAll(MappedFile(bytes: Array(pickle.utf8), path: "x"))
    }
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
  }

  private func array(_ state: String) -> String { Self.reconstruct + "(I1\n\(state)tb." }

  private func array(
    shape: String = "(I1\nt", type: String = elementType("f4"), order: String = "I00\n",
    data: String = "S'abcd'\n"
  ) -> String { array(shape + type + order + data) }

  @Test func theArrayIsRightOtherwise() throws {
    let value = try PickleReader.readAll(MappedFile(bytes: Array(array().utf8), path: "x"))[0]
    #expect(value.array?.shape == [1])
  }

  @Test func bytesThatDoNotFillTheShape() {
    expectFault(.wrongByteCount(expected: 4, found: 3), array(data: "S'abc'\n"))
    expectFault(.wrongByteCount(expected: 0, found: 4), array(shape: "(I0\nt"))
    expectFault(.wrongByteCount(expected: 1 << 40, found: 4), array(shape: "(I\(1 << 38)\nt"))
  }

  @Test(arguments: [[-1], [Int.max], [1 << 32, 1 << 32], [1 << 32, 0, 1 << 32]])
  func shapesThatCannotBe(shape: [Int]) {
    let tuple = "(" + shape.map { "I\($0)\n" }.joined() + "t"
    expectFault(.layout(.impossibleShape(shape)), array(shape: tuple))
  }

  @Test func shapesThatAreNone() {
    let fault = PickleFault.wrongOperand(opcode: "BUILD", expected: "the state of an array")
    for shape in [
      "N", "(Nt", "(F1\nt", "(I99999999999999999999\nt", "(" + String(repeating: "I1\n", count: 65) + "t",
    ] {
      expectFault(fault, array(shape: shape))
    }
    expectFault(fault, array(order: "N"))
    expectFault(fault, array("NN"))
    expectFault(fault, Self.reconstruct + "Nb.")
  }

  @Test func otherThingsForBytesAndTypes() {
    expectFault(.wrongOperand(opcode: "BUILD", expected: "the bytes of an array"), array(data: "Vabcd\n"))
    expectFault(.wrongOperand(opcode: "BUILD", expected: "a dtype"), array(type: "S'f4'\n"))
    expectFault(
      .wrongOperand(opcode: "BUILD", expected: "a list of objects"), array(type: Self.elementType("O8")))
    expectFault(
      .wrongOperand(opcode: "BUILD", expected: "an array without a state"), String(array().dropLast()) + "Nb."
    )
  }

  @Test(arguments: ["c8", "Ux", "S-4", "U", "V4", "M8", "f16", "x", ""])
  func elementsThatAreNoNumbers(kind: String) {
    expectFault(.unsupportedElementType(kind), array(type: Self.elementType(kind)))
  }

  @Test func elementsWithFields() {
    let fields = "(I3\nS'|'\nN(S'a'\nt}I4\nI1\nI16\nt"
    expectFault(.unsupportedElementType("V4"), Self.elementType("V4", state: fields) + ".")
    let order = "(I3\nS'?'\nNNNI-1\nI-1\nI0\nt"
    expectFault(
      .wrongOperand(opcode: "BUILD", expected: "the byte order of a dtype"),
      Self.elementType("f4", state: order) + ".")
    expectFault(
      .wrongOperand(opcode: "BUILD", expected: "the state of a dtype"),
      Self.elementType("f4", state: "N") + ".")
  }

  @Test func objectsThatDoNotFillTheShape() {
    let objects = Self.elementType("O8")
    expectFault(
      .layout(.outOfBounds(extent: 3, available: 1)), array(shape: "(I3\nt", type: objects, data: "(I1\nl"))
  }

  @Test func stringsThatDoNotFillTheShape() {
    expectFault(.wrongByteCount(expected: 3, found: 4), array(shape: "(I1\nt", type: Self.elementType("S3")))
    expectFault(.wrongByteCount(expected: 0, found: 4), array(type: Self.elementType("U2")))
    expectFault(.wrongByteCount(expected: 1, found: 4), array(type: Self.elementType("S0")))
    expectFault(
      .layout(.outOfBounds(extent: 3, available: 4)), array(shape: "(I3\nt", type: Self.elementType("S1")))
    expectFault(
      .layout(.outOfBounds(extent: 1 << 40, available: 1)),
      array(shape: "(I\(1 << 40)\nt", type: Self.elementType("U0"), data: "S''\n"))
    // Characters beyond the last of Unicode.
    expectFault(.invalidText, array(type: Self.elementType("U1")))
  }

  @Test func scalarsAndBuffers() {
    let scalar = "cnumpy.core.multiarray\nscalar\n("
    expectFault(.wrongByteCount(expected: 4, found: 3), scalar + Self.elementType("f4") + "S'abc'\ntR.")
    expectFault(
      .wrongArguments(
        global: "numpy.core.multiarray.scalar", expected: "a dtype of numbers or strings, and bytes"),
      scalar + Self.elementType("O8") + "(I1\nltR.")
    expectFault(
      .wrongArguments(
        global: "numpy.core.numeric._frombuffer",
        expected: "bytes, a dtype, a shape and the order 'C' or 'F'"),
      "cnumpy.core.numeric\n_frombuffer\n(S'abcd'\n" + Self.elementType("f4") + "(I1\ntS'K'\ntR.")
  }
}
