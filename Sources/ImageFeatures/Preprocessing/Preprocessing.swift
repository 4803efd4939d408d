/// How a photo becomes a network's input: a square of it, resized, as three planes of numbers.
///
/// The input of a network is [3, S, S] for a photo, S being `cropSize`: channel, row, column.
public struct Preprocessing: Codable, Sendable, Hashable {
  /// How a photo is resized before its square is cut out.
  public enum Resizing: Codable, Sendable, Hashable {
    /// The shorter side gets so many pixels and the longer one as many as keep the shape, rounded down.
    ///
    /// Antialiased, a pixel of the result is an average over a triangle as wide as the scale (Pillow's and
    /// torchvision's bilinear); otherwise it is interpolated between four pixels of the photo, whatever the scale
    /// (scikit-image's `resize(order=1)` without anti-aliasing).
    case shorterSide(Int, antialiased: Bool)
    /// The whole photo becomes the square, whatever its shape.
    case squashed(antialiased: Bool)
  }

  /// In which order the planes come.
  public enum ChannelOrder: String, Codable, Sendable, Hashable {
    /// Red first.
    case rgb
    /// Blue first.
    case bgr
  }

  /// How the photo is resized.
  public var resizing: Resizing
  /// The side of the square, S.
  public var cropSize: Int
  /// The order of the planes.
  public var channelOrder: ChannelOrder
  /// What is subtracted from the values 0-255 of each plane, in the planes' order.
  public var mean: SIMD3<Float>
  /// By what each plane is divided then, in the planes' order.
  public var deviation: SIMD3<Float>
  /// How half a pixel is rounded that is left over where the square is cut out of the centre.
  public var centring: Centring

  /// Where the central square begins.
  public enum Centring: String, Codable, Sendable, Hashable {
    /// ⌊resized / 2⌋ − ⌊S / 2⌋, as the original has it.
    case halves
    /// (resized − S) / 2, a half rounded to the even neighbour, as torchvision has it.
    case difference
  }

  /// - Precondition: the square is at least 1 and at most 16,384 pixels wide and no wider than the resized photo.
  public init(
    resizing: Resizing, cropSize: Int = 224, channelOrder: ChannelOrder = .rgb, mean: SIMD3<Float>,
    deviation: SIMD3<Float>, centring: Centring = .difference
  ) {
    precondition((1...1 << 14).contains(cropSize), "the square must be 1 to 16384 pixels wide")
    if case .shorterSide(let side, _) = resizing {
      precondition((cropSize...1 << 15).contains(side), "the square must fit into the resized photo")
    }
    self.resizing = resizing
    self.cropSize = cropSize
    self.channelOrder = channelOrder
    self.mean = mean
    self.deviation = deviation
    self.centring = centring
  }

  /// As the original prepares photos for VGG-19 (`load_image` of its demo.py): shorter side 256 without
  /// anti-aliasing, central 224 × 224, BGR minus the means of ImageNet.
  public static let original = Preprocessing(
    resizing: .shorterSide(256, antialiased: false), channelOrder: .bgr,
    mean: SIMD3(103.939, 116.779, 123.68), deviation: SIMD3(1, 1, 1), centring: .halves)

  /// As torchvision's networks have it: shorter side 256 antialiased, central 224 × 224, RGB, ImageNet's means and
  /// deviations.
  public static let torchvision = Preprocessing(
    resizing: .shorterSide(256, antialiased: true), mean: 255 * SIMD3(0.485, 0.456, 0.406),
    deviation: 255 * SIMD3(0.229, 0.224, 0.225))

  /// As TensorFlow's MobileNets have it: the photo squashed to 224 × 224, RGB, (value − 128) / 128.
  public static let squashed = Preprocessing(
    resizing: .squashed(antialiased: true), mean: SIMD3(128, 128, 128), deviation: SIMD3(128, 128, 128))

  /// As timm has it for its MobileNet v1: as torchvision, with values from −1 to 1.
  public static let timm = Preprocessing(
    resizing: .shorterSide(256, antialiased: true), mean: SIMD3(repeating: 127.5),
    deviation: SIMD3(repeating: 127.5))

  /// The preparations above by their names, as metadata of weights and options give them.
  public enum Name: String, CaseIterable, Sendable {
    /// As the original prepares photos for VGG-19.
    case original
    /// As torchvision's networks have it.
    case torchvision
    /// As timm's MobileNet v1 has it.
    case timm
    /// As TensorFlow's MobileNets have it.
    case squashed

    /// What the name stands for.
    public var preprocessing: Preprocessing {
      switch self {
      case .original: .original
      case .torchvision: .torchvision
      case .timm: .timm
      case .squashed: .squashed
      }
    }
  }

  /// The numbers of one photo's input, 3 · S².
  public var inputSize: Int { 3 * cropSize * cropSize }
}
