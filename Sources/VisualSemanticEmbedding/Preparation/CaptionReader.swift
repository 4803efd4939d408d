internal import DataFormats

/// Reads caption files of any kind into one collection.
package struct CaptionReader {
  /// The kind of all files, or nil to tell it from their content.
  package var kind: CaptionSourceKind?
  /// What becomes of the text, or nil for what is usual with the kind.
  package var tokenization: CaptionTokenization?
  package var restval = RestvalUse.train
  /// The photos, for captions in a folder; nil when they are in the same.
  package var photos: PhotoFolder?

  package internal(set) var collection = CaptionCollection()
  package private(set) var sources: [CaptionSource] = []
  /// Texts of a folder that have no photo.
  package internal(set) var textsWithoutPhoto: [PhotoName] = []

  package init(kind: CaptionSourceKind? = nil, tokenization: CaptionTokenization? = nil) {
    self.kind = kind
    self.tokenization = tokenization
  }

  /// Adds the captions of a file or folder.
  package mutating func read(_ path: String) throws(PreparationError) {
    if FileKind(path: path) == .folder {
      guard kind == nil || kind == .folder else {
        throw .wrongKindOfPath(path: path, expected: "a file of captions, found a folder")
      }
      return try readFolder(path, tokenization: begin(path, .folder))
    }
    guard kind != .folder else {
      throw .wrongKindOfPath(path: path, expected: "a folder with a .txt for each photo")
    }
    try read(try textFile(path, holding: .captionSource), path: path)
  }

  /// Adds the captions of a file that holds `bytes`; `path` is for messages.
  package mutating func read(_ bytes: [UInt8], path: String) throws(PreparationError) {
    let text = try withoutByteOrderMark(bytes, path: path)
    guard let kind = kind ?? CaptionSourceKind.ofText(text) else { throw .unknownKind(file: path) }
    if kind.isJSON {
      return try readJSON(text, path: path)
    }
    let tokenization = begin(path, kind)
    switch kind {
    case .flickr: try readFlickr(text, path: path, tokenization)
    case .csv: try readTable(text, delimiter: UInt8(ascii: ","), path: path, tokenization)
    case .tsv: try readTable(text, delimiter: .tab, path: path, tokenization)
    case .coco, .karpathy, .folder: throw .unknownKind(file: path)
    }
  }

  /// Notes the source down, and says what becomes of its text.
  mutating func begin(_ path: String, _ kind: CaptionSourceKind) -> CaptionTokenization {
    let tokenization = tokenization ?? kind.usualTokenization
    sources.append(CaptionSource(path: path, kind: kind, tokenization: tokenization))
    return tokenization
  }

  /// The name of a photo at a place of a file.
  func name(
    _ bytes: some Collection<UInt8>, file: String, place: @autoclosure () -> String
  ) throws(PreparationError) -> PhotoName {
    do {
      return try PhotoName(bytes)
    } catch {
      throw .badName(
        file: file, place: place(), name: String(decoding: bytes, as: UTF8.self), refusal: error)
    }
  }

  /// A line is `IMAGE#N`, a tab, the caption.
  private mutating func readFlickr(
    _ text: ArraySlice<UInt8>, path: String, _ tokenization: CaptionTokenization
  ) throws(PreparationError) {
    try text.forEachLine { (number, line) throws(PreparationError) in
      guard !line.trimmed.isEmpty else { return }
      guard let tab = line.firstIndex(of: .tab), let key = FlickrKey(line[..<tab]) else {
        throw .malformed(
          file: path, line: number, found: "no IMAGE#NUMBER, tab, caption",
          remedy: "correct the line, or give --format")
      }
      let image = collection.insert(try name(key.image, file: path, place: "line \(number)")).number
      collection.add(line[(tab + 1)...], to: image, tokenization)
    }
  }
}

/// The bytes of a text file.
func textFile(_ path: String, holding contents: TextFileError.Contents) throws(PreparationError) -> [UInt8] {
  // Asked first, as a folder can be opened, and a pipe without a writer waits for ever.
  if FileKind(path: path) == .folder { throw .file(.isFolder(path: path)) }
  do { return try readTextFile(path, holding: contents) } catch { throw .text(error) }
}

/// The text behind the mark of UTF-8 that some programs write; throws at that of UTF-16.
func withoutByteOrderMark(_ bytes: [UInt8], path: String) throws(PreparationError) -> ArraySlice<UInt8> {
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw .utf16(file: path) }
  return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
}
