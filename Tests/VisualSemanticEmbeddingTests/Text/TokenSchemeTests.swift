import Foundation
import Testing
import VisualSemanticEmbedding

@Suite("Token schemes")
struct TokenSchemeTests {
  @Test("A scheme survives JSON", arguments: [TokenScheme.kiros, .vsepp])
  func roundTrip(scheme: TokenScheme) throws {
    let data = try JSONEncoder().encode(scheme)
    #expect(try JSONDecoder().decode(TokenScheme.self, from: data) == scheme)
  }

  @Test("The schemes wrap a caption in one and two tokens")
  func wrapping() throws {
    #expect(TokenScheme.kiros.wrappingTokenCount == 1)
    #expect(TokenScheme.vsepp.wrappingTokenCount == 2)
    let bare = try TokenScheme(padding: nil, start: nil, end: nil, unknown: 0, firstWord: 1)
    #expect(bare.wrappingTokenCount == 0)
  }

  @Test(
    "Indices that no model can have are refused",
    arguments: [
      #"{"unknown": 2, "first_word": 2}"#, #"{"unknown": -1, "first_word": 2}"#,
      #"{"unknown": 0, "first_word": 0}"#, #"{"unknown": 0, "first_word": -3}"#,
      #"{"end": 1, "unknown": 1, "first_word": 2}"#, #"{"start": 9, "unknown": 1, "first_word": 2}"#,
      #"{"padding": 1, "start": 1, "unknown": 0, "first_word": 2}"#, #"{"unknown": 1}"#,
      #"{"unknown": 99999999999, "first_word": 2}"#,
    ])
  func hostileJSON(json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TokenScheme.self, from: Data(json.utf8))
    }
  }

  @Test("The error says which index")
  func errors() {
    #expect(throws: TokenSchemeError.outOfRange(index: 5, firstWord: 2)) {
      try TokenScheme(padding: nil, start: 5, end: 0, unknown: 1, firstWord: 2)
    }
    #expect(throws: TokenSchemeError.shared(indices: [1, 1])) {
      try TokenScheme(padding: nil, start: nil, end: 1, unknown: 1, firstWord: 2)
    }
  }
}
