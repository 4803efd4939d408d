internal import Foundation

/// COCO's `captions_*.json` and Karpathy's `dataset_*.json`, which have `images` in common.
private struct CaptionDocument: Decodable {
  let images: [Image]
  /// COCO's.
  let annotations: [Annotation]?

  struct Image: Decodable {
    // COCO's.
    let id: Identifier?
    let cocoFileName: String?
    // Karpathy's.
    let filename: String?
    let filepath: String?
    let split: String?
    let sentences: [Sentence]?

    enum CodingKeys: String, CodingKey {
      case id, filename, filepath, split, sentences
      case cocoFileName = "file_name"
    }
  }

  struct Annotation: Decodable {
    let image: Identifier
    let caption: String

    enum CodingKeys: String, CodingKey {
      case caption
      case image = "image_id"
    }
  }

  struct Sentence: Decodable {
    let tokens: [String]?
    let raw: String?
  }

  /// A number, or, in files that others have made in the manner of COCO, a string.
  enum Identifier: Decodable, Hashable, CustomStringConvertible {
    case number(Int)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      do {
        self = .number(try container.decode(Int.self))
      } catch DecodingError.typeMismatch {
        self = .text(try container.decode(String.self))
      }
    }

    var description: String {
      switch self {
      case .number(let number): "\(number)"
      case .text(let text): text
      }
    }
  }
}

extension CaptionReader {
  /// Reads COCO's or Karpathy's JSON, whichever it is.
  mutating func readJSON(_ text: ArraySlice<UInt8>, path: String) throws(PreparationError) {
    let document: CaptionDocument
    do {
      document = try JSONDecoder().decode(CaptionDocument.self, from: Data(text))
    } catch {
      throw .json(file: path, text: text, error)
    }
    let found: CaptionSourceKind = document.annotations == nil ? .karpathy : .coco
    switch kind ?? found {
    case .coco:
      guard let annotations = document.annotations else {
        throw .json(file: path, place: "annotations", reason: "there are none, as COCO's captions have")
      }
      try readCOCO(document.images, annotations, path: path, begin(path, .coco))
    default:
      try readKarpathy(document.images, path: path, begin(path, .karpathy))
    }
  }

  private mutating func readCOCO(
    _ images: [CaptionDocument.Image], _ annotations: [CaptionDocument.Annotation], path: String,
    _ tokenization: CaptionTokenization
  ) throws(PreparationError) {
    var numbers: [CaptionDocument.Identifier: Int] = [:]
    for (index, image) in images.enumerated() {
      let place = "images[\(index)]"
      guard let id = image.id, let fileName = image.cocoFileName else {
        throw .json(file: path, place: place, reason: "no id or file_name, as COCO's images have")
      }
      let (number, isNew) = collection.insert(try name(fileName.utf8, file: path, place: place))
      if let other = numbers.updateValue(number, forKey: id), other != number {
        throw .json(file: path, place: place, reason: "the id \(id) is another image's too")
      }
      if !isNew { collection.repeatedImages.append(collection.images[number].name) }
    }
    for (index, annotation) in annotations.enumerated() {
      guard let image = numbers[annotation.image] else {
        throw .json(
          file: path, place: "annotations[\(index)]",
          reason: "image_id \(annotation.image) is no image's id")
      }
      collection.add(Array(annotation.caption.utf8)[...], to: image, tokenization)
    }
  }

  private mutating func readKarpathy(
    _ images: [CaptionDocument.Image], path: String, _ tokenization: CaptionTokenization
  ) throws(PreparationError) {
    let needsPath = Self.fileNamesAreShared(images)
    for (index, image) in images.enumerated() {
      let place = "images[\(index)]"
      guard let fileName = image.filename, let sentences = image.sentences else {
        throw .json(file: path, place: place, reason: "no filename or sentences, as Karpathy's images have")
      }
      let folder = needsPath ? image.filepath.map { $0.isEmpty ? "" : $0 + "/" } ?? "" : ""
      let (number, isNew) = collection.insert(try name((folder + fileName).utf8, file: path, place: place))
      if !isNew { collection.repeatedImages.append(collection.images[number].name) }
      if let split = image.split {
        guard let known = CaptionCollection.SourceSplit(split) else {
          throw .unknownSplit(file: path, place: place, split: split)
        }
        try collection.assign(known, to: number, restval: restval, place: "\(path), \(place)")
      }
      for (position, sentence) in sentences.enumerated() {
        guard let caption = sentence.text(tokenization) else {
          throw .json(
            file: path, place: "\(place).sentences[\(position)]", reason: "neither tokens nor raw text")
        }
        collection.add(Array(caption.utf8)[...], to: number, tokenization)
      }
    }
  }

  /// Whether file names alone would take images of different folders for one.
  private static func fileNamesAreShared(_ images: [CaptionDocument.Image]) -> Bool {
    var folders: [[UInt8]: [UInt8]] = [:]
    return images.contains { image in
      guard let name = image.filename else { return false }
      let folder = Array((image.filepath ?? "").utf8)
      return folders.updateValue(folder, forKey: Array(name.utf8)).map { $0 != folder } ?? false
    }
  }
}

extension CaptionDocument.Sentence {
  /// The tokens where the text stays as it is, else the raw text; the other where one is missing.
  fileprivate func text(_ tokenization: CaptionTokenization) -> String? {
    let joined = tokens?.joined(separator: " ")
    return tokenization == .asGiven ? joined ?? raw : raw ?? joined
  }
}

extension PreparationError {
  /// What the decoder says, as a place and a reason.
  fileprivate static func json(
    file: String, text: ArraySlice<UInt8>, _ error: any Error
  ) -> PreparationError {
    switch error {
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      .json(
        file: file, place: described(context.codingPath), reason: context.debugDescription.withoutFullStop)
    case DecodingError.keyNotFound(let key, let context):
      .json(file: file, place: described(context.codingPath), reason: "no \(key.stringValue) in it")
    case DecodingError.dataCorrupted(let context):
      .json(file: file, place: described(context.codingPath), reason: syntaxError(in: text))
    default: .json(file: file, place: "JSON", reason: "\(error)")
    }
  }

  /// Where broken JSON is broken: of Foundation's two parsers the decoder's keeps that to itself.
  private static func syntaxError(in text: ArraySlice<UInt8>) -> String {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(text))
      return "a number is too large"
    } catch {
      let reason = (error as NSError).userInfo["NSDebugDescription"] as? String
      guard let reason else { return "this is no JSON" }
      // Of what is cut short Foundation gives no place.
      guard reason.contains("end of file") else { return reason.withoutFullStop }
      return "\(reason.withoutFullStop), in line \(1 + text.count { $0 == .lineFeed })"
    }
  }

  private static func described(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "JSON" }
    return path.reduce(into: "") { result, key in
      if let index = key.intValue {
        result += "[\(index)]"
      } else {
        result += (result.isEmpty ? "" : ".") + key.stringValue
      }
    }
  }
}

extension String {
  fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
