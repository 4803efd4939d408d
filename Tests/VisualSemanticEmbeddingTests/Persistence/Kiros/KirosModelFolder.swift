import DataFormats
import Foundation
import TestSupport
import Testing

/// A reference model's own files, copied into a temporary folder where they can be changed.
struct KirosModelFolder {
  static let names = ["gru", "gru-unclipped", "gru-weight-decay", "bow"]

  let folder: TemporaryFolder

  init(_ name: String = "gru") throws {
    folder = try TemporaryFolder()
    for file in ["model.npz", "model.npz.pkl", "model.npz.dictionary.pkl"] {
      _ = try folder.write(bytes(ofFile: fixturePath("kiros/\(name)/\(file)")), to: file)
    }
  }

  var model: String { folder.path("model.npz") }
  var options: String { model + ".pkl" }
  var dictionary: String { model + ".dictionary.pkl" }

  func rename(_ name: String, to newName: String) throws {
    try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path(newName))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder.path(name)) }

  /// Sets options, or removes those that are nil.
  func setOptions(_ values: [String: PickleValue?]) throws {
    var entries = try #require(try PickleReader.read(path: options).entries)
    for (name, value) in values {
      entries.removeAll { $0.key.string == name }
      if let value { entries.append(PickleDictionary.Entry(key: .text(name), value: value)) }
    }
    try PickleWriter.write([.dictionary(PickleDictionary(entries: entries))], as: .binary, to: options)
  }

  /// Writes the dictionary again with other entries.
  func changeDictionary(_ change: (inout [PickleDictionary.Entry]) throws -> Void) throws {
    var entries = try #require(try PickleReader.read(path: dictionary).entries)
    try change(&entries)
    try PickleWriter.write(
      [.dictionary(PickleDictionary(kind: .ordered, entries: entries))], as: .binary, to: dictionary)
  }

  /// Gives the word at a place of the dictionary another index.
  func setIndex(_ index: Int64, ofWordAt place: Int) throws {
    try changeDictionary {
      $0[place] = PickleDictionary.Entry(key: $0[place].key, value: .integer(PickleInteger(index)))
    }
  }

  /// Writes the archive again with other arrays.
  func changeArrays(
    compressed: Bool = false, _ change: (inout [(name: String, array: ArrayData)]) throws -> Void
  ) throws {
    let archive = try NumpyArchive(path: model)
    var arrays = try archive.members.map { (name: $0.name, array: try archive.array($0.name)) }
    try change(&arrays)
    try NumpyArchive.write(arrays, to: model, compressed: compressed)
  }

  /// Replaces an array.
  func setArray(_ name: String, by change: (ArrayData) throws -> ArrayData) throws {
    try changeArrays { arrays in
      let place = try #require(arrays.firstIndex { $0.name == name })
      arrays[place].array = try change(arrays[place].array)
    }
  }
}

/// The bytes of the arrays of an archive by their names.
func arrayBytes(ofArchive path: String) throws -> [String: [UInt8]] {
  let archive = try NumpyArchive(path: path)
  return Dictionary(
    uniqueKeysWithValues: try archive.members.map { member in
      (member.name, try archive.array(member.name).withUnsafeBytes { Array($0) })
    })
}
