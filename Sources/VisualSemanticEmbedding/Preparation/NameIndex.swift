/// A list of names or paths, in which images are found by the names that captions give them.
///
/// A name is found where the list has it as it is, or else where one of the two, at a slash, ends in the other: `a.jpg`
/// and `photos/a.jpg` name one photo. What could be either of two is an error, never a guess.
package struct NameIndex: Sendable {
  /// The file or folder that messages name.
  package let file: String
  /// The names in order.
  package let names: [[UInt8]]
  /// Places of names that stand further up too, with the first place of each.
  package let repeated: [(place: Int, first: Int)]
  private var places: [ArraySlice<UInt8>: Int] = [:]
  private var placesOfLastComponent: [ArraySlice<UInt8>: [Int]] = [:]

  /// - Complexity: O(bytes).
  package init(_ names: [[UInt8]], file: String) {
    self.file = file
    self.names = names
    var repeated: [(place: Int, first: Int)] = []
    for (place, name) in names.enumerated() {
      if let first = places[name[...]] {
        repeated.append((place, first))
        continue
      }
      places[name[...]] = place
      placesOfLastComponent[name[...].lastComponent, default: []].append(place)
    }
    self.repeated = repeated
  }

  /// The place of each name in the list, or nil where it is not there.
  /// - Throws: `PreparationError` when a name could be at two places, or two names at one.
  package func places(of images: [PhotoName]) throws(PreparationError) -> [Int?] {
    var imageAtPlace: [Int: PhotoName] = [:]
    var result: [Int?] = []
    result.reserveCapacity(images.count)
    for image in images {
      let place = try place(of: image)
      if let place, let other = imageAtPlace.updateValue(image, forKey: place), other != image {
        throw .shared(listed: text(at: place), file: file, first: other, second: image)
      }
      result.append(place)
    }
    return result
  }

  /// The places that are none of these images' and repeat no other place.
  package func places(without images: [PhotoName]) -> [Int] {
    var isUsed = [Bool](repeating: false, count: names.count)
    for (place, _) in repeated { isUsed[place] = true }
    for image in images {
      for place in matches(of: image) { isUsed[place] = true }
    }
    return names.indices.filter { !isUsed[$0] }
  }

  private func place(of image: PhotoName) throws(PreparationError) -> Int? {
    let found = matches(of: image)
    guard found.count < 2 else {
      throw .ambiguous(name: image, file: file, first: text(at: found[0]), second: text(at: found[1]))
    }
    return found.first
  }

  private func matches(of image: PhotoName) -> [Int] {
    if let place = places[image.bytes[...]] { return [place] }
    return (placesOfLastComponent[image.bytes[...].lastComponent] ?? []).filter {
      names[$0].ends(withPath: image.bytes) || image.bytes.ends(withPath: names[$0])
    }
  }

  /// A name for display.
  package func text(at place: Int) -> String { String(decoding: names[place], as: UTF8.self) }
}

extension [UInt8] {
  /// Whether the path ends in another, shorter one, at a slash.
  fileprivate func ends(withPath other: [UInt8]) -> Bool {
    count > other.count && self[count - other.count - 1] == .slash && suffix(other.count).elementsEqual(other)
  }
}
