internal import DataFormats

extension FeatureExtraction {
  /// Writes the array and the lists from what the log has.
  ///
  /// The lists are there before the array is, which is how a run shows that it is done. Without a row there is only
  /// the list of the failures: an array of an earlier run is worth more than an empty one.
  func write(_ log: FeatureLog, columns: Int) throws -> Report {
    var report = Report(rows: 0, columns: columns, failures: [], truncated: [])
    var names: [String] = []
    var position = 0
    try log.readAll { record in
      // Where locks do nothing, another process may have added to the log.
      guard position < photos.entries.count else { throw ExtractionError.changedMeanwhile(path: partialPath) }
      let (name, path) = (photos.entries[position].name, photos.entries[position].path)
      position += 1
      switch record {
      case .row(let row):
        names.append(name)
        if let truncation = row.truncation {
          report.truncated.append(Remark(name: name, reason: "\(quoted(path)) is \(truncation)"))
        }
      case .failure(let reason): report.failures.append(Remark(name: name, reason: reason))
      }
    }
    report.failures += photos.unlistable.map {
      Remark(name: printable($0), reason: PhotoListError.nameOfSeveralLines(name: $0).description)
    }
    report.rows = names.count
    if names.isEmpty, let first = report.failures.first {
      try write(report.failures, to: failuresPath)
      log.remove()
      throw ExtractionError.nothingReadable(
        photos: report.failures.count, reason: first.reason, list: failuresPath)
    }
    let writer: NumpyRowWriter
    do {
      writer = try NumpyRowWriter(path: output, rowCount: names.count, columnCount: columns)
      try log.readAll { record in
        if case .row(let row) = record { try writer.append(row.features) }
      }
    } catch let error as NumpyError {
      throw ExtractionError.array(error)
    }
    try write(names, to: namesPath)
    try write(report.failures, to: failuresPath)
    try write(report.truncated, to: truncatedPath)
    do { try writer.finish() } catch { throw ExtractionError.array(error) }
    return report
  }

  /// A list of photos that there is something to say of; one of an earlier run goes when there is nothing.
  private func write(_ remarks: [Remark], to path: String) throws(ExtractionError) {
    guard !remarks.isEmpty else {
      FilePath.remove(path)
      return
    }
    try write(remarks.map { "\($0.name)\t\($0.reason)" }, to: path)
  }

  private func write(_ lines: [String], to path: String) throws(ExtractionError) {
    do {
      let file = try ReplacingFile(path: path)
      try file.write(lines.flatMap { Array($0.utf8) + [0x0A] })
      try file.commit()
    } catch {
      throw .file(error)
    }
  }
}
