/// Narrows images down to those that have all that a dataset needs.
struct ImageCompletion {
  private let collection: CaptionCollection
  /// The numbers of images that lack nothing so far.
  private(set) var images: [Int]

  init(collection: CaptionCollection, candidates: [Int]) {
    self.collection = collection
    images = candidates
  }

  /// The names of the images that lack nothing so far.
  var names: [PhotoName] { images.map { collection.images[$0].name } }

  /// Leaves out images without captions, and returns them.
  mutating func keepCaptioned() -> [PhotoName] {
    let missing = images.filter { collection.images[$0].captions.isEmpty }
    images.removeAll { collection.images[$0].captions.isEmpty }
    return missing.map { collection.images[$0].name }
  }

  /// Leaves out images that `index` does not have, and returns them and the place of each other.
  /// - Throws: `PreparationError` when none is left, when there are some and the policy is to refuse them, or when
  ///   names are ambiguous.
  mutating func keep(
    in index: NameIndex, what: String, _ policy: IncompleteImages
  ) throws(PreparationError) -> (places: [Int: Int], missing: [PhotoName]) {
    let names = names
    let found = try index.places(of: names)
    var places: [Int: Int] = [:]
    var missing: [PhotoName] = []
    for (position, image) in images.enumerated() {
      if let place = found[position] { places[image] = place } else { missing.append(names[position]) }
    }
    if let example = missing.first {
      guard !places.isEmpty else {
        throw .nothingComplete(
          images: missing.count, what: what, example: example,
          among: index.names.isEmpty ? nil : index.text(at: 0), file: index.file)
      }
      guard policy == .skip else { throw .incomplete(images: missing.count, what: what, example: example) }
    }
    images.removeAll { places[$0] == nil }
    return (places, missing)
  }
}
