import VisualSemanticEmbedding

extension PickleSummary {
  /// The values as a tree, a value a line.
  var text: String {
    (["  size  \(bytes) bytes"] + values.flatMap { $0.lines(indentation: "  ") }).joined(separator: "\n")
  }
}

extension ValueSummary {
  /// The value, and below it, further in, what it holds.
  fileprivate func lines(name: String? = nil, indentation: String) -> [String] {
    let members = members ?? []
    var lines = [indentation + (name.map { $0 + "  " } ?? "") + text]
    for member in members {
      lines += member.value.lines(name: member.name, indentation: indentation + "  ")
    }
    if let count, members.count < count {
      let more = members.isEmpty ? "…" : "… \(count - members.count) more"
      lines.append(indentation + "  " + more)
    }
    return lines
  }

  private var text: String {
    if let value { return type == value ? value : "\(type) \(value)" }
    return count.map { "\(type) of \($0)" } ?? type
  }
}
