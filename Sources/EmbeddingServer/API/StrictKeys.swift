internal import DataFormats

/// A JSON object that may have no other members than those that are known, so that a slip of the pen is told.
protocol StrictKeys: Decodable {
  associatedtype CodingKeys: CodingKey, CaseIterable
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension StrictKeys {
  /// - Throws: `APIError` for a member that nobody knows.
  static func check(_ decoder: any Decoder) throws {
    let known = Set(CodingKeys.allCases.map(\.stringValue))
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      throw APIError.bad(
        "the request has a member \(quoted(key.stringValue, limit: 40)) that is not known; leave it out, there are "
          + known.sorted().joined(separator: ", "))
    }
  }
}
