import ImageFeatures
import TestSupport
import Testing

/// Files of weights with bytes that were changed or cut off are refused, or loaded when only numbers changed; they
/// never crash.
struct DamagedWeightsTests {
  @Test(arguments: ["vgg.safetensors", "vgg.pth", "vgg.pkl", "vgg.python3.pkl"])
  func neverCrashes(file: String) throws {
    let folder = try TemporaryFolder()
    let original = try bytes(ofFile: GoldenNetworks.path(file))
    var generator = SeededGenerator(seed: 3)
    func number(below bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
    var refused = 0
    for _ in 0..<60 {
      var damaged = original
      for _ in 0...number(below: 3) {
        // Mostly where the structure is: at the beginning and at the end.
        let place =
          switch number(below: 3) {
          case 0: number(below: min(2000, damaged.count))
          case 1: damaged.count - 1 - number(below: min(2000, damaged.count))
          default: number(below: damaged.count)
          }
        damaged[place] = UInt8(truncatingIfNeeded: generator.next())
      }
      if number(below: 4) == 0 { damaged.removeLast(number(below: damaged.count)) }
      let path = try folder.write(damaged, to: "damaged")
      do {
        _ = try GoldenNetworks.vgg.load(weights: path)
      } catch {
        refused += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(refused > 20)
  }
}
