extension PickleReader {
  /// Whether the pickles in `source` name only what is understood: no class or function of which an instance was
  /// noted down, not even for a value that is then thrown away.
  ///
  /// To be asked before bytes are handed on to Python, which would run what we only note. Throws as `readAll` does;
  /// `path` is for messages.
  package static func holdsPlainData(_ source: ByteString, path: String) throws(PickleError) -> Bool {
    var offset = 0
    repeat {
      let graph = try PickleMachine.run(source, path: path, offset: &offset).graph
      guard graph.instances.isEmpty, graph.globals.allSatisfy({ $0.meaning.isUnderstood }) else {
        return false
      }
    } while offset < source.count
    return true
  }
}

extension PickleGlobal {
  /// Whether the name is among those that are understood.
  fileprivate var isUnderstood: Bool {
    if case .unknown = self { false } else { true }
  }
}
