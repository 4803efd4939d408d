import DataFormats
import Foundation
import TestSupport
import Testing

/// Files of PyTorch's that contradict themselves, put together from opcodes.
@Suite struct PyTorchErrorTests {
  /// Text that stands for bytes below 256.
  private static func bytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

  private static func string(_ text: String) -> String {
    "U" + String(Unicode.Scalar(UInt8(text.utf8.count))) + text
  }

  private static func storage(
    type: String = "torch\nFloatStorage", key: String = "0", count: String = "K\u{6}", view: String = ""
  ) -> String { "(\(string("storage"))c\(type)\n\(string(key))\(string("cpu"))\(count)\(view)tQ" }

  private static func tensor(
    _ storage: String = storage(), offset: String = "K\u{0}", shape: String = "K\u{2}K\u{3}\u{86}",
    strides: String = "K\u{3}K\u{1}\u{86}"
  ) -> String { "ctorch._utils\n_rebuild_tensor\n(\(storage)\(offset)\(shape)\(strides)tR" }

  private static let numbers = (0..<6).flatMap { number in
    withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { Array($0) }
  }

  private static func archive(
    _ object: String = tensor(), storages: [(String, [UInt8])] = [("x/data/0", numbers)],
    byteOrder: String = "little", name: String = "x/data.pkl"
  ) -> [UInt8] {
    ZipBuilder(
      [ZipBuilder.Entry(name, bytes("\u{80}\u{2}\(object)."))] + storages.map { ZipBuilder.Entry($0.0, $0.1) }
        + [ZipBuilder.Entry("x/byteorder", Array(byteOrder.utf8))]
    ).bytes()
  }

  private static let magic = "\u{80}\u{2}\u{8A}\u{A}l\u{FC}\u{9C}F\u{F9} j\u{A8}P\u{19}."

  private static func stream(
    _ object: String = tensor(), version: String = "M\u{E9}\u{3}", keys: String = "](\(string("0"))e",
    storages: [UInt8] = [6, 0, 0, 0, 0, 0, 0, 0] + numbers
  ) -> [UInt8] {
    bytes(
      magic + "\u{80}\u{2}\(version)." + "\u{80}\u{2}}." + "\u{80}\u{2}\(object)." + "\u{80}\u{2}\(keys).")
      + storages
  }

  private func read(_ bytes: [UInt8]) throws -> PickleValue {
    try PyTorchFile.read(MappedFile(bytes: bytes, path: "x.pth"))
  }

  private func expectError(
    _ error: PyTorchError, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: sourceLocation) { try read(bytes) }
    #expect(error.description.contains("x.pth"), sourceLocation: sourceLocation)
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    #expect(error.localizedDescription == error.description, sourceLocation: sourceLocation)
  }

  /// Expects a fault in the pickle, in both formats.
  private func expectFault(
    _ fault: PickleFault, _ object: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for bytes in [Self.archive(object), Self.stream(object)] {
      do {
        _ = try read(bytes)
        Issue.record("no error", sourceLocation: sourceLocation)
      } catch PyTorchError.pickle(.invalid(_, _, let found)) {
        #expect(found == fault, sourceLocation: sourceLocation)
      } catch { Issue.record(error, sourceLocation: sourceLocation) }
    }
  }

  @Test func theFilesAreRightOtherwise() throws {
    for bytes in [Self.archive(), Self.stream()] {
      let array = try #require(try read(bytes).array)
      #expect(try array.contiguous().float32Values() == [0, 1, 2, 3, 4, 5] && array.shape == [2, 3])
    }
    let transposed = Self.tensor(shape: "K\u{3}K\u{2}\u{86}", strides: "K\u{1}K\u{3}\u{86}")
    let array = try #require(try read(Self.archive(transposed, byteOrder: "little")).array)
    #expect(try array.contiguous().float32Values() == [0, 3, 1, 4, 2, 5])
    // A storage by itself is the array of its elements.
    #expect(try read(Self.stream(Self.storage())).array?.shape == [6])
  }

  @Test func missingAndOtherFiles() {
    #expect(throws: PyTorchError.file(.notFound(path: "/none"))) { try PyTorchFile.read(path: "/none") }
    expectError(.notPyTorch(path: "x.pth"), [])
    expectError(.notPyTorch(path: "x.pth"), Self.bytes("\u{80}\u{2}N."))
    expectError(.noPickle(path: "x.pth"), Self.archive(name: "data.pkl"))
    expectError(.noPickle(path: "x.pth"), Self.archive(storages: [("y/data.pkl", [])]))
    expectError(.zip(.noEndRecord(path: "x.pth")), Self.archive().dropLast())
    expectError(.unknownVersion(path: "x.pth"), Self.stream(version: "K\u{1}"))
    expectError(.unknownByteOrder(path: "x.pth"), Self.archive(byteOrder: "middle"))
  }

  @Test func reusingOneTensorTakesNoMemory() {
    let dimensions = String(repeating: "K\u{1}", count: 64)
    let arguments = "(\(Self.storage())K\u{0}(\(dimensions)t(\(dimensions)tt"
    let again = String(repeating: "h\u{0}h\u{1}R", count: 5000)
    expectFault(
      .excessiveSharing, "ctorch._utils\n_rebuild_tensor\nq\u{0}0\(arguments)q\u{1}0(\(again)l")
  }

  // MARK: - Storages

  @Test func damagedNumbers() throws {
    var bytes = Self.archive()
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: Self.numbers) })
    bytes[place + 5] ^= 1
    do {
      _ = try read(bytes)
      Issue.record("no error")
    } catch PyTorchError.zip(let error) {
      #expect("\(error)".contains("x/data/0"))
    } catch { Issue.record(error) }
  }

  /// A megabyte that says it is a gigabyte of zeros is refused; one that shrinks as numbers do is read.
  @Test(arguments: [true, false]) func packedNumbers(isBomb: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("packed.pth")
    let count = 1 << 18
    let numbers = (0..<count).map { isBomb ? 0 : Float($0 &* 2_654_435_761 % 65_521) }
    let storage =
      "(\(Self.string("storage"))ctorch\nFloatStorage\n\(Self.string("0"))\(Self.string("cpu"))"
      + "I\(count)\ntQ"
    let tensor = "ctorch._utils\n_rebuild_tensor\n(\(storage)K\u{0}(I\(count)\nt(K\u{1}ttR"
    try ZipArchive.write(
      [
        ZipMember(name: "x/data.pkl", bytes: Self.bytes("\u{80}\u{2}\(tensor)."), isDeflated: false),
        ZipMember(name: "x/data/0", bytes: numbers.withUnsafeBytes { Array($0) }),
      ], to: path)
    if isBomb {
      #expect(throws: PyTorchError.self) { try PyTorchFile.read(path: path) }
    } else {
      #expect(try PyTorchFile.read(path: path).array?.contiguous().float32Values() == numbers)
    }
  }

  @Test func storagesThatAreNotThere() {
    expectError(.missingStorage(path: "x.pth", key: "0"), Self.archive(storages: []))
    expectError(.missingStorage(path: "x.pth", key: "0"), Self.stream(keys: "]", storages: []))
    // Nor may there be any that no tensor has, as their size is not known.
    expectError(.missingStorage(path: "x.pth", key: "1"), Self.stream(keys: "](\(Self.string("1"))e"))
  }

  @Test func storagesOfAnotherSize() {
    expectError(
      .wrongStorageSize(path: "x.pth", key: "0", expected: 24, found: 23),
      Self.archive(storages: [("x/data/0", Array(Self.numbers.dropLast()))]))
    let eight = [UInt8](repeating: 0, count: 8)
    expectError(
      .wrongStorageSize(path: "x.pth", key: "0", expected: 6, found: 0),
      Self.stream(storages: eight + Self.numbers))
    let negative = [UInt8](repeating: 255, count: 8)
    expectError(
      .wrongStorageSize(path: "x.pth", key: "0", expected: 6, found: -1),
      Self.stream(storages: negative + Self.numbers))
    // A size of 2^62 elements.
    let huge = Self.tensor(Self.storage(count: "\u{8A}\u{8}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}@"))
    expectError(.wrongStorageSize(path: "x.pth", key: "0", expected: .max, found: 0), Self.archive(huge))
    expectError(.wrongStorageSize(path: "x.pth", key: "0", expected: .max, found: 0), Self.stream(huge))
  }

  @Test func streamsThatEndTooSoonOrTooLate() {
    let start = Self.stream(storages: []).count
    expectError(
      .truncatedStorage(path: "x.pth", offset: start, key: "0", missing: 8), Self.stream(storages: [6, 0]))
    expectError(
      .truncatedStorage(path: "x.pth", offset: start + 8, key: "0", missing: 1), Self.stream().dropLast())
    expectError(.trailingBytes(path: "x.pth", offset: start + 32, count: 1), Self.stream() + [0])
    let keys = "](\(Self.string("0"))\(Self.string("0"))e"
    expectError(
      .malformedKeys(path: "x.pth", offset: Self.stream(keys: "", storages: []).count - 3),
      Self.stream(keys: keys))
    expectError(
      .malformedKeys(path: "x.pth", offset: Self.stream(keys: "", storages: []).count - 3),
      Self.stream(keys: "N"))
  }

  @Test func bombsAreNotUnpacked() {
    // 2^28 zeros, packed a thousandfold, as the pickle or as a storage.
    let packed = [UInt8](repeating: 0, count: 1 << 18)
    let size = 1 << 28
    var pickle = ZipBuilder.Entry.deflated("x/data.pkl", packed, giving: [])
    pickle.change { $0.uncompressedSize = UInt32(size) }
    expectError(
      .zip(.tooLarge(path: "x.pth", entry: "x/data.pkl", size: size, limit: packed.count * 8)),
      ZipBuilder([pickle]).bytes())
    var storage = ZipBuilder.Entry.deflated("x/data/0", packed, giving: [])
    storage.change { $0.uncompressedSize = UInt32(size) }
    let object = ZipBuilder.Entry("x/data.pkl", Self.bytes("\u{80}\u{2}\(Self.tensor())."))
    expectError(
      .wrongStorageSize(path: "x.pth", key: "0", expected: 24, found: size),
      ZipBuilder([object, storage]).bytes())
  }

  // MARK: - The pickle

  @Test func tensorsBeyondTheirStorage() {
    expectFault(.layout(.outOfBounds(extent: 7, available: 6)), Self.tensor(offset: "K\u{1}"))
    expectFault(.layout(.outOfBounds(extent: 9, available: 6)), Self.tensor(strides: "K\u{6}K\u{1}\u{86}"))
    expectFault(
      .layout(.impossibleStrides([-1, 1])), Self.tensor(strides: "J\u{FF}\u{FF}\u{FF}\u{FF}K\u{1}\u{86}"))
    expectFault(.layout(.impossibleStrides([1])), Self.tensor(strides: "K\u{1}\u{85}"))
    let many = "J\u{0}\u{0}\u{0} "  // 2^29
    expectFault(
      .layout(.expanded(elements: 1 << 58, available: 6)),
      Self.tensor(shape: many + many + "\u{86}", strides: "K\u{0}K\u{0}\u{86}"))
  }

  @Test func tensorsOfOtherThings() {
    let fault = PickleFault.wrongArguments(
      global: "torch._utils._rebuild_tensor", expected: "a storage, an offset, a shape and strides")
    for object in [
      Self.tensor("N"), Self.tensor(offset: "N"), Self.tensor(shape: "N"), Self.tensor(strides: "(Nt"),
      "ctorch._utils\n_rebuild_tensor\n)R",
    ] { expectFault(fault, object) }
    expectFault(.unknownGlobal("torch._utils._rebuild_qtensor"), "ctorch._utils\n_rebuild_qtensor\n)R")
    expectFault(
      .wrongArguments(global: "torch._utils._rebuild_parameter", expected: "a tensor and a truth value"),
      "ctorch._utils\n_rebuild_parameter\n(NNNtR")
  }

  @Test func referencesToOtherThings() {
    let fault = PickleFault.wrongOperand(
      opcode: "BINPERSID", expected: "('storage', a class of storages, a key, a device, a number of elements)"
    )
    for object in [
      "(" + Self.string("storage") + "tQ", Self.storage(type: "torch\nQInt8Storage"),
      Self.storage(count: "N"),
      Self.storage(count: "J\u{FF}\u{FF}\u{FF}\u{FF}"), "(" + Self.string("other") + "tQ",
    ] { expectFault(fault, object) }
    expectFault(.wrongOperand(opcode: "BINPERSID", expected: "a tuple that names a storage"), "NQ")
    expectFault(
      .wrongOperand(opcode: "BINPERSID", expected: "the same type and size wherever storage '0' is used"),
      "(\(Self.storage())\(Self.storage(count: "K\u{5}"))l")
    expectFault(
      .wrongOperand(opcode: "BINPERSID", expected: "a view within its storage"),
      Self.tensor(Self.storage(view: "(\(Self.string("1"))K\u{1}K\u{6}t")))
  }

  @Test func networksAreNotedDownWithTheirPrograms() throws {
    // The stream format may name the file and the program of a class.
    let object =
      "(" + Self.string("module") + "cmodels\nCNN\n" + Self.string("models.py") + Self.string("class")
      + "tQ)\u{81}}b"
    let value = try read(Self.stream(object, keys: "]", storages: []))
    #expect(text(value) == "I<models.CNN||D{}||{}>")
  }
}
