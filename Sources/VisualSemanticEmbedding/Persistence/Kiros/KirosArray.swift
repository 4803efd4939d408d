internal import DataFormats
internal import Tensors

/// An array of the original's files, and the window of our parameters that holds the same numbers.
///
/// There a GRU's reset and update gates [r | u] stand together in W, U and b and the candidate in Wx, Ux and bx;
/// here each of the three is one matrix, r | u | c of W and b, c | r | u of U.
struct KirosArray {
  /// The name in the archive.
  let name: String
  /// One or two dimensions.
  let shape: [Int]
  /// The name of our parameter.
  let parameter: String
  /// Its columns.
  let columns: Range<Int>

  /// The arrays of a model in the order in which the original makes them; empty for an LSTM, which it does not
  /// have.
  static func all(of model: ModelConfiguration) -> [KirosArray] {
    let (rows, words, dim) = (model.vocabularySize, model.wordDim, model.dim)
    let embedding = KirosArray("Wemb", [rows, words], "word_embedding", 0..<words)
    let projection = [
      KirosArray("ff_image_W", [model.imageDim, dim], "image_projection.weights", 0..<dim),
      KirosArray("ff_image_b", [dim], "image_projection.bias", 0..<dim),
    ]
    switch model.encoder {
    case .lstm: return []
    case .bow: return [embedding] + projection
    case .gru:
      let gates = [
        KirosArray("encoder_W", [words, 2 * dim], "gru.input_weights", 0..<2 * dim),
        KirosArray("encoder_b", [2 * dim], "gru.bias", 0..<2 * dim),
        KirosArray("encoder_U", [dim, 2 * dim], "gru.recurrent_weights", dim..<3 * dim),
        KirosArray("encoder_Wx", [words, dim], "gru.input_weights", 2 * dim..<3 * dim),
        KirosArray("encoder_Ux", [dim, dim], "gru.recurrent_weights", 0..<dim),
        KirosArray("encoder_bx", [dim], "gru.bias", 2 * dim..<3 * dim),
      ]
      return [embedding] + gates + projection
    }
  }

  private init(_ name: String, _ shape: [Int], _ parameter: String, _ columns: Range<Int>) {
    self.name = name
    self.shape = shape
    self.parameter = parameter
    self.columns = columns
  }

  /// The window of the parameters.
  func window(of parameters: ParameterSet) -> Matrix {
    guard let matrix = parameters[parameter] else { preconditionFailure("a model has a \(parameter)") }
    return matrix.columns(columns)
  }

  /// The numbers as an array of the archive.
  func array(of parameters: ParameterSet) -> ArrayData {
    ArrayData(window(of: parameters).values, shape: shape)
  }
}
