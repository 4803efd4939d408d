/// The programs whose model files are understood.
public enum ModelFormat: String, Sendable, Codable, CaseIterable {
  /// Ours: one safetensors file.
  case vse
  /// ryankiros/visual-semantic-embedding: an .npz archive and two pickles.
  case kiros
  /// VSE++ (Faghri et al. 2018): a checkpoint of PyTorch's and a pickled vocabulary.
  case vsepp = "vse++"
}
