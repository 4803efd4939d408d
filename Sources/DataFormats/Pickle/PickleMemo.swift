/// The values that a pickle has put aside under a number.
///
/// Numbers that follow each other, as all picklers write them, stand in an array; others, which a hostile
/// pickle can make as large as it likes, in a dictionary.
struct PickleMemo {
  private var dense: [PickleNodeID?] = []
  private var sparse: [UInt64: PickleNodeID] = [:]
  /// How many values there are, which is the number of the next one that MEMOIZE puts.
  private(set) var count = 0

  subscript(index: UInt64) -> PickleNodeID? {
    index < UInt64(dense.count) ? dense[Int(index)] : sparse[index]
  }

  mutating func put(_ id: PickleNodeID, at index: UInt64) {
    if self[index] == nil { count += 1 }
    // Python 2 begins with 1.
    if index == 1, dense.isEmpty { dense.append(nil) }
    if index < UInt64(dense.count) {
      dense[Int(index)] = id
    } else if index == UInt64(dense.count), sparse[index] == nil {
      dense.append(id)
    } else {
      sparse[index] = id
    }
  }
}
