import DataFormats
import ImageFeatures
import TestSupport

/// Layers in Double, one number after the other, straight from the formulas.
struct ReferenceNetwork {
  /// Channels, rows and columns of one image.
  struct Image {
    var shape: ImageShape
    var values: [Double]

    init(_ shape: ImageShape) {
      self.shape = shape
      values = [Double](repeating: 0, count: shape.count)
    }

    subscript(channel: Int, row: Int, column: Int) -> Double {
      get { values[(channel * shape.height + row) * shape.width + column] }
      set { values[(channel * shape.height + row) * shape.width + column] = newValue }
    }
  }

  let padding: ConvolutionPadding
  /// Weights and biases by the layer's name.
  let weights: [String: LayerWeights]

  func run(_ layers: [NetworkLayer], _ image: Image) throws -> Image {
    try layers.reduce(image) { try run($1, $0) }
  }

  private func run(_ layer: NetworkLayer, _ image: Image) throws -> Image {
    switch layer {
    case .convolution(let convolution): try convolve(image, convolution)
    case .maxPool(let size): pool(image, size)
    case .globalAveragePool: mean(image)
    case .dense(let name, let outputs, let activation): try dense(image, name, outputs, activation)
    case .residual(let layers): try add(image, layers)
    }
  }

  private func add(_ image: Image, _ layers: [NetworkLayer]) throws -> Image {
    var layers = layers
    guard case .convolution(var last)? = layers.popLast() else { return image }
    let activation = last.activation
    last.activation = .none
    var sum = try run(layers + [.convolution(last)], image)
    for index in sum.values.indices { sum.values[index] += image.values[index] }
    sum.values = sum.values.map { apply(activation, $0) }
    return sum
  }

  private func apply(_ activation: NetworkLayer.Activation, _ value: Double) -> Double {
    switch activation {
    case .none: value
    case .relu: max(0, value)
    case .relu6: min(max(0, value), 6)
    }
  }

  /// Zeros before the first pixel of a dimension, and the places along it.
  private func places(_ size: Int, filter: Int, stride: Int) -> (before: Int, count: Int) {
    switch padding {
    case .symmetric: return (filter / 2, (size + 2 * (filter / 2) - filter) / stride + 1)
    case .same:
      let count = (size + stride - 1) / stride
      return (max(0, (count - 1) * stride + filter - size) / 2, count)
    }
  }

  private func convolve(_ image: Image, _ layer: NetworkLayer.Convolution) throws -> Image {
    let (filters, bias) = try numbers(layer.name)
    let rows = places(image.shape.height, filter: layer.size, stride: layer.stride)
    let columns = places(image.shape.width, filter: layer.size, stride: layer.stride)
    var result = Image(ImageShape(channels: layer.channels, height: rows.count, width: columns.count))
    let inputs = image.shape.channels / layer.groups
    for output in 0..<layer.channels {
      let firstInput = output / (layer.channels / layer.groups) * inputs
      for row in 0..<rows.count {
        for column in 0..<columns.count {
          var sum = bias[output]
          for input in 0..<inputs {
            for y in 0..<layer.size {
              for x in 0..<layer.size {
                let (pixelRow, pixelColumn) = (
                  row * layer.stride + y - rows.before, column * layer.stride + x - columns.before
                )
                guard (0..<image.shape.height).contains(pixelRow),
                  (0..<image.shape.width).contains(pixelColumn)
                else { continue }
                sum +=
                  filters[((output * inputs + input) * layer.size + y) * layer.size + x]
                  * image[firstInput + input, pixelRow, pixelColumn]
              }
            }
          }
          result[output, row, column] = apply(layer.activation, sum)
        }
      }
    }
    return result
  }

  private func pool(_ image: Image, _ size: Int) -> Image {
    var result = Image(
      ImageShape(
        channels: image.shape.channels, height: image.shape.height / size, width: image.shape.width / size))
    for channel in 0..<result.shape.channels {
      for row in 0..<result.shape.height {
        for column in 0..<result.shape.width {
          var largest = -Double.infinity
          for place in 0..<size * size {
            largest = max(largest, image[channel, row * size + place / size, column * size + place % size])
          }
          result[channel, row, column] = largest
        }
      }
    }
    return result
  }

  private func mean(_ image: Image) -> Image {
    var result = Image(ImageShape(channels: image.shape.channels, height: 1, width: 1))
    let area = image.shape.height * image.shape.width
    for channel in 0..<image.shape.channels {
      result.values[channel] = image.values[channel * area..<(channel + 1) * area].reduce(0, +) / Double(area)
    }
    return result
  }

  private func dense(
    _ image: Image, _ name: String, _ outputs: Int, _ activation: NetworkLayer.Activation
  ) throws -> Image {
    let (matrix, bias) = try numbers(name)
    let inputs = image.values.count
    var result = Image(ImageShape(channels: outputs, height: 1, width: 1))
    for output in 0..<outputs {
      let sum = (0..<inputs).reduce(bias[output]) { $0 + matrix[output * inputs + $1] * image.values[$1] }
      result.values[output] = apply(activation, sum)
    }
    return result
  }

  private func numbers(_ name: String) throws -> (weights: [Double], bias: [Double]) {
    guard let layer = weights[name] else { return ([], []) }
    return (try layer.values.float32Values().map(Double.init), layer.bias.map(Double.init))
  }
}
