import DataFormats
import Foundation
import ImageFeatures
import Synchronization
import Tensors
import TestSupport
import Testing

/// Photos to rows, in order, in spite of what happens on the way.
@Suite struct ExtractionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private struct Stopped: Error {}

  /// The first numbers of each photo's planes; counts what it has seen.
  private struct FirstPixels: FeatureNetwork {
    var preprocessing = Preprocessing.squashed
    var featureSize = 3
    var seen = 0
    var minibatches: [Int] = []

    mutating func features(of minibatch: Matrix) throws -> Matrix {
      seen += minibatch.rows
      minibatches.append(minibatch.rows)
      let result = Matrix(rows: minibatch.rows, columns: 3)
      for row in 0..<minibatch.rows {
        for plane in 0..<3 { result[row, plane] = minibatch[row, plane * minibatch.columns / 3] }
      }
      return result
    }
  }

  /// A GIF of one pixel of this grey.
  private static func pixel(_ grey: UInt8) -> [UInt8] {
    let screen: [UInt8] = [
      0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, grey, grey, grey, 0, 0, 0,
    ]
    return screen + [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B]
  }

  /// What the network makes of such a pixel.
  private static func value(_ grey: Int) -> Float { (Float(grey) - 128) / 128 }

  /// `count` photos, each of its own grey, of which those at `broken` are no photos.
  private func photos(_ count: Int, broken: Set<Int> = []) throws -> PhotoList {
    try PhotoList(
      (0..<count).map { index in
        let name = "photo\(index).gif"
        let bytes = broken.contains(index) ? Array("none".utf8) : Self.pixel(UInt8(index))
        return PhotoList.Entry(name: name, path: try folder.write(bytes, to: name))
      })
  }

  private func lines(_ path: String) throws -> [String] {
    String(decoding: try bytes(ofFile: path), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func rows(_ path: String) throws -> [Float] { try NumpyArray.read(path: path).float32Values() }

  private func extraction(
    _ photos: PhotoList, _ change: (inout FeatureExtraction.Options) -> Void = { _ in }
  ) -> FeatureExtraction {
    var options = FeatureExtraction.Options()
    options.decodingThreads = 3
    options.batchSize = 4
    options.networkIdentity = "first pixels"
    change(&options)
    return FeatureExtraction(photos, to: folder.path("out.npy"), options: options)
  }

  private func expected(_ greys: [Int]) -> [Float] {
    greys.flatMap { [Float](repeating: Self.value($0), count: 3) }
  }

  @Test(arguments: [1, 3, 4, 5, 30], [1, 3]) func rowsAreInTheOrderOfThePhotos(count: Int, threads: Int)
    throws
  {
    let extraction = extraction(try photos(count)) { $0.decodingThreads = threads }
    var network: any FeatureNetwork = FirstPixels()
    var seen: [Int] = []
    let report = try extraction.run(with: &network) { seen.append($0.done) }
    #expect(report.rows == count && report.columns == 3 && report.failures.isEmpty)
    #expect(try NumpyArray.read(path: extraction.output).shape == [count, 3])
    #expect(try rows(extraction.output) == expected(Array(0..<count)))
    #expect(try lines(extraction.namesPath) == (0..<count).map { "photo\($0).gif" })
    #expect(seen.last == count)
    #expect(FileKind(path: extraction.partialPath) == .missing)
    #expect(FileKind(path: extraction.failuresPath) == .missing)
  }

  @Test func unreadablePhotosAreLeftOutAndListed() throws {
    let broken: Set = [0, 5, 6, 7, 8, 9, 19]
    let extraction = extraction(try photos(20, broken: broken))
    var network: any FeatureNetwork = FirstPixels()
    let report = try extraction.run(with: &network)
    let left = (0..<20).filter { !broken.contains($0) }
    #expect(try rows(extraction.output) == expected(left))
    #expect(try lines(extraction.namesPath) == left.map { "photo\($0).gif" })
    #expect(report.failures.map(\.name) == broken.sorted().map { "photo\($0).gif" })
    let listed = try lines(extraction.failuresPath)
    #expect(listed == report.failures.map { "\($0.name)\t\($0.reason)" })
    for (line, failure) in zip(listed, report.failures) { #expect(line.contains("/\(failure.name)'")) }
  }

  /// Also by a run that goes on after another one.
  @Test func photosCutShortAreListed() throws {
    let list = try PhotoList(
      ["jpeg", "cut_early", "cut_late", "grey", "cut_grey", "cut_halved"].map {
        PhotoList.Entry(name: $0, path: PhotoFixtures.path($0 + ".jpg"))
      })
    let extraction = extraction(list) { $0.limits.truncatedPhotos = .accept }
    var network: any FeatureNetwork = FirstPixels()
    #expect(throws: Stopped.self) { try extraction.run(with: &network) { _ in throw Stopped() } }
    let report = try extraction.run(with: &network)
    #expect(report.rows == 6 && report.failures.isEmpty)
    #expect(report.truncated.map(\.name) == ["cut_early", "cut_late", "cut_grey", "cut_halved"])
    #expect(report.truncated[0].reason.hasSuffix("cut_early.jpg' is cut short: 60% of its rows are there"))
    let listed = report.truncated.map { "\($0.name)\t\($0.reason)" }
    #expect(try lines(extraction.truncatedPath) == listed)
    var noted: [Float] = []
    var options = FeatureExtraction.Options()
    options.limits.truncatedPhotos = .accept
    let rows = network.features(ofPhotos: list.entries.map(\.path), options: options) {
      noted.append($1.shareThere)
    }
    #expect(noted == [0.6, 1, 0.8, 1])
    #expect(try rows.flatMap { try $0.get() } == self.rows(extraction.output))
  }

  /// The list of an earlier run would be believed.
  @Test func aListOfFailuresGoesWhenThereAreNone() throws {
    let extraction = extraction(try photos(3))
    _ = try folder.write(Array("old".utf8), to: "out.failed.txt")
    var network: any FeatureNetwork = FirstPixels()
    _ = try extraction.run(with: &network)
    #expect(FileKind(path: extraction.failuresPath) == .missing)
  }

  @Test func nothingButUnreadablePhotosLeavesAnArrayAlone() throws {
    let path = folder.path("out.npy")
    try NumpyArray.write(ArrayData([1, 2] as [Float], shape: [1, 2]), to: path)
    let extraction = extraction(try photos(3, broken: [0, 1, 2])) { $0.overwrites = true }
    var network: any FeatureNetwork = FirstPixels()
    let error = #expect(throws: ExtractionError.self) { try extraction.run(with: &network) }
    #expect(error?.description.contains("/photo0.gif'") ?? false)
    #expect(try rows(path) == [1, 2])
    #expect(try lines(extraction.failuresPath).count == 3)
    for path in [extraction.namesPath, extraction.partialPath] { #expect(FileKind(path: path) == .missing) }
  }

  /// A photo that an earlier run has left out would stay out unseen.
  @Test func strictRunsGoOnOnlyAfterRunsThatReadAll() throws {
    let list = try photos(10, broken: [1])
    var network: any FeatureNetwork = FirstPixels()
    #expect(throws: Stopped.self) {
      try extraction(list).run(with: &network) { if $0.done >= 4 { throw Stopped() } }
    }
    let strict = extraction(list) { $0.isStrict = true }
    let error = #expect(throws: ExtractionError.self) { try strict.run(with: &network) }
    #expect(error?.description.contains("/photo1.gif'") ?? false)
    #expect(FileKind(path: strict.output) == .missing)
  }

  @Test(arguments: ["out.npy", "out.names.txt"]) func whatIsThereIsReplacedOnlyWhenToldTo(name: String) throws
  {
    let list = try photos(3)
    var network: any FeatureNetwork = FirstPixels()
    _ = try extraction(list).run(with: &network)
    for other in ["out.npy", "out.names.txt"] where other != name {
      try FileManager.default.removeItem(atPath: folder.path(other))
    }
    let before = try bytes(ofFile: folder.path(name))
    #expect(throws: ExtractionError.outputExists(path: folder.path(name))) {
      try extraction(list).run(with: &network)
    }
    #expect(try bytes(ofFile: folder.path(name)) == before)
    let replacing = extraction(list) { $0.overwrites = true }
    #expect(throws: Stopped.self) { try replacing.run(with: &network) { _ in throw Stopped() } }
    // It was said when the run began.
    #expect(try extraction(list).run(with: &network).rows == 3)
  }

  @Test func strictRunsEndAtTheFirstUnreadablePhoto() throws {
    let extraction = extraction(try photos(10, broken: [6])) { $0.isStrict = true }
    var network: any FeatureNetwork = FirstPixels()
    #expect(throws: PhotoError.unknownFormat(path: folder.path("photo6.gif"))) {
      try extraction.run(with: &network)
    }
    #expect(FileKind(path: extraction.output) == .missing)
  }

  @Test func aStoppedRunGoesOnWithoutComputingAnew() throws {
    let extraction = extraction(try photos(30, broken: [2, 20]))
    var network: any FeatureNetwork = FirstPixels()
    #expect(throws: Stopped.self) {
      try extraction.run(with: &network) { if $0.done >= 12 { throw Stopped() } }
    }
    #expect(FileKind(path: extraction.output) == .missing)
    var second: any FeatureNetwork = FirstPixels()
    var first: FeatureExtraction.Progress?
    let report = try extraction.run(with: &second) { first = first ?? $0 }
    let resumed = try #require(first).resumed
    #expect(resumed >= 12)
    let left = (0..<30).filter { ![2, 20].contains($0) }
    #expect((second as? FirstPixels)?.seen == left.count { $0 >= resumed })
    #expect(try rows(extraction.output) == expected(left))
    #expect(report.failures.map(\.name) == ["photo2.gif", "photo20.gif"])
  }

  /// A machine can fail while a record is being written, or lose any part that was not flushed.
  @Test func whatIsDamagedAtTheEndOfTheLogIsComputedAnew() throws {
    let extraction = extraction(try photos(12))
    func stopped() throws -> [UInt8] {
      var network: any FeatureNetwork = FirstPixels()
      #expect(throws: Stopped.self) {
        try extraction.run(with: &network) { if $0.done >= 8 { throw Stopped() } }
      }
      return try bytes(ofFile: extraction.partialPath)
    }
    let whole = try stopped()
    let record = 13 + 4 * 3
    #expect(whole.count == 16 + 8 * record)
    var damages: [(bytes: [UInt8], kept: Int)] = [0, 1, 15].map { (Array(whole.prefix($0)), 0) }
    for cut in [16, 17, 16 + record, 16 + record + 6, whole.count - 1] {
      damages.append((Array(whole.prefix(cut)), (cut - 16) / record))
    }
    for place in [16, 17, 16 + 5, 16 + record - 1] {
      var bytes = whole
      bytes[place + 3 * record] ^= 0x81
      damages.append((bytes, 3))
    }
    for damage in damages {
      _ = try folder.write(damage.bytes, to: "out.npy.partial")
      var network: any FeatureNetwork = FirstPixels()
      _ = try extraction.run(with: &network)
      #expect((network as? FirstPixels)?.seen == 12 - damage.kept)
      #expect(try rows(extraction.output) == expected(Array(0..<12)))
    }
  }

  @Test func anUnfinishedRunOfOtherThingsIsNotTouched() throws {
    let list = try photos(12)
    let first = extraction(list)
    var network: any FeatureNetwork = FirstPixels()
    #expect(throws: Stopped.self) { try first.run(with: &network) { _ in throw Stopped() } }
    let partial = try bytes(ofFile: first.partialPath)
    let others = [
      extraction(try PhotoList(Array(list.entries.reversed()))), extraction(list) { $0.normalizes = true },
      extraction(list) { $0.networkIdentity = "others" }, extraction(list) { $0.limits.pixels = 7 },
    ]
    for other in others {
      #expect(throws: ExtractionError.otherRun(path: first.partialPath)) { try other.run(with: &network) }
      #expect(try bytes(ofFile: first.partialPath) == partial)
    }
    let replacing = extraction(list) {
      $0.networkIdentity = "others"
      $0.overwrites = true
    }
    #expect(try replacing.run(with: &network).rows == 12)
  }

  /// Only another run's is forgotten.
  @Test func overwritingGoesOnWithTheSameRun() throws {
    let extraction = extraction(try photos(12)) { $0.overwrites = true }
    var network: any FeatureNetwork = FirstPixels()
    #expect(throws: Stopped.self) { try extraction.run(with: &network) { _ in throw Stopped() } }
    var second: any FeatureNetwork = FirstPixels()
    _ = try extraction.run(with: &second)
    #expect((second as? FirstPixels)?.seen == 8)
  }

  @Test func aPhotoThatWasChangedMakesAnotherRun() throws {
    let list = try photos(12)
    let extraction = extraction(list)
    var network: any FeatureNetwork = FirstPixels()
    #expect(throws: Stopped.self) { try extraction.run(with: &network) { _ in throw Stopped() } }
    _ = try folder.write(Self.pixel(200) + [0], to: "photo1.gif")
    #expect(throws: ExtractionError.otherRun(path: extraction.partialPath)) {
      try extraction.run(with: &network)
    }
  }

  @Test func whatIsKnownIsKeptWhereThatIsAskedFor() throws {
    let extraction = extraction(try photos(5, broken: [3])) { $0.keepsPartial = true }
    var network: any FeatureNetwork = FirstPixels()
    let first = try extraction.run(with: &network)
    try FileManager.default.removeItem(atPath: extraction.output)
    var second: any FeatureNetwork = FirstPixels()
    let report = try extraction.run(with: &second)
    #expect((second as? FirstPixels)?.seen == 0 && report.rows == 4 && report.failures == first.failures)
    #expect(try rows(extraction.output) == expected([0, 1, 2, 4]))
    extraction.removeFiles()
    #expect(FileKind(path: extraction.failuresPath) != .missing)
    for path in [extraction.output, extraction.namesPath, extraction.partialPath] {
      #expect(FileKind(path: path) == .missing)
    }
  }

  @Test func twoRunsDoNotShareAnOutput() throws {
    let list = try photos(8)
    let extraction = extraction(list)
    var network: any FeatureNetwork = FirstPixels()
    _ = try extraction.run(with: &network) { _ in
      var other: any FeatureNetwork = FirstPixels()
      #expect(throws: ExtractionError.runInProgress(path: extraction.partialPath)) {
        try extraction.run(with: &other)
      }
    }
  }

  @Test func whatIsNoArrayIsNotReplaced() throws {
    let path = try folder.write(Array("my thesis".utf8), to: "out.npy")
    var network: any FeatureNetwork = FirstPixels()
    let extraction = extraction(try photos(1))
    #expect(throws: ExtractionError.outputIsNotAnArray(path: path)) { try extraction.run(with: &network) }
  }

  @Test func rowsAreScaledToUnitNorm() throws {
    let extraction = extraction(try photos(3)) { $0.normalizes = true }
    var network: any FeatureNetwork = FirstPixels()
    _ = try extraction.run(with: &network)
    for value in try rows(extraction.output) { #expect(abs(value + 1 / Float(3).squareRoot()) < 1e-6) }
  }

  @Test func tenCropsAreAveraged() throws {
    let list = try PhotoList(paths: [PhotoFixtures.path("60x40.png")])
    let extraction = extraction(list) { $0.crops = .ten }
    var network: any FeatureNetwork = FirstPixels(preprocessing: .original)
    _ = try extraction.run(with: &network)
    let photo = try Photo(contentsOf: PhotoFixtures.path("60x40.png"))
    let size = Preprocessing.original.inputSize
    var crops = [Float](repeating: 0, count: 10 * size)
    try crops.withUnsafeMutableBufferPointer {
      try Preprocessing.original.write(photo, crops: .ten, path: "", to: $0)
    }
    let mean = (0..<3).map { plane in
      (0..<10).reduce(Float(0)) { $0 + crops[$1 * size + plane * size / 3] } / 10
    }
    #expect(maximumAbsoluteDifference(try rows(extraction.output), mean) < 1e-4)
    #expect((network as? FirstPixels)?.minibatches == [10])
    var squashed: any FeatureNetwork = FirstPixels()
    #expect(throws: ExtractionError.noCorners) { try extraction.run(with: &squashed) }
  }

  /// What the network throws ends the run, with all threads.
  @Test func aFailingNetworkEndsTheRun() throws {
    struct Failing: FeatureNetwork {
      var preprocessing = Preprocessing.squashed
      var featureSize = 3
      func features(of minibatch: Matrix) throws -> Matrix { throw Stopped() }
    }
    var network: any FeatureNetwork = Failing()
    let extraction = extraction(try photos(40))
    #expect(throws: Stopped.self) { try extraction.run(with: &network) }
  }

  // MARK: - Rows for whoever asks

  @Test(arguments: [1, 2, 30]) func rowsOfPhotosComeInTheirOrder(threads: Int) throws {
    let broken: Set = [0, 7, 8, 20]
    let paths = try photos(21, broken: broken).entries.map(\.path)
    var options = FeatureExtraction.Options()
    options.batchSize = 4
    options.decodingThreads = threads
    var network = FirstPixels()
    let results = network.features(ofPhotos: paths, options: options)
    #expect(results.count == 21 && network.seen == 17 && network.minibatches.allSatisfy { $0 <= 4 })
    for (index, result) in results.enumerated() {
      switch result {
      case .success(let row):
        #expect(!broken.contains(index) && row == [Float](repeating: Self.value(index), count: 3))
      case .failure(let error): #expect(broken.contains(index) && error is PhotoError)
      }
    }
    #expect(network.features(ofPhotos: [], options: options).isEmpty)
    options.crops = .ten
    #expect(throws: ExtractionError.noCorners) {
      try network.features(ofPhotos: paths, options: options)[1].get()
    }
  }

  @Test func aNetworkThatFailsFailsForItsPhotosAlone() throws {
    struct Failure: Error {}
    struct FailsOnce: FeatureNetwork {
      var inner = FirstPixels()
      var calls = 0
      var preprocessing: Preprocessing { inner.preprocessing }
      var featureSize: Int { 3 }

      mutating func features(of minibatch: Matrix) throws -> Matrix {
        calls += 1
        if calls == 2 { throw Failure() }
        return try inner.features(of: minibatch)
      }
    }
    var options = FeatureExtraction.Options()
    options.batchSize = 3
    var network = FailsOnce()
    let results = network.features(ofPhotos: try photos(8).entries.map(\.path), options: options)
    #expect(results.indices.filter { (try? results[$0].get()) == nil } == [3, 4, 5])
    #expect(throws: Failure.self) { try results[4].get() }
  }
}
