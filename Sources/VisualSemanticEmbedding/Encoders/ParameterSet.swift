public import Tensors

/// Numbers in a `ParameterLayout`: the parameters of a model, or their gradients or moments.
public final class ParameterSet {
  /// Names, shapes and places.
  public let layout: ParameterLayout
  /// Everything as one row, [1, count].
  package let everything: Matrix
  /// The same rounded to bfloat16, when products run in it.
  package private(set) var rounded: Operand?

  /// Zeros in the layout.
  public init(layout: ParameterLayout) {
    self.layout = layout
    self.everything = Matrix(rows: 1, columns: layout.count)
  }

  /// The parameter at `slot`; changes to it change the set.
  public subscript(slot: ParameterSlot) -> Matrix {
    let entry = layout.entries[slot.index]
    return everything.columns(entry.offset..<entry.offset + entry.rows * entry.columns)
      .reshaped(rows: entry.rows, columns: entry.columns)
  }

  /// The parameter named `name`, if there is one.
  public subscript(name: String) -> Matrix? {
    layout.entries.firstIndex { $0.name == name }.map { self[ParameterSlot(index: $0)] }
  }

  /// The precision in which products read the parameters.
  var precision: Precision { rounded == nil ? .float32 : .bfloat16 }

  /// The parameter at `slot` as an input of products, in the precision of `usePrecision`.
  func operand(_ slot: ParameterSlot) -> Operand { operand(slot, precision: precision) }

  /// The same in a given precision: that of `usePrecision`, or Float32, which is there always.
  func operand(_ slot: ParameterSlot, precision: Precision) -> Operand {
    guard precision == .bfloat16 else { return Operand(self[slot]) }
    guard let rounded else { preconditionFailure("the parameters are not rounded") }
    let entry = layout.entries[slot.index]
    return rounded.columns(entry.offset..<entry.offset + entry.rows * entry.columns)
      .reshaped(rows: entry.rows, columns: entry.columns)
  }

  /// Chooses the precision in which products read the parameters, and rounds them.
  package func usePrecision(_ precision: Precision) {
    guard precision == .bfloat16 else {
      rounded = nil
      return
    }
    let copy = rounded ?? Operand(rows: 1, columns: layout.count, precision: .bfloat16)
    copy.assign(everything)
    rounded = copy
  }

  /// Sets what begins at a constant, and leaves what is drawn.
  package func setConstants() {
    for (index, entry) in layout.entries.enumerated() {
      if case .constant(let value) = entry.initialization { self[ParameterSlot(index: index)].fill(value) }
    }
  }

  /// Takes over the parameters that another set has under the same names and in the same shapes.
  package func adopt(_ other: ParameterSet) {
    for (index, entry) in layout.entries.enumerated() {
      guard let found = other[entry.name], found.rows == entry.rows, found.columns == entry.columns else {
        continue
      }
      self[ParameterSlot(index: index)].assign(found)
    }
  }

  /// Draws every parameter as its layout says, in the layout's order.
  package func initialize(using generator: inout SeededRandomNumberGenerator) {
    for index in layout.entries.indices {
      let matrix = self[ParameterSlot(index: index)]
      switch layout.entries[index].initialization {
      case .zero: matrix.fill(0)
      case .constant(let value): matrix.fill(value)
      case .uniform(let bound): matrix.fillUniform(bound: bound, using: &generator)
      case .blocks(let columns):
        for start in stride(from: 0, to: matrix.columns, by: columns) {
          let block = matrix.columns(start..<start + columns)
          if matrix.rows == columns {
            block.fillOrthogonal(using: &generator)
          } else {
            block.fillUniform(bound: 0.1, using: &generator)
          }
        }
      }
    }
  }
}
