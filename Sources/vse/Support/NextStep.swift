import Downloads

extension PublishedFile {
  /// The command to go on with after a download.
  func nextStep(in downloader: Downloader) -> String {
    let path = downloader.path(destinationName).shellWord
    return switch self {
    case .f8k, .f30k, .coco: "next: vse train --data \(path) --output \(rawValue).safetensors"
    case .models: "next: vse info \(path)/MODEL.npz"
    case .vgg19: "next: vse info \(path)"
    }
  }
}

extension String {
  /// The string as a word of a shell's command line.
  var shellWord: String {
    let plain = utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
      default: "_-./+,@%=:~".utf8.contains($0)
      }
    }
    return plain && !isEmpty ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
