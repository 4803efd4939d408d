import Retrieval

let index = try EmbeddingIndex(path: "photos.index")
let result = try index.search("a dog on a beach", count: 5)
for hit in result.hits {
  print(hit.score, hit.item.name)
}
