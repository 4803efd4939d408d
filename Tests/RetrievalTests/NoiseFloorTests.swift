import Retrieval
import Tensors
import Testing

@Suite struct NoiseFloorTests {
  private func moments(_ count: Int, mean: Double, deviation: Double) -> ScoreMoments {
    var moments = ScoreMoments()
    moments.count = count
    moments.mean = mean
    moments.deviation = deviation
    return moments
  }

  /// 1 − Φ(z)ⁿ, from tables: Φ(2) = 0.977249868, Φ(4) = 0.999968329.
  @Test func theChanceIsThatOfTheBestOfManyNormalNumbers() {
    let floor = NoiseFloor(moments(1000, mean: 0.1, deviation: 0.05), candidates: 1000)
    #expect(abs(floor.chance(of: 0.3) - (1 - 0.968823)) < 2e-5)
    #expect(
      abs(NoiseFloor(moments(10, mean: 0, deviation: 1), candidates: 10).chance(of: 2) - 0.205586) < 1e-4)
    #expect(floor.chance(of: 0.1) > 0.999999 && floor.chance(of: 1) < 1e-12)
    // A million, where Φⁿ from a rounded Φ would lose all digits: n · tail(6) = 1e6 · 9.8659e-10.
    let many = NoiseFloor(moments(1_000_000, mean: 0, deviation: 0.1), candidates: 1_000_000)
    #expect(abs(many.chance(of: 0.6) - 9.861e-4) < 1e-6)
  }

  @Test func aFewItemsOrEqualScoresTellNothing() {
    #expect(NoiseFloor(moments(7, mean: 0, deviation: 1), candidates: 7).chance(of: -5) == 0)
    #expect(NoiseFloor(moments(100, mean: 0.5, deviation: 0), candidates: 100).chance(of: 0.5) == 0)
  }
}
