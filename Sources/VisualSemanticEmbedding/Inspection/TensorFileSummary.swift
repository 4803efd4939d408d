internal import DataFormats
internal import Foundation

/// A tensor of a file.
public struct TensorSummary: Sendable, Equatable, Encodable {
  /// Its name.
  public var name: String
  /// The file format's name of the element type, such as F32 or float32.
  public var type: String
  /// The sizes of its dimensions.
  public var shape: [Int]
}

/// What a safetensors file, or the archive of a model, holds.
public struct TensorFileSummary: Sendable, Equatable, Encodable {
  /// The size of the file in bytes.
  public var bytes: Int
  /// Whether the file states checksums, which were then found right.
  public var checksumVerified: Bool
  /// The tensors, in the order of the file.
  public var tensors: [TensorSummary]
  /// The keys of its metadata, those of the checksum left out.
  public var metadataKeys: [String]

  init(_ file: SafetensorsFile, path: String) {
    bytes = fileSize(path)
    checksumVerified = file.isVerified
    tensors = file.names.compactMap { name in
      file[name].map { TensorSummary(name: name, type: $0.elementType.safetensorsName, shape: $0.shape) }
    }
    metadataKeys = file.metadata.keys.sorted()
  }

  /// The arrays of an archive that has been read whole, and its checksums with it.
  init(_ archive: NumpyArchive) {
    bytes = fileSize(archive.path)
    checksumVerified = true
    tensors = archive.members.map {
      TensorSummary(name: $0.name, type: $0.header.elements.name, shape: $0.header.shape)
    }
    metadataKeys = []
  }
}

/// The size of a file in bytes; 0 where it cannot be told.
func fileSize(_ path: String) -> Int {
  let attributes = try? FileManager.default.attributesOfItem(atPath: path)
  return (attributes?[.size] as? NSNumber)?.intValue ?? 0
}
