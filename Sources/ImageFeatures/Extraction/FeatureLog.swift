internal import DataFormats
internal import Foundation

/// What an unfinished extraction has found so far: a file to which a record is added for each photo, in order.
///
/// It begins with 8 bytes that name the format and the 8 of the fingerprint of the run. A record is 1 byte (0: a row,
/// 1: a failure, 2: the row of a photo that is cut short), 4 bytes (the size of what follows), the row's float32 numbers
/// (and, for 2, the share of the photo that is there, float32) or the failure's text, and 8 bytes, the XXH64 of all
/// that. All numbers are little-endian, as all our platforms are. A record that a crash has left
/// incomplete, and what is behind it, is cut off.
///
/// As long as it is open the file is locked, so that two runs do not write to one output.
// The descriptor is owned by this object and closed with it.
final class FeatureLog {
  /// What came of a photo.
  enum Record: Equatable {
    case row(PhotoRow)
    case failure(String)

    init(_ row: Result<PhotoRow, PhotoError>) {
      switch row {
      case .success(let row): self = .row(row)
      case .failure(let error): self = .failure("\(error)")
      }
    }
  }

  private static let magic = Array("vsefeat1".utf8)
  private static let headSize = 16

  let path: String
  private let descriptor: Int32
  private let columns: Int
  /// The records that are in the file.
  private(set) var count = 0
  /// Those among them that were there when it was opened and are failures, and the first one's text.
  private(set) var failureCount = 0
  private(set) var firstFailure: String?

  /// Opens or creates the log of the run with this fingerprint; `count` says how far it has come.
  ///
  /// - Parameter replacing: whether another run's file is begun anew.
  /// - Throws: `ExtractionError.otherRun` when the file is another run's, unless `replacing`, and
  ///   `.runInProgress` while another program writes it.
  init(path: String, fingerprint: UInt64, columns: Int, replacing: Bool) throws(ExtractionError) {
    self.path = path
    self.columns = columns
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .file(FileError(code: errno, path: path, operation: .write)) }
    // Where locks do not work (some network file systems) the run goes on without one.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw .runInProgress(path: path)
    }
    let head = Self.magic + Self.bytes(of: fingerprint)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .file(FileError(code: errno, path: path, operation: .open))
    }
    let isBegun = status.st_size >= off_t(Self.headSize)
    if isBegun, try read(Self.headSize) == head {
      try skipRecords()
    } else {
      guard !isBegun || replacing else { throw .otherRun(path: path) }
      try cut(to: 0)
      try write(head)
    }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Adds records.
  func append(_ records: [Record]) throws(ExtractionError) {
    var bytes: [UInt8] = []
    for record in records {
      let start = bytes.count
      switch record {
      case .row(let row):
        precondition(row.features.count == columns, "rows of one run have one size")
        let numbers = row.features + (row.truncation.map { [$0.shareThere] } ?? [])
        bytes.append(row.truncation == nil ? 0 : 2)
        bytes += Self.bytes(of: UInt32(4 * numbers.count))
        bytes += numbers.withUnsafeBytes(Array.init)
      case .failure(let text):
        bytes.append(1)
        bytes += Self.bytes(of: UInt32(text.utf8.count))
        bytes += Array(text.utf8)
      }
      bytes += Self.bytes(of: Self.checksum(bytes[start...]))
    }
    try write(bytes)
    count += records.count
  }

  /// Waits until all records are on the disk.
  func flush() throws(ExtractionError) {
    let code = OpenFile.synchronize(descriptor)
    guard code == 0 else { throw .file(FileError(code: code, path: path, operation: .synchronize)) }
  }

  /// Calls `body` with all records, the first first.
  func readAll(_ body: (Record) throws -> Void) throws {
    _ = lseek(descriptor, off_t(Self.headSize), SEEK_SET)
    for _ in 0..<count {
      guard let record = try nextRecord()?.record else { throw ExtractionError.changedMeanwhile(path: path) }
      try body(record)
    }
    _ = lseek(descriptor, 0, SEEK_END)
  }

  /// Removes the file.
  func remove() { _ = unlink(path) }

  /// Counts the records that are whole and cuts off the rest.
  private func skipRecords() throws(ExtractionError) {
    var end = Self.headSize
    while let (record, size) = try nextRecord() {
      end += size
      count += 1
      if case .failure(let text) = record {
        failureCount += 1
        firstFailure = firstFailure ?? text
      }
    }
    try cut(to: end)
  }

  /// The record where the descriptor stands, and its bytes; nil when there is no whole one.
  private func nextRecord() throws(ExtractionError) -> (record: Record, size: Int)? {
    guard let head = try read(5) else { return nil }
    let size = Int(Self.number(head[1...]))
    let isFailure = head[0] == 1
    let limit = isFailure ? 1 << 16 : 4 * columns + (head[0] == 2 ? 4 : 0)
    guard head[0] <= 2, isFailure || size == limit, size <= limit,
      let body = try read(size), let sum = try read(8), Self.number(sum[...]) == Self.checksum(head + body)
    else { return nil }
    guard !isFailure else { return (.failure(String(decoding: body, as: UTF8.self)), size + 13) }
    let numbers = body.withUnsafeBytes { bytes in
      (0..<size / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    guard numbers.dropFirst(columns).allSatisfy({ (0...1).contains($0) }) else { return nil }
    let row = PhotoRow(
      features: Array(numbers.prefix(columns)),
      truncation: numbers.count > columns ? PhotoTruncation(shareThere: numbers[columns]) : nil)
    return (.row(row), size + 13)
  }

  /// The next bytes; nil when there are fewer.
  private func read(_ size: Int) throws(ExtractionError) -> [UInt8]? {
    let (bytes, code) = OpenFile.read(size, from: descriptor)
    guard code == 0 else { throw .file(FileError(code: code, path: path, operation: .open)) }
    return bytes.count == size ? bytes : nil
  }

  private func write(_ bytes: [UInt8]) throws(ExtractionError) {
    let code = bytes.withUnsafeBytes { OpenFile.write($0, to: descriptor) }
    guard code == 0 else { throw .file(FileError(code: code, path: path, operation: .write)) }
  }

  private func cut(to size: Int) throws(ExtractionError) {
    guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, off_t(size), SEEK_SET) >= 0 else {
      throw .file(FileError(code: errno, path: path, operation: .write))
    }
  }

  private static func checksum(_ bytes: some Collection<UInt8>) -> UInt64 {
    var hash = XXHash64()
    hash.update(bytes)
    return hash.finalized()
  }

  private static func bytes(of number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
