extension PickleReader {
  /// The first name that the pickles in `source` have and that is not understood, if there is one: a class or
  /// function of which an instance was noted down, be it for a value that is then thrown away.
  ///
  /// To be asked before bytes are handed on to Python, which would run what we only note. Throws as `readAll` does;
  /// `path` is for messages.
  package static func firstUnknownName(
    in source: ByteString, path: String
  ) throws(PickleError) -> PickleName? {
    var offset = 0
    repeat {
      let graph = try PickleMachine.run(source, path: path, offset: &offset).graph
      if let global = graph.globals.first(where: { !$0.meaning.isUnderstood }) { return global.name }
      if let instance = graph.instances.first { return instance.className }
    } while offset < source.count
    return nil
  }
}

extension PickleGlobal {
  /// Whether the name is among those that are understood.
  fileprivate var isUnderstood: Bool {
    if case .unknown = self { false } else { true }
  }
}
