/// A name of Python's: a class, a function or a constant of a module.
package struct PickleName: Sendable, Hashable, CustomStringConvertible {
  /// The module, such as `collections`.
  package let module: String
  /// The name within the module, such as `OrderedDict`.
  package let name: String

  package init(module: String, name: String) {
    self.module = module
    self.name = name
  }

  package var description: String { module + "." + name }
}

/// The names of Python that are understood, and what they mean here.
///
/// Nothing is ever imported or called: each stands for a few lines of the interpreter that build a value.
enum PickleGlobal {
  case orderedDictionary, defaultDictionary, set, frozenSet, bytes, bytearray, object
  /// `copy_reg._reconstructor`, by which protocols 0 and 1 make an instance.
  case reconstructor
  /// `_codecs.encode`, by which Python 3 writes bytes in protocols 0 to 2.
  case encode
  /// `_reconstruct`, `scalar`, `_frombuffer`, `ndarray` and `dtype` of NumPy.
  case numpyReconstruct, numpyScalar, numpyFromBuffer, numpyArray, numpyElementType
  /// The functions of PyTorch that make a tensor of a storage, and a parameter of a tensor.
  case rebuildTensor, rebuildTensorV2, rebuildParameter
  /// A class of PyTorch's storages, with the type of its elements.
  case storage(ArrayElementType)
  case torchSize, torchDevice
  /// A type that stands for itself, such as `torch.float32` or `int`.
  case constant
  /// Not among them; may only be the class of an instance.
  case unknown

  init(_ name: PickleName) {
    self = Self.known[name] ?? .unknown
  }

  /// Whether the name may stand among the values.
  var isConstant: Bool {
    switch self {
    case .constant, .set, .frozenSet, .bytes, .bytearray, .object, .orderedDictionary, .defaultDictionary,
      .numpyArray, .numpyElementType, .torchSize, .torchDevice:
      true
    default: false
    }
  }

  private static let known: [PickleName: PickleGlobal] = {
    var known: [PickleName: PickleGlobal] = [:]
    func add(_ modules: [String], _ name: String, _ meaning: PickleGlobal) {
      for module in modules { known[PickleName(module: module, name: name)] = meaning }
    }
    // Python 2's name of the module, and Python 3's.
    let builtins = ["__builtin__", "builtins"]
    let multiarray = ["numpy.core.multiarray", "numpy._core.multiarray"]
    add(["collections"], "OrderedDict", .orderedDictionary)
    add(["collections"], "defaultdict", .defaultDictionary)
    add(builtins, "set", .set)
    add(builtins, "frozenset", .frozenSet)
    add(builtins, "bytes", .bytes)
    add(builtins, "bytearray", .bytearray)
    add(builtins, "object", .object)
    add(["copy_reg", "copyreg"], "_reconstructor", .reconstructor)
    add(["_codecs"], "encode", .encode)
    add(multiarray, "_reconstruct", .numpyReconstruct)
    add(multiarray, "scalar", .numpyScalar)
    add(["numpy.core.numeric", "numpy._core.numeric"], "_frombuffer", .numpyFromBuffer)
    add(["numpy"], "ndarray", .numpyArray)
    add(["numpy"], "dtype", .numpyElementType)
    add(["torch._utils"], "_rebuild_tensor", .rebuildTensor)
    add(["torch._utils"], "_rebuild_tensor_v2", .rebuildTensorV2)
    add(["torch._utils"], "_rebuild_parameter", .rebuildParameter)
    for (name, type) in storages { add(["torch", "torch.cuda"], name, .storage(type)) }
    add(["torch.storage", "torch"], "UntypedStorage", .storage(.uint8))
    add(["torch"], "Size", .torchSize)
    add(["torch"], "device", .torchDevice)
    for name in builtinTypes { add(builtins, name, .constant) }
    for name in torchElementTypes { add(["torch"], name, .constant) }
    for name in numpyTypes { add(["numpy"], name, .constant) }
    return known
  }()

  private static let storages: [(String, ArrayElementType)] = [
    ("FloatStorage", .float32), ("DoubleStorage", .float64), ("HalfStorage", .float16),
    ("BFloat16Storage", .bfloat16), ("LongStorage", .int64), ("IntStorage", .int32), ("ShortStorage", .int16),
    ("CharStorage", .int8), ("ByteStorage", .uint8), ("BoolStorage", .bool),
  ]

  private static let builtinTypes = [
    "int", "long", "float", "bool", "complex", "str", "unicode", "list", "tuple", "dict",
  ]

  private static let torchElementTypes = [
    "float16", "half", "bfloat16", "float32", "float", "float64", "double", "uint8", "int8", "int16", "short",
    "int32", "int", "int64", "long", "bool", "complex64", "complex128",
  ]

  private static let numpyTypes = [
    "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
    "float64", "complex64", "complex128", "str_", "bytes_", "string_", "unicode_", "object_",
  ]
}
