import MadeUpWorld
import Testing

@Suite struct CaptionTests {
  private let pictures = World().pictures

  /// The last words of the ways to name a kind.
  private static let nouns: [Thing.Kind: Set<Substring>] = [
    .house: ["house", "cottage", "home"], .tree: ["tree"], .car: ["car", "automobile"],
    .cat: ["cat", "kitty"],
    .ball: ["ball"], .umbrella: ["umbrella", "parasol"], .boat: ["boat", "sailboat"], .duck: ["duck"],
    .kite: ["kite"], .balloon: ["balloon"],
  ]

  /// The words of a caption, without the dot at its end and without commas.
  private func words(_ caption: String) -> [Substring] {
    caption.lowercased().split { " .,".contains($0) }.map { Substring($0) }
  }

  @Test func aPictureHasFiveSentences() {
    for picture in pictures {
      #expect(Set(picture.captions).count == World.captionsPerPicture)
      for caption in picture.captions {
        #expect(caption.first?.isUppercase == true && caption.hasSuffix(".") && !caption.contains("  "))
      }
    }
  }

  @Test func theyNameAllThingsAndNoOthers() {
    for picture in pictures {
      let kinds = Set(picture.scene.things.map(\.kind))
      for caption in picture.captions {
        let words = Set(words(caption))
        let named = Self.nouns.filter { !$0.value.isDisjoint(with: words) }.keys
        #expect(Set(named) == kinds, "\(picture.name): \(caption)")
      }
    }
  }

  @Test func theySayNoColourThatIsNotThere() {
    let synonyms = [
      "scarlet": "red", "golden": "yellow", "emerald": "green", "azure": "blue", "violet": "purple",
    ]
    var coloured = 0
    for picture in pictures {
      let colours = Set(picture.scene.things.map(\.colour.rawValue))
      for caption in picture.captions {
        let words = words(
          caption.replacing("under a blue sky", with: "").replacing("Under a blue sky", with: ""))
        let said = words.compactMap { word in
          synonyms[String(word)] ?? Thing.Colour(rawValue: String(word))?.rawValue
        }
        #expect(colours.isSuperset(of: said), "\(picture.name): \(caption)")
        coloured += said.isEmpty ? 0 : 1
      }
    }
    // Most say one.
    #expect(coloured > pictures.count * World.captionsPerPicture * 9 / 10)
  }

  @Test func articlesFitTheirWords() {
    for caption in pictures.flatMap(\.captions) {
      let words = words(caption)
      for (article, word) in zip(words, words.dropFirst()) where article == "a" || article == "an" {
        #expect((article == "an") == "aeiou".contains(word.first ?? " "), "\(caption)")
      }
    }
  }

  @Test func leftAndRightAreNotMixedUp() {
    for picture in pictures {
      guard case .beside(let left, let right) = picture.scene.arrangement else { continue }
      for caption in picture.captions {
        let words = words(caption)
        func place(_ thing: Thing) -> Int? {
          words.firstIndex { Self.nouns[thing.kind]?.contains($0) == true }
        }
        guard let first = place(left), let second = place(right) else { continue }
        if caption.contains("left of") { #expect(first < second, "\(caption)") }
        if caption.contains("right of") { #expect(second < first, "\(caption)") }
      }
    }
  }

  @Test func thePlainCaptionSaysItAll() {
    let scene = Scene(
      place: .beach, sky: .night,
      arrangement: .beside(
        left: Thing(kind: .umbrella, colour: .red, size: .big),
        right: Thing(kind: .house, colour: .white, size: .small)))
    #expect(scene.plainCaption == "a red umbrella to the left of a white house on the beach at night")
    #expect(scene.fileName == "red-umbrella-left-of-white-house-beach-night")
    #expect(scene.recoloured(.blue).plainCaption.hasPrefix("a blue umbrella to the left of a white house"))
  }
}
