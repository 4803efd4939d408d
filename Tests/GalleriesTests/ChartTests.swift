import Foundation
import Galleries
import Testing

@Suite struct ChartTests {
  private func chart(_ values: [Double]) -> HTML? {
    LineChart(
      title: "a < b", horizontal: "updates",
      series: [.init(name: "loss & more", points: values.enumerated().map { (Double($0), $1) })]
    ).html
  }

  /// The coordinates of a curve.
  private func points(_ chart: HTML) throws -> [[Double]] {
    let page = try WellFormedPage(chart)
    let text = try #require(page.attributes["points"]?.first)
    return text.split(separator: " ").map { $0.split(separator: ",").compactMap { Double($0) } }
  }

  @Test func withoutPointsThereIsNoChart() {
    #expect(chart([]) == nil)
    #expect(chart([.nan, .infinity, -.infinity]) == nil)
    #expect(BarChart(title: "", groups: [], unit: "", series: []).html == nil)
  }

  @Test func aPointIsADot() throws {
    let page = try WellFormedPage(try #require(chart([0.5])))
    #expect(page.elements["circle"] == 1 && page.elements["polyline"] == nil)
    #expect(page.text.contains("a < b"))
  }

  @Test(
    arguments: [
      [1, 2, 3], [3, 3, 3], [0, 0], [-5, 5], [1e-300, 2e-300], [1e299, -1e299], [1e17, 1e17 + 16],
      [-1e15, 1 - 1e15], [.leastNonzeroMagnitude, 0], [2.5389, 1.2976, 0.9387], [1e300, 1, 2],
    ] as [[Double]])
  func curvesStayOnThePaper(values: [Double]) throws {
    let drawn = try #require(chart(values))
    for point in try points(drawn) {
      #expect(point.count == 2)
      #expect((0...480).contains(point[0]) && (0...250).contains(point[1]))
    }
    let page = try WellFormedPage(drawn)
    #expect(!page.text.contains("nan") && !page.text.contains("inf"))
  }

  @Test func higherValuesStandHigher() throws {
    let heights = try points(try #require(chart([1, 4, 2, 3]))).map { $0[1] }
    #expect(heights[1] < heights[3] && heights[3] < heights[2] && heights[2] < heights[0])
  }

  @Test func whatIsNotFiniteIsLeftOut() throws {
    #expect(try points(try #require(chart([1, .nan, 3, .infinity, 5]))).count == 3)
  }

  @Test func severalCurvesHaveALegend() throws {
    let chart = LineChart(
      title: "", horizontal: "",
      series: [.init(name: "one", points: [(1, 1)]), .init(name: "two", points: [(1, 2)])])
    let page = try WellFormedPage(try #require(chart.html))
    #expect(page.text.contains("one") && page.text.contains("two") && page.elements["circle"] == 2)
  }

  @Test func barsAreAsHighAsTheirValues() throws {
    let chart = BarChart(
      title: "", groups: ["1", "2–5"], unit: "%",
      series: [.init(name: "a", values: [20, 40]), .init(name: "b", values: [0, 10])])
    let page = try WellFormedPage(try #require(chart.html))
    let heights = try #require(page.attributes["height"]).compactMap { Double($0) }
    #expect(heights.count == 4)
    #expect(
      abs(heights[1] - 2 * heights[0]) < 0.2 && heights[2] == 0 && abs(heights[3] * 2 - heights[0]) < 0.2)
  }

  @Test(arguments: [0, 1, 4, 9, 10, 19, 20, 99, 499, 500, 30_000])
  func everyRankIsInOneRange(highest: Int) {
    let histogram = RankHistogram(reaching: highest)
    for rank in 1...highest + 1 { #expect(histogram.ranges.count { $0.contains(rank) } == 1) }
    #expect(histogram.ranges.dropLast().allSatisfy { $0.upperBound <= highest || $0.upperBound <= 10 })
    #expect(histogram.labels.count == histogram.ranges.count)
  }

  @Test func sharesAreThoseOfTheRanges() {
    let histogram = RankHistogram(reaching: 30)
    #expect(histogram.labels == ["1", "2–5", "6–10", "11–20", "21–50"])
    #expect(histogram.shares(of: [0, 0, 3, 4, 9, 10, 30, 19]) == [25, 25, 12.5, 25, 12.5])
    #expect(histogram.shares(of: []) == [0, 0, 0, 0, 0])
  }
}
