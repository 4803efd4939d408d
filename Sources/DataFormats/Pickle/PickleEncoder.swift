/// Turns a value into the opcodes of one pickle.
struct PickleEncoder {
  private enum MemoKey: Hashable {
    case bytes(ByteString)
    case text(ByteString)
    case name(PickleName)
  }

  private var output = PickleOutput()
  private let isBinary: Bool
  private let path: String
  /// The numbers of the strings and names that were put into the memo.
  private var memo: [MemoKey: Int] = [:]
  /// How many values are in the memo, with containers, which are never taken out again. Python 2 counts from 1.
  private var memoCount = 0
  /// Python writes elements and entries in batches of this size.
  private static let batchSize = 1000

  init(format: PickleWriter.Format, path: String) {
    isBinary = format == .binary
    self.path = path
  }

  mutating func pickle(_ value: PickleValue) throws(PickleError) -> [UInt8] {
    if isBinary { output.append(.proto, bytes: [2]) }
    try encode(value, depth: 0)
    output.append(.stop)
    return output.bytes
  }

  private mutating func encode(_ value: PickleValue, depth: Int) throws(PickleError) {
    guard depth <= PickleReader.depthLimit else {
      throw cannotWrite("values within values, more than \(PickleReader.depthLimit) deep")
    }
    switch value {
    case .none: output.append(.none)
    case .boolean(let value): encode(value)
    case .integer(let integer): try encode(integer)
    case .double(let value): encode(value)
    case .bytes(let bytes):
      try encode(string: .bytes(bytes), count: bytes.count) { output, isBinary in
        output.append(bytes: Array(bytes), isBinary)
      }
    case .text(let text):
      let bytes = ByteString(Array(text.utf8))
      try encode(string: .text(bytes), count: bytes.count) { output, isBinary in
        output.append(text, isBinary)
      }
    case .tuple(let elements): try encode(tuple: elements, depth: depth)
    case .list(let elements): try encode(list: elements, depth: depth)
    case .dictionary(let dictionary): try encode(dictionary, depth: depth)
    default:
      throw cannotWrite(
        "a value of type \(value.typeName); only None, bool, int, float, bytes, str, tuple, list, dict and "
          + "OrderedDict can be written")
    }
  }

  private func cannotWrite(_ what: String) -> PickleError { .cannotWrite(path: path, what: what) }

  // MARK: - Numbers

  private mutating func encode(_ value: Bool) {
    if isBinary {
      output.append(value ? .newtrue : .newfalse)
    } else {
      output.append(.int, line: value ? "01" : "00")
    }
  }

  private mutating func encode(_ integer: PickleInteger) throws(PickleError) {
    guard let value = integer.int else { return try encode(long: integer) }
    switch value {
    case 0..<0x100 where isBinary: output.append(.binint1, number: UInt8(value))
    case 0x100..<0x10000 where isBinary: output.append(.binint2, number: UInt16(value))
    case Int(Int32.min)...Int(Int32.max) where isBinary: output.append(.binint, number: Int32(value))
    default: output.append(.int, line: String(value))
    }
  }

  /// What Python 2 has as a long integer.
  private mutating func encode(long integer: PickleInteger) throws(PickleError) {
    let bytes = integer.littleEndianBytes
    if isBinary, let count = UInt8(exactly: bytes.count) {
      output.append(.long1, bytes: [count] + bytes)
    } else if isBinary, let count = Int32(exactly: bytes.count) {
      output.append(.long4, number: count)
      output.append(bytes: bytes)
    } else if let decimal = integer.decimal {
      output.append(.long, line: decimal + "L")
    } else {
      throw cannotWrite("an integer of \(bytes.count) bytes, which protocol 0 cannot hold; write protocol 2")
    }
  }

  private mutating func encode(_ value: Double) {
    if isBinary {
      output.append(.binfloat, number: value.bitPattern.byteSwapped)
    } else {
      output.append(.float, line: pythonDescription(of: value))
    }
  }

  // MARK: - Strings and the memo

  /// Writes a string of `count` bytes, or its number in the memo when it was written before.
  private mutating func encode(
    string key: MemoKey, count: Int = 0, _ write: (inout PickleOutput, Bool) -> Void
  ) throws(PickleError) {
    guard count <= Int32.max else {
      throw cannotWrite("a string of \(count) bytes, which protocols 0 to 2 cannot hold")
    }
    if let index = memo[key] {
      output.append(isBinary ? (index < 256 ? .binget : .longBinget) : .get, memo: index)
    } else {
      write(&output, isBinary)
      memo[key] = put()
    }
  }

  /// Puts the value that was just written into the memo, and returns its number.
  @discardableResult
  private mutating func put() -> Int {
    memoCount += 1
    output.append(isBinary ? (memoCount < 256 ? .binput : .longBinput) : .put, memo: memoCount)
    return memoCount
  }

  // MARK: - Containers

  private mutating func encode(tuple elements: [PickleValue], depth: Int) throws(PickleError) {
    if isBinary, elements.isEmpty { return output.append(.emptyTuple) }
    let isShort = isBinary && elements.count <= 3
    if !isShort { output.append(.mark) }
    for element in elements { try encode(element, depth: depth + 1) }
    output.append(isShort ? [.tuple1, .tuple2, .tuple3][elements.count - 1] : .tuple)
    if !elements.isEmpty { put() }
  }

  private mutating func encode(list elements: [PickleValue], depth: Int) throws(PickleError) {
    begin(empty: .emptyList, marked: .list)
    if !isBinary {
      for element in elements {
        try encode(element, depth: depth + 1)
        output.append(.append)
      }
      return
    }
    for start in stride(from: 0, to: elements.count, by: Self.batchSize) {
      let batch = elements[start..<min(start + Self.batchSize, elements.count)]
      if batch.count > 1 { output.append(.mark) }
      for element in batch { try encode(element, depth: depth + 1) }
      output.append(batch.count > 1 ? .appends : .append)
    }
  }

  private mutating func encode(_ dictionary: PickleDictionary, depth: Int) throws(PickleError) {
    guard dictionary.attributes.isEmpty else { throw cannotWrite("an OrderedDict that has attributes") }
    switch dictionary.kind {
    case .plain: try encode(entries: dictionary.entries, depth: depth)
    case .ordered: try encode(ordered: dictionary.entries, depth: depth)
    case .defaulting: throw cannotWrite("a defaultdict; write it as a plain dictionary")
    }
  }

  private mutating func encode(entries: [PickleDictionary.Entry], depth: Int) throws(PickleError) {
    begin(empty: .emptyDict, marked: .dict)
    let isBatched = isBinary && entries.count > 1
    for start in stride(from: 0, to: entries.count, by: isBatched ? Self.batchSize : 1) {
      if isBatched { output.append(.mark) }
      for entry in entries[start..<min(start + (isBatched ? Self.batchSize : 1), entries.count)] {
        try encode(entry.key, depth: depth + 1)
        try encode(entry.value, depth: depth + 1)
      }
      output.append(isBatched ? .setitems : .setitem)
    }
  }

  /// `OrderedDict([[key, value], …])`, as Python 2.7 reduces it.
  private mutating func encode(ordered entries: [PickleDictionary.Entry], depth: Int) throws(PickleError) {
    let name = PickleName(module: "collections", name: "OrderedDict")
    try encode(string: .name(name)) { output, _ in
      output.append(.global, line: "\(name.module)\n\(name.name)")
    }
    if !isBinary { output.append(.mark) }
    try encode(list: entries.map { .list([$0.key, $0.value]) }, depth: depth + 1)
    output.append(isBinary ? .tuple1 : .tuple)
    output.append(.reduce)
    put()
  }

  /// An empty container, which is put into the memo before it is filled.
  private mutating func begin(empty: PickleOpcode, marked: PickleOpcode) {
    if isBinary {
      output.append(empty)
    } else {
      output.append(.mark)
      output.append(marked)
    }
    put()
  }
}
