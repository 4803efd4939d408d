import DataFormats
import Foundation
import ImageFeatures
import MadeUpWorld
import Synchronization

extension World {
  private static let quality = 88

  /// Draws the pictures into a folder that is not there, each by its name, on all cores.
  func drawPhotos(in folder: String) throws {
    for split in Split.allCases {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(split.rawValue)", withIntermediateDirectories: true)
    }
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: pictures.count) { number in
      let picture = pictures[number]
      do {
        let jpeg = try Drawing.jpeg(
          ofSVG: Array(picture.svg.utf8), width: Scene.width, height: Scene.height, quality: Self.quality)
        try Data(jpeg).write(to: URL(fileURLWithPath: "\(folder)/\(picture.name)"))
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Writes a table with a row for each picture: its name, its split and its captions.
  func writeCaptions(to path: String) throws {
    var table = "image,split"
    for number in 1...Self.captionsPerPicture { table += ",caption_\(number)" }
    table += "\n"
    for picture in pictures {
      // What parts fields may stand in captions, quotation marks may not.
      let captions = picture.captions.map { "\"\($0)\"" }
      table += ([picture.name, picture.split.rawValue] + captions).joined(separator: ",") + "\n"
    }
    let file = try ReplacingFile(path: path)
    try file.write(Array(table.utf8))
    try file.commit()
  }
}
