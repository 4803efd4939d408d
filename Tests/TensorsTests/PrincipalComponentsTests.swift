import DataFormats
import Tensors
import TestSupport
import Testing

@Suite struct PrincipalComponentsTests {
  private func golden(_ name: String) throws -> Matrix {
    let array = try NumpyArray.read(path: fixturePath("components/\(name).npy"))
    let shape = array.shape.count == 2 ? array.shape : [1] + array.shape
    return Matrix(rows: shape[0], columns: shape[1], values: try array.float32Values())
  }

  @Test func theyAreThoseOfNumPy() throws {
    let rows = try golden("rows")
    let found = PrincipalComponents(of: rows, count: 3)
    #expect(maximumAbsoluteDifference(found.directions.values, try golden("directions").values) < 1e-3)
    #expect(
      maximumAbsoluteDifference(found.explained.map { Float($0) }, try golden("explained").values) < 1e-5)
    #expect(
      maximumAbsoluteDifference(found.coordinates(of: rows).values, try golden("coordinates").values) < 1e-2)
  }

  @Test func rowsOnALineHaveOneDirection() {
    let rows = Matrix(rows: 3, columns: 2, values: [1, 1, 2, 3, 3, 5])
    let found = PrincipalComponents(of: rows, count: 2)
    #expect(abs(found.explained[0] - 1) < 1e-5)
    #expect(found.explained[1] == 0)
    #expect(maximumAbsoluteDifference(found.directions.rowValues(0), [0.4472136, 0.8944272]) < 1e-5)
    #expect(found.directions.rowValues(1) == [0, 0])
  }

  @Test(arguments: [[], [1, 2, 3], [1, 2, 3, 1, 2, 3]] as [[Float]])
  func rowsThatDoNotDifferHaveNone(values: [Float]) {
    let rows = Matrix(rows: values.count / 3, columns: 3, values: values)
    let found = PrincipalComponents(of: rows, count: 2)
    #expect(found.explained == [0, 0])
    #expect(found.coordinates(of: rows).values.allSatisfy { $0 == 0 })
  }
}
