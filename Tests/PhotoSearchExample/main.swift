import ImageFeatures
import Retrieval
import VisualSemanticEmbedding

/// Turns photos into the features that the model was trained on.
final class PhotoNetwork: ImageEmbedder {
  private var network: any FeatureNetwork

  init(_ network: any FeatureNetwork) { self.network = network }

  var featureCount: Int { network.featureSize }

  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>] {
    network.features(ofPhotos: paths, options: FeatureExtraction.Options())
  }
}

let model = try ModelFile.read("model.safetensors")
let network = ConvolutionalNetwork.mobileNetV2
let embedder = PhotoNetwork(try network.load(weights: "mobilenet_v2.safetensors"))

// Opens the index, or makes it.
let index = try EmbeddingIndex.opening(
  path: "photos.index", model: model, modelPath: "model.safetensors")
index.imageEmbedder = embedder

// Adds what the index lacks; photos that it has already are only read and compared.
let photos = try PhotoList.entries(atPaths: ["photos"]).map(\.path)
let report = try index.add(photos: photos, embedder: embedder)
print("\(report.added) photos added, \(report.unchanged) were there")
for failure in report.failures { print("left out: \(failure.reason)") }

// Sentences are searched for, and files searched with.
print("Describe a photo, or give the path of one:")
while let line = readLine(), !line.isEmpty {
  let isPhoto = line.hasSuffix(".jpg")
  let query = isPhoto ? EmbeddingQuery(photo: line) : EmbeddingQuery(line)
  do {
    let result = try index.search(query, count: 5)
    if result.fitsNothing { print("maybe nothing fits") }
    for hit in result.hits { print(hit.score, hit.item.name) }
  } catch let error as QueryError {
    print(error)
  }
}
