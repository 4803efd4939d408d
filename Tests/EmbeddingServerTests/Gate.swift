import Foundation
import ImageFeatures
import Tensors

/// What a test holds a network up with, and counts the photos that it gets to see.
final class Gate: @unchecked Sendable {
  // `@unchecked Sendable`: both are touched with `condition` locked only.
  private let condition = NSCondition()
  private var isOpen: Bool
  private var seen = 0

  init(isOpen: Bool = true) { self.isOpen = isOpen }

  func open() {
    condition.withLock {
      isOpen = true
      condition.broadcast()
    }
  }

  /// How many photos have come to the gate.
  var photos: Int { condition.withLock { seen } }

  /// Notes photos, and waits until the gate is open.
  func pass(_ count: Int) {
    condition.withLock {
      seen += count
      while !isOpen { condition.wait() }
    }
  }
}

/// A network that waits at a gate, and fails when it sees a photo of one colour.
struct GatedNetwork: FeatureNetwork {
  var inner: any FeatureNetwork
  let gate: Gate

  struct Failure: Error {}

  var preprocessing: Preprocessing { inner.preprocessing }
  var featureSize: Int { inner.featureSize }

  mutating func features(of minibatch: Matrix) throws -> Matrix {
    gate.pass(minibatch.rows)
    let isPlain = (0..<minibatch.rows).contains { Set(minibatch.rowValues($0)).count <= 3 }
    guard !isPlain else { throw Failure() }
    return try inner.features(of: minibatch)
  }

  /// A GIF of one black pixel.
  static let plainPhoto: [UInt8] =
    Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0]
    + [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B]
}

/// Something that happens once.
final class Flag: @unchecked Sendable {
  // `@unchecked Sendable`: touched with `lock` held only.
  private let lock = NSLock()
  private var value = false

  func raise() { lock.withLock { value = true } }
  var isRaised: Bool { lock.withLock { value } }
}
