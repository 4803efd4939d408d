import Tensors
import TestSupport
import VisualSemanticEmbedding

extension Matrix {
  /// The numbers in Double, row by row, for the plain model.
  var table: ReferenceModel.Table { (0..<rows).map { rowValues($0).map { Double($0) } } }
}

extension ParameterSet {
  /// All parameters in Double, by name.
  var tables: [String: ReferenceModel.Table] {
    var tables: [String: ReferenceModel.Table] = [:]
    for entry in layout.entries { tables[entry.name] = self[entry.name]?.table }
    return tables
  }
}
