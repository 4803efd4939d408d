import Foundation

/// Where the demo works, and what it keeps there.
struct DemoFolder {
  let path: String

  /// Makes the folder at `path`, or takes it when it is there and empty. Without a path makes `vse-demo` in the current
  /// folder, or `vse-demo-2` and so on where that is taken: what an earlier demo has made stays.
  init(path: String?) throws {
    if let path {
      self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      if let names = try? FileManager.default.contentsOfDirectory(atPath: path), !names.isEmpty {
        throw DemoFolderError.notEmpty(path: path)
      }
    } else {
      self.path = Self.free(Self.name)
    }
    do {
      try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    } catch {
      throw DemoFolderError.cannotMake(path: self.path)
    }
  }

  private static let name = "vse-demo"

  private static func free(_ name: String) -> String {
    var free = name
    var number = 1
    while FileManager.default.fileExists(atPath: free) {
      number += 1
      free = "\(name)-\(number)"
    }
    return free
  }

  var photos: String { path + "/photos" }
  var captions: String { path + "/captions.csv" }
  var dataset: String { path + "/dataset" }
  var model: String { path + "/model.safetensors" }
  var index: String { path + "/photos.index" }
  var gallery: String { path + "/gallery.html" }

  /// The captions of the test split, as `vse prepare` writes them.
  var testCaptions: String { dataset + "/dataset_test_caps.txt" }
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
