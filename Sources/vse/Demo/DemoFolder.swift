import Foundation

/// Where the demo works.
struct DemoFolder {
  let path: String
  let isKept: Bool
  var model: String { path + "/model.safetensors" }

  /// Makes the folder at `path`, or takes it when it is there and empty; without a path makes a temporary one.
  init(path: String?, keeps: Bool) throws {
    let files = FileManager.default
    if let path {
      self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      if let names = try? files.contentsOfDirectory(atPath: path), !names.isEmpty {
        throw DemoFolderError.notEmpty(path: path)
      }
    } else {
      self.path =
        files.temporaryDirectory.appendingPathComponent("vse-demo-\(UUID().uuidString.prefix(8))").path
    }
    isKept = keeps || path != nil
    do {
      try files.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    } catch {
      throw DemoFolderError.cannotMake(path: self.path)
    }
  }

  func removeUnlessKept() {
    if !isKept { try? FileManager.default.removeItem(atPath: path) }
  }
}

enum DemoFolderError: Error, LocalizedError, CustomStringConvertible {
  case notEmpty(path: String)
  case cannotMake(path: String)

  var errorDescription: String? { description }
  var description: String {
    switch self {
    case .notEmpty(let path): "\(path): the folder is not empty; give a new or an empty one with --folder"
    case .cannotMake(let path): "\(path): the folder cannot be made; choose another place with --folder"
    }
  }
}
