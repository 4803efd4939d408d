import VisualSemanticEmbedding

// The code of the article "Bring your old models".

func theOriginalsModels() throws {
  let model = try ModelFile.read("coco.npz")
  print(model.vocabulary.wordCount, "words, D =", model.configuration.dim)
  let options = model.originalOptions ?? [:]
  for name in options.keys.sorted() {
    print(name, options[name] ?? .none)
  }
}

func oneFileAndBack() throws {
  let there = ModelConversion(from: "coco.npz", to: "coco.safetensors")
  let report = try there.run()
  print(report.words, "words,", report.parameters, "parameters, in", report.files)
}

func vsepp() throws {
  var conversion = ModelConversion(
    from: "model_best.pth.tar", to: "vsepp.safetensors")
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
