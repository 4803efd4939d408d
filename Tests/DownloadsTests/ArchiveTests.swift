import DataFormats
import Downloads
import Foundation
import TestSupport
import Testing

/// Archives that become folders, from Tests/Fixtures/downloads.
@Suite struct ArchiveTests {
  static let names = ["train", "dev", "test"].flatMap { ["f8k_\($0)_caps.txt", "f8k_\($0)_ims.npy"] }.sorted()

  private static func fixture(_ name: String) throws -> [UInt8] {
    try TestSupport.bytes(ofFile: fixturePath("downloads/\(name)"))
  }

  /// The files of a folder below that of the trial.
  private func files(_ trial: Trial, _ folder: String = "f8k") throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: trial.folder.path(folder)) {
      files[name] = try TestSupport.bytes(ofFile: trial.folder.path(folder + "/" + name))
    }
    return files
  }

  /// What the archives with all files hold.
  private func expected() throws -> [String: [UInt8]] {
    let archive = try ZipArchive(path: fixturePath("downloads/flat/f8k.zip"))
    var files: [String: [UInt8]] = [:]
    for entry in archive.entries { files[entry.name] = try archive.read(entry) }
    return files
  }

  @Test(arguments: ["f8k.zip", "flat/f8k.zip", "deep/f8k.zip"])
  func theFilesStandInTheFolderItself(name: String) throws {
    let archive = try Self.fixture(name)
    let trial = try Trial(ServedFile(archive))
    let run = trial.run(.f8k)
    let stored = try #require(run.stored)
    let expected = try expected()
    #expect(expected.keys.sorted() == Self.names)
    #expect(try files(trial) == expected)
    #expect(try trial.folder.contents() == ["f8k"])
    let bytes = expected.values.reduce(0) { $0 + $1.count }
    #expect(stored.path == trial.folder.path("f8k") && stored.files == 6 && stored.bytes == bytes)
    #expect(stored.source == trial.origin(.f8k).address && stored.sourceBytes == archive.count)
    #expect(stored.archive == nil && stored.keptFiles == [])
    #expect(run.events.contains(.unpacking(files: 6, bytes: bytes)))
    #expect(run.events.last == .unpacked(bytes, total: bytes))
    #expect(try trial.run(.f8k).result.get() == .alreadyPresent(path: stored.path))
    #expect(trial.server.requests.count == 1)
  }

  @Test func permissionsAreNotTakenOver() throws {
    let trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    #expect(trial.run(.f8k).stored != nil)
    for name in Self.names {
      let path = trial.folder.path("f8k/" + name)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(try #require(mode) & 0o7111 == 0)
    }
  }

  @Test func modelsAreUnpackedToo() throws {
    let trial = try Trial(ServedFile(try Self.fixture("vse.zip")))
    #expect(trial.run(.models).stored?.files == 2)
    #expect(try files(trial, "models").keys.sorted() == ["coco.npz", "coco.npz.pkl"])
    #expect(trial.server.requests.map(\.path) == ["/vse.zip"])
  }

  @Test func archivesCanBeKept() throws {
    var trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    trial.downloader.keepsArchives = true
    let path = trial.folder.path("f8k.zip")
    #expect(trial.run(.f8k).stored?.archive == path)
    #expect(try trial.folder.contents() == ["f8k", "f8k.zip"])
    #expect(try TestSupport.bytes(ofFile: path) == Self.fixture("f8k.zip"))
    // It is used when it is there, and stays.
    try FileManager.default.removeItem(atPath: trial.folder.path("f8k"))
    trial.downloader.keepsArchives = false
    let run = trial.run(.f8k)
    #expect(run.events.first == .using(path: path) && run.stored?.source == path)
    #expect(try trial.folder.contents() == ["f8k", "f8k.zip"])
    #expect(trial.server.requests.count == 1)
  }

  @Test func archivesComeFromAFolderToo() throws {
    var trial = try Trial(ServedFile([]))
    trial.downloader.source = .folder(path: fixturePath("downloads"))
    #expect(trial.run(.f8k).stored?.archive == fixturePath("downloads/f8k.zip"))
    #expect(try files(trial) == expected())
    #expect(try trial.folder.contents() == ["f8k"] && trial.server.requests.isEmpty)
    #expect(trial.run(.f30k).error == .notInMirror(path: fixturePath("downloads/f30k.zip")))
    // An archive in the folder itself goes before the mirror.
    try FileManager.default.removeItem(atPath: trial.folder.path("f8k"))
    let path = try trial.folder.write(Self.fixture("flat/f8k.zip"), to: "f8k.zip")
    #expect(trial.run(.f8k).stored?.source == path)
  }

  // MARK: Folders that are there

  @Test func whatIsMissingIsAddedAndNothingReplaced() throws {
    let trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    try FileManager.default.createDirectory(
      atPath: trial.folder.path("f8k"), withIntermediateDirectories: false)
    _ = try trial.folder.write([1, 2, 3], to: "f8k/f8k_dev_caps.txt")
    _ = try trial.folder.write([4], to: "f8k/notes.txt")
    let stored = try #require(trial.run(.f8k).stored)
    #expect(stored.files == 5 && stored.keptFiles == ["f8k_dev_caps.txt"])
    var expected = try expected()
    expected["f8k_dev_caps.txt"] = [1, 2, 3]
    expected["notes.txt"] = [4]
    #expect(try files(trial) == expected)
  }

  @Test func overwritingReplacesTheFilesOfTheArchiveOnly() throws {
    var trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    _ = trial.run(.f8k)
    _ = try trial.folder.write([1, 2, 3], to: "f8k/f8k_dev_caps.txt")
    _ = try trial.folder.write([4], to: "f8k/notes.txt")
    trial.downloader.overwrites = true
    #expect(trial.run(.f8k).stored?.files == 6)
    var expected = try expected()
    expected["notes.txt"] = [4]
    #expect(try files(trial) == expected)
  }

  @Test func aFolderMayBeALink() throws {
    let trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    try FileManager.default.createDirectory(
      atPath: trial.folder.path("elsewhere"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: trial.folder.path("f8k"), withDestinationPath: "elsewhere")
    #expect(trial.run(.f8k).stored?.files == 6)
    #expect(try files(trial, "elsewhere") == expected())
  }

  @Test func aFileInTheWayIsLeftAlone() throws {
    let trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    let path = try trial.folder.write([1], to: "f8k")
    #expect(trial.run(.f8k).error == .blocked(path: path))
    #expect(try TestSupport.bytes(ofFile: path) == [1] && trial.server.requests.isEmpty)
  }

  // MARK: Interruptions

  @Test func unpackingCanBeInterruptedAndRepeated() throws {
    let archive = try Self.fixture("f8k.zip")
    let trial = try Trial(ServedFile(archive))
    let run = trial.run(.f8k) { if case .unpacked = $0 { true } else { false } }
    #expect(run.error == .interrupted(kept: archive.count))
    #expect(try trial.folder.contents() == ["f8k.zip.part", "f8k.zip.part.json"])
    #expect(trial.run(.f8k).stored?.source == trial.origin(.f8k).address)
    #expect(try files(trial) == expected())
    #expect(try trial.folder.contents() == ["f8k"] && trial.server.requests.count == 1)
  }

  @Test func whatAKilledRunLeftIsRemoved() throws {
    let trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    try FileManager.default.createDirectory(
      atPath: trial.folder.path(".f8k.unpacking/old"), withIntermediateDirectories: true)
    _ = try trial.folder.write([1], to: ".f8k.unpacking/f8k_dev_caps.txt")
    #expect(trial.run(.f8k).stored != nil)
    #expect(try files(trial) == expected())
    #expect(try trial.folder.contents() == ["f8k"])
  }

  @Test func oneAtATime() throws {
    let trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    let path = trial.folder.path(".f8k.unpacking")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let descriptor = open(path, O_RDONLY)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    #expect(trial.run(.f8k).error == .busy(path: path))
    close(descriptor)
    #expect(trial.run(.f8k).stored != nil)
  }

  // MARK: Archives that are refused

  @Test(arguments: [
    "absolute", "parent", "only_parent", "backslash", "drive", "control", "not_utf8", "empty_part",
    "windows_device", "long", "deep", "link", "device", "same_without_case", "same_with_accents",
    "file_and_folder", "folders_without_case", "zero_byte", "longer", "damaged", "cut", "encrypted", "bomb",
  ])
  func nothingOfARefusedArchiveIsKept(name: String) throws {
    var trial = try Trial(ServedFile(try Self.fixture("refused/\(name)/f8k.zip")))
    trial.downloader.limits.freeBytes = 1 << 20
    guard case .unpackingFetched(let reason, let origin)? = trial.run(.f8k).error else {
      Issue.record("it was unpacked")
      return
    }
    #expect(origin.fileName == "f8k.zip")
    #expect(try trial.folder.contents() == [])
    #expect(reason.description.contains("f8k.zip") && !reason.description.contains("\n"))
    switch (name, reason) {
    case ("damaged", .zip), ("cut", .zip), ("encrypted", .zip), ("longer", .zip), ("zero_byte", .zip): break
    case ("link", .notFile), ("device", .notFile): break
    case ("same_without_case", .clashingNames), ("same_with_accents", .clashingNames),
      ("file_and_folder", .clashingNames), ("folders_without_case", .clashingNames):
      break
    case ("bomb", .bomb(_, let bytes, _)): #expect(bytes > 2_000_000)
    case (_, .unsafeName): break
    default: Issue.record("\(reason)")
    }
  }

  @Test func anArchiveOfTheUserStaysWhenItIsRefused() throws {
    let archive = try Self.fixture("refused/parent/f8k.zip")
    let trial = try Trial(ServedFile([]))
    _ = try trial.folder.write(archive, to: "f8k.zip")
    guard case .unpacking(.unsafeName)? = trial.run(.f8k).error else {
      Issue.record("it was unpacked")
      return
    }
    #expect(try trial.folder.contents() == ["f8k.zip"])
  }

  @Test func aDamagedArchiveIsFetchedAgain() throws {
    let damaged = ServedFile(try Self.fixture("refused/damaged/f8k.zip"))
    let sound = ServedFile(try Self.fixture("f8k.zip"))
    let trial = try Trial { $0.index == 0 ? damaged.answer($0) : sound.answer($0) }
    #expect(trial.run(.f8k).error != nil)
    #expect(trial.run(.f8k).stored != nil)
    #expect(trial.starts == [nil, nil])
  }

  @Test func anotherArchiveIsRefused() throws {
    let trial = try Trial(ServedFile(try Self.fixture("lacking/f8k.zip")))
    guard case .unpackingFetched(.incomplete(_, let missing), _)? = trial.run(.f8k).error else {
      Issue.record("it was unpacked")
      return
    }
    #expect(missing == ["f8k_test_ims.npy"])
    #expect(try trial.folder.contents() == [])
  }

  @Test func tooManyEntriesAreRefused() throws {
    var trial = try Trial(ServedFile(try Self.fixture("f8k.zip")))
    trial.downloader.limits.entries = 5
    guard case .unpackingFetched(.tooManyEntries(_, count: 9, limit: 5), _)? = trial.run(.f8k).error else {
      Issue.record("it was unpacked")
      return
    }
  }

  /// The archive and what it becomes must both fit.
  @Test func roomIsNeededTwice() throws {
    let trial = try Trial { _ in
      [.send(ServedFile.head("200 OK", ["Content-Length: 1000000000000000000"])), .fallSilent]
    }
    guard case .noRoom(_, needed: 2_000_000_000_000_000_000, _)? = trial.run(.f8k).error else {
      Issue.record("begun")
      return
    }
  }
}
