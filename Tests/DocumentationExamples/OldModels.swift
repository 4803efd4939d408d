import VisualSemanticEmbedding

// The code of the article "Bring your old models".

func theOriginalsModels() throws {
  let model = try ModelFile.read("coco.npz")
  print(model.vocabulary.wordCount, "words,", model.configuration.dim, "dimensions")
  for (name, value) in (model.originalOptions ?? [:]).sorted(by: { $0.key < $1.key }) {
    print(name, value)
  }
}

func oneFileAndBack() throws {
  let there = try ModelConversion(from: "coco.npz", to: "coco.safetensors").run()
  print(there.words, "words,", there.parameters, "parameters, in", there.files)
}

func vsepp() throws {
  var conversion = ModelConversion(from: "model_best.pth.tar", to: "vsepp.safetensors")
  conversion.vocabularyFile = "coco_vocab.pkl"
  for remark in try conversion.run().remarks {
    switch remark {
    case .takesFeaturesOf(let network):
      print("give it features of \(network), scaled to unit norm")
    case .imagesAreNormalized:
      print("image vectors now have unit norm, which VSE++ left out")
    case .cannotBeWrittenBack(let pickle, let name):
      print("\(name) stands in the \(pickle): there is no way back")
    }
  }
}
