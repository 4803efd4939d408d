internal import Foundation

/// What the authors of the original published (three datasets, the models that they trained on them, and the
/// network that computed the features), and networks of torchvision's to compute features with.
public enum PublishedFile: String, CaseIterable, Sendable {
  /// Flickr8k: captions and VGG-19 features.
  case f8k
  /// Flickr30k: captions and VGG-19 features.
  case f30k
  /// MS COCO: captions and VGG-19 features.
  case coco
  /// The original's models.
  case models
  /// The weights of VGG-19, for Lasagne.
  case vgg19
  /// The weights of VGG-19, of torchvision's.
  case vgg19Torchvision = "vgg19-torchvision"
  /// The weights of MobileNet v2, of torchvision's.
  case mobilenetV2 = "mobilenet_v2"

  /// The name of the file at its source, also at a mirror.
  public var fileName: String {
    switch self {
    case .f8k, .f30k, .coco: "\(rawValue).zip"
    case .models: "vse.zip"
    case .vgg19: "vgg19.pkl"
    case .vgg19Torchvision: "vgg19-dcbb9e9d.pth"
    case .mobilenetV2: "mobilenet_v2-b0353104.pth"
    }
  }

  /// Where it was published, as the README of ryankiros/visual-semantic-embedding and torchvision's source say.
  public var address: String {
    switch self {
    case .f8k, .f30k, .coco: "http://www.cs.toronto.edu/~rkiros/datasets/\(fileName)"
    case .models: "http://www.cs.toronto.edu/~rkiros/models/\(fileName)"
    case .vgg19: "https://s3.amazonaws.com/lasagne/recipes/pretrained/imagenet/\(fileName)"
    case .vgg19Torchvision, .mobilenetV2: "https://download.pytorch.org/models/\(fileName)"
    }
  }

  /// What it becomes: a folder of this name, or a file.
  public var destinationName: String {
    switch self {
    case .f8k, .f30k, .coco, .models: rawValue
    case .vgg19, .vgg19Torchvision, .mobilenetV2: fileName
    }
  }

  /// What the bytes are.
  var content: PublishedContent {
    switch self {
    case .f8k, .f30k, .coco, .models: .zip
    case .vgg19: .pickle
    case .vgg19Torchvision, .mobilenetV2: .pyTorch
    }
  }

  /// How the SHA-256 of the file begins, in hexadecimal digits, where that is known: torchvision puts it into names.
  var checksumBeginning: String? {
    switch self {
    case .f8k, .f30k, .coco, .models, .vgg19: nil
    case .vgg19Torchvision: "dcbb9e9d"
    case .mobilenetV2: "b0353104"
    }
  }

  /// Whether these paths, relative to the destination, hold all that makes it useful.
  func isComplete(_ paths: some Collection<String>) -> Bool { missing(from: paths).isEmpty }

  /// What must be there and is not, for messages.
  func missing(from paths: some Collection<String>) -> [String] {
    switch self {
    case .f8k, .f30k, .coco:
      ["train", "dev", "test"].flatMap { ["\(rawValue)_\($0)_caps.txt", "\(rawValue)_\($0)_ims.npy"] }
        .filter { !paths.contains($0) }
    // The names of the models are not known to us.
    case .models: paths.contains { $0.hasSuffix(".npz") } ? [] : ["*.npz"]
    case .vgg19, .vgg19Torchvision, .mobilenetV2: []
    }
  }
}
