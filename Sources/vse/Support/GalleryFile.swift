import DataFormats
import Foundation
import Galleries

/// A gallery's page on its way to its place, where it replaces nothing but such a page.
struct GalleryFile {
  private let file: ReplacingFile

  /// What stands at the path is something else.
  struct OtherFile: LocalizedError {
    let path: String
    var errorDescription: String? {
      "\(quoted(path)) exists and is no page of vse gallery, so it is left alone; choose another --output"
    }
  }

  /// Throws when the file cannot be written or is something else, before any work is done for it.
  init(path: String) throws {
    switch FileKind(path: path) {
    case .missing, .folder, .special, .empty: break
    case .unknown where Self.isPage(path): break
    default: throw OtherFile(path: path)
    }
    file = try ReplacingFile(path: path)
  }

  /// Puts the page in its place.
  func write(_ bytes: [UInt8]) throws {
    try file.write(bytes)
    try file.commit()
  }

  private static func isPage(_ path: String) -> Bool {
    let beginning = PageFrame.beginning
    let start = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: beginning.count)
    return start.map { $0.elementsEqual(beginning) } ?? false
  }
}
