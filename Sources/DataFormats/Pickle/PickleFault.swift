/// What is wrong with a pickle at one place.
package enum PickleFault: Error, Equatable, Sendable {
  /// The bytes end within what begins here, which needs so many more.
  case truncated(missing: UInt64)
  /// The byte is no opcode of any protocol.
  case unknownOpcode(UInt8)
  /// A later protocol than 5.
  case unknownProtocol(UInt8)
  /// An opcode that only programs can make sense of, by its name.
  case unsupportedOpcode(String)
  /// The argument of an opcode is not what it should be.
  case malformedArgument(opcode: String, expected: String)
  /// An opcode wants more values than there are since the last mark.
  case stackUnderflow(opcode: String)
  /// An opcode wants a mark and there is none.
  case noMark(opcode: String)
  /// An opcode is applied to a value of the wrong kind.
  case wrongOperand(opcode: String, expected: String)
  /// Nothing was put into the memo under this number.
  case notInMemo(index: UInt64)
  /// A name of Python that is none of the few that are understood.
  case unknownGlobal(String)
  /// A name that is understood, with arguments that are not.
  case wrongArguments(global: String, expected: String)
  /// A reference to something outside of the pickle.
  case persistentID
  /// A key of a dictionary or an element of a set that cannot be one.
  case unusableKey
  /// A value that holds itself.
  case cycle
  /// Values within values, more deeply than the limit.
  case tooDeep(limit: Int)
  /// The same values are used again and again, to make more of them than the pickle has.
  case excessiveSharing
  /// More values than can be numbered, 2^32.
  case tooManyValues
  /// Text that is not UTF-8, or has half of a surrogate pair.
  case invalidText
  /// Numbers of a type that is not supported.
  case unsupportedElementType(String)
  /// An array whose bytes are too few or too many.
  case wrongByteCount(expected: Int, found: Int)
  /// An array whose elements cannot stand as it says.
  case layout(StridedLayout.Fault)
  /// The bytes go on after the pickle.
  case trailingBytes(count: Int)

  /// What is wrong and what to do, to follow the place in a message.
  var text: String {
    switch self {
    case .truncated(let missing): "the pickle is cut short, \(missing) bytes are missing; get the file again"
    case .unknownOpcode(let byte):
      "the byte 0x\(String(byte, radix: 16)) is no opcode of a pickle; the file is damaged or no pickle, get it again"
    case .unknownProtocol(let version):
      "protocol \(version) is unknown, expected 0 to 5; save it with pickle.dump(…, protocol=2)"
    case .unsupportedOpcode(let opcode):
      "the opcode \(opcode) is not supported; save it with pickle.dump(…, protocol=2)"
    case .malformedArgument(let opcode, let expected):
      "\(opcode) needs \(expected); the pickle is damaged, get the file again"
    case .stackUnderflow(let opcode):
      "\(opcode) needs more values than there are; the pickle is damaged, get the file again"
    case .noMark(let opcode): "\(opcode) needs a mark; the pickle is damaged, get the file again"
    case .wrongOperand(let opcode, let expected):
      "\(opcode) needs \(expected); the pickle is damaged, get the file again"
    case .notInMemo(let index): "the memo has no value \(index); the pickle is damaged, get the file again"
    case .unknownGlobal(let name):
      "\(quoted(name, limit: 120)) is not among the names that are understood, and nothing of a pickle is ever "
        + "run; save plain dictionaries, lists and arrays instead"
    case .wrongArguments(let global, let expected):
      "\(quoted(global, limit: 120)) is understood with \(expected) only; save plain dictionaries, lists and arrays instead"
    case .persistentID:
      "a reference to something outside of the pickle, as only PyTorch's files may have; get the whole file"
    case .unusableKey:
      "a key that is no text, number or tuple of these; save it with such keys"
    case .cycle: "the value holds itself; save a copy without the circle"
    case .tooDeep(let limit): "values within values, more than \(limit) deep; save it flatter"
    case .excessiveSharing:
      "the same values are used over and over again; the pickle is made to deceive, get it elsewhere"
    case .tooManyValues: "more than 2^32 values; split the pickle"
    case .invalidText: "the text is not valid UTF-8; save it as bytes or without lone surrogates"
    case .unsupportedElementType(let name):
      "elements of type \(quoted(name, limit: 40)) are not supported, expected bool, integers, float16, float32 or "
        + "float64; convert and save it again"
    case .wrongByteCount(let expected, let found):
      "the array needs \(expected) bytes and has \(found); the pickle is damaged, get the file again"
    case .layout(let fault): "\(fault.text); the file is damaged, get it again"
    case .trailingBytes(let count):
      "\(count) bytes follow the end of the pickle; the file holds more than one, or is damaged"
    }
  }
}

extension StridedLayout.Fault {
  var text: String {
    switch self {
    case .impossibleShape(let shape): "no array can have the shape \(described(shape))"
    case .impossibleStrides(let strides): "no array can have the strides \(described(strides))"
    case .outOfBounds(let extent, let available):
      "the array needs \(extent) elements and its storage has \(available)"
    case .expanded(let elements, let available):
      "the array repeats the \(available) elements of its storage as \(elements)"
    }
  }
}
