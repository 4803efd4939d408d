extension FileFetch {
  /// Looks at the head of an answer, and returns whether its body is wanted.
  func accept(_ head: AnswerHead) throws(DownloadError) -> Bool {
    hasAnswered = true
    if 200..<300 ~= head.status, let encoding = head.contentEncoding {
      throw .encoded(origin, encoding: encoding)
    }
    switch head.status {
    case 200: try beginWhole(head)
    case 206: try beginPart(head)
    case 301, 302, 303, 307, 308: verdict = .redirected(to: head.location ?? "")
    case 416 where partial.count > 0 && head.contentRange == .unsatisfied(total: partial.count):
      verdict = .complete
    case 416: try refuseParts()
    case 404, 410: throw .gone(origin, status: head.status)
    case 401, 403, 407, 451: throw .forbidden(origin, status: head.status)
    case 408, 429, 500...599: verdict = .failed(.status(head.status, retryAfter: head.retryAfter))
    default: throw .unexpectedStatus(origin, status: head.status)
    }
    guard case .receiving = verdict else { return false }
    try checkRoom()
    monitor.report(.fetching(address: origin.address, kept: partial.count, total: partial.record.total))
    return true
  }

  /// The whole file comes, whether that was asked for or not.
  private func beginWhole(_ head: AnswerHead) throws(DownloadError) {
    if partial.count > 0 { monitor.report(.startingOver(reasonToStartOver(head))) }
    try partial.restart(PartialFileRecord(address: address, head))
    leading = []
  }

  private func reasonToStartOver(_ head: AnswerHead) -> DownloadEvent.StartingOver {
    let record = partial.record
    if record.address != address { return .otherAddress(DownloadOrigin.withoutPassword(record.address)) }
    if record.validator == nil { return .unmarked }
    return record.agrees(with: head) ? .unsupported : .changed
  }

  /// A part of the file comes, which must be the rest of what is here.
  private func beginPart(_ head: AnswerHead) throws(DownloadError) {
    // Some hosts call the whole file a part, though none was asked for.
    if partial.count == 0, case .part(0, let last, let total?)? = head.contentRange, last == total - 1 {
      try beginWhole(head)
      return partial.note(total: total)
    }
    guard case .part(let first, _, let total)? = head.contentRange, first > 0, first == partial.count,
      partial.record.total == nil || total == nil || partial.record.total == total,
      partial.record.agrees(with: head)
    else { return try refuseParts() }
    if let total { partial.note(total: total) }
  }

  /// Takes the next bytes of the file, and returns whether more are wanted.
  func receive(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) -> Bool {
    if let total = partial.record.total, bytes.count > total - partial.count {
      // More than was promised: one of the host's numbers is wrong.
      try refuseParts()
      return false
    }
    try partial.append(bytes)
    try checkBeginning(bytes)
    monitor.report(.received(partial.count, total: partial.record.total))
    if ContinuousClock.now - lastCheckpoint >= policy.checkpointInterval {
      try partial.checkpoint()
      lastCheckpoint = .now
    }
    return true
  }

  /// Stops as soon as it is clear that something else comes than the file.
  private func checkBeginning(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
    guard let known = leading else { return }
    let longer = known + bytes.prefix(PublishedContent.leadingCount - known.count)
    leading = longer.count < PublishedContent.leadingCount ? longer : nil
    guard leading == nil, !content.accepts(longer) else { return }
    try partial.restart(PartialFileRecord())
    throw .wrongContent(
      place: origin.address, fileName: origin.fileName, expected: content.name,
      found: PublishedContent.described(longer))
  }

  /// Drops all, as one part at least is not of the file.
  private func refuseParts() throws(DownloadError) {
    try partial.restart(PartialFileRecord())
    verdict = .failed(.inconsistentParts)
  }

  private func checkRoom() throws(DownloadError) {
    guard let total = partial.record.total, let free = freeSpace(in: origin.folder) else { return }
    let (inAll, overflows) = total.multipliedReportingOverflow(by: copies)
    let needed = overflows ? .max : inAll - partial.count
    guard needed <= free else { throw .noRoom(folder: origin.folder, needed: needed, free: free) }
  }
}
