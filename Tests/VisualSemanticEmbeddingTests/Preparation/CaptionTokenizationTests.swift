import Testing
import VisualSemanticEmbedding

@Suite struct CaptionTokenizationTests {
  private func words(_ text: String) -> String {
    String(decoding: CaptionTokenization.words.apply(to: Array(text.utf8)[...]), as: UTF8.self)
  }

  private static let cases: [(String, String)] = [
    ("", ""), ("  \t\n ", ""), ("A dog runs.", "a dog runs ."), ("Two  dogs\nplay", "two dogs play"),
    ("The dog's ball", "the dog 's ball"), ("the dog 's ball", "the dog 's ball"),
    ("They don't, can't've", "they do n't , ca n't 've"), ("do n't", "do n't"),
    ("I'm he'd we'll", "i 'm he 'd we 'll"),
    ("the dogs' bowls", "the dogs ' bowls"), ("'quoted'", "' quoted '"), ("'shop'", "' shop '"),
    ("A tri-colored t-shirt - red", "a tri-colored t-shirt - red"), ("end-", "end -"), ("--x", "- - x"),
    ("at 10:30, 1,000.5 miles", "at 10:30 , 1,000.5 miles"), ("3. 4", "3 . 4"), ("v2.x", "v2 . x"),
    ("o'clock", "o'clock"), ("\u{201C}Stop\u{201D} it\u{2019}s", "\u{201C} stop \u{201D} it 's"),
    ("wait\u{2026}", "wait \u{2026}"), ("a\u{A0}b", "a b"), ("ÉCLAIR Éa", "Éclair Éa"),
    ("e\u{301}té", "e\u{301}té"), ("a/b (c) #5 $2", "a / b ( c ) # 5 $ 2"), ("a\u{0}b\u{7F}c", "a b c"),
    ("a-n't s'n't", "a-n't s'n't"), ("don't's", "do n't 's"),
  ]

  @Test(arguments: cases) func wordsAndPunctuationAreParted(text: String, expected: String) {
    #expect(words(text).utf8.elementsEqual(expected.utf8), "\(words(text))")
  }

  @Test(arguments: cases) func whatIsPartedStaysSo(text: String, expected: String) {
    #expect(words(words(text)).utf8.elementsEqual(words(text).utf8))
  }

  /// Random bytes of an alphabet in which all rules meet.
  @Test func anyTextStaysAsItIsTheSecondTimeAndLosesOnlySpaces() {
    let alphabet = Array("aDtsn'-.,:5 \u{2019}\u{201C}\u{A0}é\n".utf8) + [0xE2, 0x80, 0xFF, 0]
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      var text: [UInt8] = []
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      let once = CaptionTokenization.words.apply(to: text[...])
      #expect(CaptionTokenization.words.apply(to: once[...]) == once, "\(text)")
      #expect(!once.contains(0x0A) && once.first != 0x20 && once.last != 0x20)
      let letters = text.filter { (0x35...0x7E).contains($0) }.map { $0 == 0x44 ? 0x64 : $0 }
      #expect(once.filter { (0x35...0x7E).contains($0) } == letters)
    }
  }

  @Test(arguments: [
    (" A dog 's Ball .\r\n", "A dog 's Ball ."), ("two  spaces", "two  spaces"), ("a\tb\nc\u{0}d", "a b c d"),
    ("", ""),
  ])
  func asGivenKeepsAllButControlCharactersAndEnds(text: String, expected: String) {
    let result = CaptionTokenization.asGiven.apply(to: Array(text.utf8)[...])
    #expect(result.elementsEqual(expected.utf8))
  }

  @Test func bytesThatAreNoTextStay() {
    let bytes: [UInt8] = [0xFF, 0x20, 0xC3, 0xE2, 0x80]
    #expect(CaptionTokenization.asGiven.apply(to: bytes[...]) == bytes)
    #expect(CaptionTokenization.words.apply(to: bytes[...]) == bytes)
  }
}
