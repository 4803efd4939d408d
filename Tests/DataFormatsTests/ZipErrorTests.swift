import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct ZipErrorTests {
  private typealias Entry = ZipBuilder.Entry

  private func archive(_ builder: ZipBuilder) throws -> ZipArchive {
    try ZipArchive(MappedFile(bytes: builder.bytes(), path: "x.zip"))
  }

  private func expectError(
    _ error: ZipError, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: sourceLocation) {
      try ZipArchive(MappedFile(bytes: bytes, path: "x.zip"))
    }
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    #expect(error.localizedDescription == error.description, sourceLocation: sourceLocation)
  }

  /// Expects an error of reading the only entry of an archive, in each of the ways there are.
  private func expectEntryError(
    _ error: ZipError, _ entry: Entry, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let archive = try archive(ZipBuilder([entry]))
    #expect(throws: error, sourceLocation: sourceLocation) { try archive.read(archive.entries[0]) }
    #expect(throws: error, sourceLocation: sourceLocation) { try archive.verify(archive.entries[0]) }
    #expect(throws: error, sourceLocation: sourceLocation) {
      try archive.extract(archive.entries[0]) { _ in }
    }
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
  }

  @Test func theBuilderIsRight() throws {
    let text = Array("some text".utf8)
    let archive = try archive(
      ZipBuilder([
        Entry("stored", text), .deflated("deflated", ZipBuilder.storedBlocks(text), giving: text),
        Entry("empty", []),
      ]))
    #expect(try archive.entries.map { try archive.read($0) } == [text, text, []])
  }

  @Test func missingFile() {
    #expect(throws: ZipError.file(.notFound(path: "/none"))) { try ZipArchive(path: "/none") }
  }

  @Test(arguments: [[], Array("PK".utf8), [UInt8](repeating: 7, count: 100_000)] as [[UInt8]])
  func noArchive(bytes: [UInt8]) { expectError(.notZip(path: "x.zip"), bytes) }

  @Test func cutShort() {
    let whole = ZipBuilder([Entry("a", [1, 2, 3])]).bytes()
    expectError(.noEndRecord(path: "x.zip"), whole.dropLast())
    expectError(.noEndRecord(path: "x.zip"), whole + [0])
  }

  @Test func endsWithinEnds() {
    var builder = ZipBuilder([Entry("a", [1])])
    let offset = builder.bytes().count - 22
    builder.comment = ZipBuilder().bytes()
    expectError(.ambiguousEnd(path: "x.zip", offset: offset), builder.bytes())
  }

  @Test func severalParts() {
    var builder = ZipBuilder([Entry("a", [1])])
    let end = builder.bytes().count - 22
    builder.disk = 1
    expectError(.severalParts(path: "x.zip", offset: end), builder.bytes())
    builder.disk = 0
    builder.entries[0].central.disk = 2
    expectError(.severalParts(path: "x.zip", offset: 32), builder.bytes())
  }

  @Test(
    arguments: [
      (nil, 0, nil, "the directory to end at offset 79"), (nil, nil, 31, "the directory to end at offset 79"),
      (nil, nil, 0xFFFF_FFFF, "the directory to end at offset 79"),
      (2, nil, nil, "a number of entries for which the directory has room"),
      (0, nil, nil, "the directory's end after 0 entries"),
    ] as [(UInt16?, UInt32?, UInt32?, String)])
  func wrongEnd(count: UInt16?, size: UInt32?, offset: UInt32?, expected: String) {
    var builder = ZipBuilder([Entry("a", [1])])
    builder.entryCount = count
    builder.directorySize = size
    builder.directoryOffset = offset
    expectError(
      .malformedDirectory(path: "x.zip", offset: count == 0 ? 32 : 79, expected: expected), builder.bytes())
  }

  @Test func gapBeforeTheEnd() {
    var builder = ZipBuilder([Entry("a", [1])])
    builder.beforeEnd = [0]
    expectError(
      .malformedDirectory(path: "x.zip", offset: 80, expected: "the directory to end at offset 80"),
      builder.bytes())
  }

  @Test func zip64End() throws {
    var builder = ZipBuilder([Entry("a", [1, 2])])
    builder.beforeEnd = ZipBuilder.zip64End(count: 1, size: 47, offset: 33, place: 80)
    builder.directoryOffset = .max
    builder.entryCount = .max
    #expect(try archive(builder).entries.count == 1)
    builder.directoryOffset = 32
    expectError(
      .malformedDirectory(path: "x.zip", offset: 156, expected: "the numbers of the zip64 record"),
      builder.bytes())
    builder.directoryOffset = .max
    builder.beforeEnd = ZipBuilder.zip64End(count: 1 << 60, size: 47, offset: 33, place: 80)
    expectError(
      .malformedDirectory(
        path: "x.zip", offset: 156, expected: "a number of entries for which the directory has room"),
      builder.bytes())
    builder.beforeEnd = ZipBuilder.zip64End(count: 1, size: 1 << 63, offset: 33, place: 80)
    builder.directorySize = .max
    expectError(
      .malformedDirectory(path: "x.zip", offset: 120, expected: "a number below 2^63"), builder.bytes())
    builder.beforeEnd = ZipBuilder.zip64End(count: 1, size: 1 << 62, offset: 1 << 62, place: 80)
    expectError(
      .malformedDirectory(path: "x.zip", offset: 156, expected: "the directory to end at offset 80"),
      builder.bytes())
    builder.beforeEnd = ZipBuilder.zip64End(count: 1, size: 47, offset: 33, place: 1 << 62)
    expectError(
      .malformedDirectory(path: "x.zip", offset: 136, expected: "the place of a zip64 record before it"),
      builder.bytes())
    builder.beforeEnd = ZipBuilder.zip64End(count: 1, size: 47, offset: 33, place: 81)
    expectError(
      .malformedDirectory(path: "x.zip", offset: 81, expected: "a zip64 record"), builder.bytes())
    builder.beforeEnd = ZipBuilder.zip64End(count: 1, size: 47, offset: 33, place: 80, length: 1 << 40)
    expectError(
      .malformedDirectory(path: "x.zip", offset: 80, expected: "a zip64 record of 44 bytes"), builder.bytes())
  }

  @Test func zip64Sizes() throws {
    var entry = Entry("a", [1, 2])
    entry.change {
      ($0.compressedSize, $0.uncompressedSize) = (.max, .max)
      $0.fields = [9, 9, 1, 0, 9] + ZipBuilder.zip64Field([2, 2])
    }
    #expect(try archive(ZipBuilder([entry])).entries[0].storedRange?.count == 2)
    entry.central.fields = ZipBuilder.zip64Field([2])
    expectError(
      .malformedDirectory(path: "x.zip", offset: 117, expected: "8 more bytes of a record"),
      ZipBuilder([entry]).bytes())
    entry.central.fields = [9, 9, 0, 0]
    expectError(
      .malformedDirectory(path: "x.zip", offset: 105, expected: "a zip64 field"), ZipBuilder([entry]).bytes())
    entry.central.fields = [9, 9, 1, 0]
    expectError(
      .malformedDirectory(path: "x.zip", offset: 109, expected: "1 more bytes of a record"),
      ZipBuilder([entry]).bytes())
    entry.central.fields = ZipBuilder.zip64Field([1 << 60, 1 << 60])
    expectError(
      .headerMismatch(
        path: "x.zip", offset: 0, entry: "a", expected: "the directory's sizes and checksum"),
      ZipBuilder([entry]).bytes())
  }

  @Test func sizesBeyondTheArchive() {
    var entry = Entry("a", [1, 2])
    entry.change {
      ($0.compressedSize, $0.uncompressedSize) = (.max, .max)
      $0.fields = ZipBuilder.zip64Field([1 << 62, 1 << 62])
    }
    expectError(
      .headerMismatch(
        path: "x.zip", offset: 0, entry: "a", expected: "\(1 << 62) bytes before the directory"),
      ZipBuilder([entry]).bytes())
  }

  @Test func truncatedDirectory() {
    var builder = ZipBuilder([Entry("a", [1])])
    builder.entries[0].central.signature = 7
    expectError(
      .malformedDirectory(path: "x.zip", offset: 32, expected: "an entry of the directory"), builder.bytes())
  }

  @Test(arguments: ["", "a\0b"])
  func unusableName(name: String) {
    expectError(
      .malformedDirectory(path: "x.zip", offset: 77 + name.utf8.count, expected: "a name without zero bytes"),
      ZipBuilder([Entry(name, [1])]).bytes())
  }

  @Test func duplicateName() {
    expectError(
      .duplicateName(path: "x.zip", offset: 111, entry: "a"),
      ZipBuilder([Entry("a", [1]), Entry("a", [2])]).bytes())
  }

  @Test func headerMismatch() {
    let changes: [(String, (inout ZipBuilder.Header) -> Void)] = [
      ("the directory's name", { $0.name = Array("b".utf8) }),
      ("the directory's method", { $0.method = 8 }), ("the directory's method", { $0.flags = 1 }),
      ("the directory's sizes and checksum", { $0.crc32 ^= 1 }),
      ("the directory's sizes and checksum", { $0.compressedSize = 0 }),
      ("the directory's sizes and checksum", { $0.uncompressedSize = 4 }),
    ]
    for (expected, change) in changes {
      var entry = Entry("a", [1, 2, 3])
      change(&entry.local)
      expectError(
        .headerMismatch(path: "x.zip", offset: 0, entry: "a", expected: expected),
        ZipBuilder([entry]).bytes())
    }
  }

  @Test func deferredSizesMayBeZero() throws {
    var entry = Entry("a", [1, 2, 3])
    entry.change { $0.flags = 8 }
    (entry.local.crc32, entry.local.compressedSize, entry.local.uncompressedSize) = (0, 0, 0)
    let archive = try archive(ZipBuilder([entry]))
    #expect(try archive.read(archive.entries[0]) == [1, 2, 3])
    entry.local.compressedSize = 2
    expectError(
      .headerMismatch(
        path: "x.zip", offset: 0, entry: "a", expected: "the directory's sizes and checksum"),
      ZipBuilder([entry]).bytes())
  }

  @Test func wrongPlaces() {
    var builder = ZipBuilder([Entry("a", [1, 2, 3])])
    builder.entries[0].offset = 34
    expectError(
      .headerMismatch(path: "x.zip", offset: 34, entry: "a", expected: "a place before the directory"),
      builder.bytes())
    builder.entries[0].offset = 1
    expectError(
      .malformedDirectory(path: "x.zip", offset: 1, expected: "the header of an entry"), builder.bytes())
    builder.entries[0].offset = nil
    builder.entries[0].local.signature = 0
    expectError(
      .malformedDirectory(path: "x.zip", offset: 0, expected: "the header of an entry"), builder.bytes())
  }

  @Test func overlappingEntries() {
    // An entry within the bytes of another one, where no bytes would otherwise be counted twice.
    let inner = ZipBuilder([Entry("b", [9, 9, 9])]).bytes()
    let outer = Entry("a", inner)
    var within = Entry("b", [9, 9, 9])
    within.offset = 31
    expectError(.overlapping(path: "x.zip", offset: 31, entry: "b"), ZipBuilder([outer, within]).bytes())

    // An entry that goes on over the header of the next one.
    var long = Entry("a", [1])
    long.change {
      $0.compressedSize = 33
      $0.uncompressedSize = 33
    }
    expectError(
      .overlapping(path: "x.zip", offset: 32, entry: "b"), ZipBuilder([long, Entry("b", [2])]).bytes())
  }

  @Test(arguments: [(11, 0), (9, 0), (10321, 8), (0xFFFF_FFFE, 8)] as [(UInt32, UInt16)])
  func impossibleSizes(uncompressed: UInt32, method: UInt16) {
    var entry = Entry("a", [UInt8](repeating: 0, count: 10))
    entry.change {
      $0.uncompressedSize = uncompressed
      $0.method = method
    }
    expectError(
      .impossibleSize(path: "x.zip", entry: "a", compressed: 10, uncompressed: Int(uncompressed)),
      ZipBuilder([entry]).bytes())
  }

  @Test func largestRatioIsNotRefused() throws {
    // Zeros as zlib packs them, close to 258 bytes for every two bits.
    let archive = try ZipFixture.archive("dense")
    let entry = archive.entries[0]
    #expect(entry.uncompressedSize > 900 * entry.compressedSize)
    #expect(try archive.read(entry) == [UInt8](repeating: 0, count: 300_000))
  }

  @Test func encryptedEntries() throws {
    var entry = Entry("a", [1, 2, 3])
    entry.change { $0.flags = 1 }
    let archive = try archive(ZipBuilder([entry]))
    #expect(archive.entries[0].isEncrypted)
    #expect(archive.entries[0].storedRange == nil)
    try expectEntryError(.encrypted(path: "x.zip", entry: "a"), entry)
  }

  @Test func wrongChecksum() throws {
    let error = ZipError.wrongChecksum(path: "x.zip", entry: "a")
    var entry = Entry("a", [1, 2, 3])
    entry.data[1] ^= 1
    try expectEntryError(error, entry)
    entry = .deflated("a", ZipBuilder.storedBlocks([1, 2, 3]), giving: [1, 2, 4])
    try expectEntryError(error, entry)
    entry = Entry("a", [])
    entry.change { $0.crc32 = 7 }
    try expectEntryError(error, entry)
  }

  @Test func damagedEntries() throws {
    let error = ZipError.damagedEntry(path: "x.zip", entry: "a")
    let data = [UInt8](repeating: 3, count: 300)
    let packed = ZipBuilder.storedBlocks(data)
    // A block of no kind, and more bytes than the directory says.
    try expectEntryError(error, .deflated("a", [7], giving: data))
    try expectEntryError(error, .deflated("a", packed, giving: data.dropLast()))
    try expectEntryError(error, .deflated("a", packed, giving: []))
    // A stream that ends early, and fewer bytes than the directory says: their checksum is seen first.
    let early = ZipError.wrongChecksum(path: "x.zip", entry: "a")
    try expectEntryError(early, .deflated("a", packed.dropLast(), giving: data))
    try expectEntryError(early, .deflated("a", packed, giving: data + [3]))
    var short = Entry.deflated("a", packed, giving: data)
    short.change { $0.uncompressedSize = 301 }
    try expectEntryError(error, short)
  }

  @Test func everyPrefixIsRefused() throws {
    for name in ["zip64", "deflated"] {
      let whole = try bytes(ofFile: fixturePath("zip/\(name).zip"))
      for length in 0..<whole.count {
        let file = MappedFile(bytes: whole.prefix(length), path: "x.zip")
        if (try? ZipArchive(file)) != nil { Issue.record("\(length) bytes of \(name) were read") }
      }
    }
  }

  /// Reads everything, and returns how many bytes that gave.
  private func size(_ bytes: [UInt8]) throws -> Int {
    let archive = try ZipArchive(MappedFile(bytes: bytes, path: "x.zip"))
    return try archive.entries.reduce(0) { try $0 + archive.read($1).count }
  }

  @Test(arguments: ["deflated", "zip64", "streamed"])
  func everyDamagedByteIsSeenOrHarmless(name: String) throws {
    let whole = try bytes(ofFile: fixturePath("zip/\(name).zip"))
    let content = ZipFixture.text.count + ZipFixture.zeros.count
    var refused = 0
    for place in whole.indices {
      for bit in [0, 3, 7] {
        var damaged = whole
        damaged[place] ^= 1 << bit
        do {
          // What can change unseen is what nobody reads, such as dates, versions and fields of other programs.
          #expect(try size(damaged) == content, "\(place)")
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > whole.count)
  }
}
