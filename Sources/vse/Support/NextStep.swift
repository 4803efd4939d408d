import DataFormats
import Downloads

extension PublishedFile {
  /// The command to go on with after a download.
  func nextStep(in downloader: Downloader) -> String {
    let path = shellWord(downloader.path(destinationName))
    return switch self {
    case .f8k, .f30k, .coco: "next: vse train --data \(path) --output \(rawValue).safetensors"
    case .models: "next: vse info \(path)/MODEL.npz"
    case .vgg19, .vgg19Torchvision:
      "next: vse features PHOTOS --network vgg19 --weights \(path) --output features.npy"
    case .mobilenetV2:
      "next: vse features PHOTOS --network mobilenet_v2 --weights \(path) --output features.npy"
    }
  }
}
