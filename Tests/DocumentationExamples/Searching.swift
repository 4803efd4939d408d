import Retrieval
import VisualSemanticEmbedding

// The code of the article "Photo search in a Swift program".

/// Gives every photo the same features: the example is about queries.
private struct SameFeatures: ImageEmbedder {
  let featureCount: Int

  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>] {
    paths.map { _ in .success([Float](repeating: 1, count: featureCount)) }
  }
}

func whatAQueryCanBe() throws {
  let index = try EmbeddingIndex(path: "photos.index")
  index.imageEmbedder = SameFeatures(featureCount: try index.model().configuration.imageDim)
  let photo = EmbeddingQuery(photo: "dog.jpg")
  let query = photo.subtracting("beach").adding("street")
  let result = try index.search(query, count: 5)
  print(result.hits.count)
}

func narrowItDown() throws {
  let index = try EmbeddingIndex(path: "photos.index")
  var options = SearchOptions(count: 20)
  options.filter = ItemFilter(kind: .photo, metadata: ["year": "2014"])
  options.threshold = 0.2
  options.hubness = .csls(neighbors: 10)
  let result = try index.search("two children on a swing", options: options)
  print(result.hits.count)
}

func captionsForAPhoto() throws {
  let model = try ModelFile.read("model.safetensors")
  let captions = try CaptionFile(contentsOf: "captions.txt")
  let matcher = try CaptionMatcher(model: model, captions: captions)
  let features = try FeatureTable(path: "features.npy")
  let rows = Array(0..<features.rowCount)
  let images = try model.imageVectors(of: features, rows: rows)
  for (row, found) in matcher.captions(for: images, count: 3).enumerated() {
    for (text, score) in found { print(row, score, text) }
  }
}
