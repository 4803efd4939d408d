/// What a pickle holds, as data.
///
/// Values that the pickle uses in several places share their memory. A walk that visits them each time takes at
/// most `PickleReader.weightLimit` steps; no value holds itself, and none is nested deeper than
/// `PickleReader.depthLimit`, so that a recursion over values is safe.
package enum PickleValue: Sendable {
  case none
  case boolean(Bool)
  case integer(PickleInteger)
  case double(Double)
  /// Python 2's `str`, and the `bytes` and `bytearray` of both.
  indirect case bytes(ByteString)
  /// Python 2's `unicode` and Python 3's `str`. Words that Swift takes for equal may differ in their UTF-8.
  case text(String)
  case tuple([PickleValue])
  case list([PickleValue])
  /// The elements of a set, each once, in the order of the file.
  case set([PickleValue])
  case frozenSet([PickleValue])
  indirect case dictionary(PickleDictionary)
  /// An instance of a class that is not understood.
  indirect case instance(PickleInstance)
  /// NumPy's array of numbers.
  indirect case array(StridedArray)
  /// NumPy's array of objects, the last dimension fastest.
  indirect case objects(shape: [Int], [PickleValue])
  /// NumPy's number of a fixed size: an array without dimensions.
  indirect case scalar(StridedArray)
  /// NumPy's `dtype` by its kind and size, such as f4.
  case elementType(String)
  /// PyTorch's tensor.
  indirect case tensor(PyTorchTensor)
  /// A type that stands for itself, such as `torch.float32` or `int`.
  indirect case name(PickleName)
}

/// A dictionary: its keys, each once, in the order of the file.
package struct PickleDictionary: Sendable {
  /// Python's type of a dictionary.
  package enum Kind: Sendable, Equatable {
    case plain
    /// `collections.OrderedDict`.
    case ordered
    /// `collections.defaultdict`, with the type that makes missing values.
    indirect case defaulting(PickleName?)
  }

  /// A key and its value.
  package struct Entry: Sendable {
    package let key: PickleValue
    package let value: PickleValue

    package init(key: PickleValue, value: PickleValue) {
      self.key = key
      self.value = value
    }
  }

  package let kind: Kind
  package let entries: [Entry]
  /// The attributes that an `OrderedDict` has beside its entries, as PyTorch's `_metadata`.
  package let attributes: [Entry]

  package init(kind: Kind = .plain, entries: [Entry], attributes: [Entry] = []) {
    self.kind = kind
    self.entries = entries
    self.attributes = attributes
  }
}

/// An instance of a class that is not understood: what would make it, which is never done.
package struct PickleInstance: Sendable {
  package let className: PickleName
  /// What the class would be called with; none in most cases.
  package let arguments: [PickleValue]
  /// Those of the arguments that have names.
  package let namedArguments: [PickleDictionary.Entry]
  /// What the instance would be given: its attributes as a dictionary, or these and its slots in a tuple, or
  /// whatever the class has chosen.
  package let state: PickleValue?
  /// For a class that extends `list`.
  package let elements: [PickleValue]
  /// For a class that extends `dict`.
  package let entries: [PickleDictionary.Entry]
}

/// A tensor of a PyTorch file.
package struct PyTorchTensor: Sendable {
  /// The numbers, in the place and order of the storage.
  package let array: StridedArray
  package let requiresGradient: Bool
  /// Whether it is a `Parameter`.
  package let isParameter: Bool
}
