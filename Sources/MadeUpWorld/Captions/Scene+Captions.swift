import Tensors

extension Scene {
  /// Sentences about the scene, all different: people leave things out, choose other words, and begin elsewhere.
  func captions(_ count: Int, using generator: inout SeededRandomNumberGenerator) -> [String] {
    var captions: [String] = []
    while captions.count < count {
      let caption = caption(using: &generator)
      if !captions.contains(caption) { captions.append(caption) }
    }
    return captions
  }

  /// The scene in plain words, with nothing left out but sizes, such as "a red car to the left of a white house on
  /// the beach at night".
  package var plainCaption: String {
    let phrase =
      switch arrangement {
      case .alone(let thing, let column): "\(thing.plainPhrase) \(column.words[0])"
      case .beside(let left, let right): "\(left.plainPhrase) to the left of \(right.plainPhrase)"
      case .above(let upper, let lower): "\(upper.plainPhrase) above \(lower.plainPhrase)"
      case .on(let rider, let carrier): "\(rider.plainPhrase) on \(carrier.plainPhrase)"
      }
    return "\(phrase) \(place.words[0]) \(sky.words[0])"
  }

  private func caption(using generator: inout SeededRandomNumberGenerator) -> String {
    let things = phrase(using: &generator)
    let place = generator.happens(85) ? generator.word(of: place.words) : nil
    let sky = generator.happens(70) ? generator.word(of: sky.words) : nil
    let parts: [String?] =
      switch generator.integer(below: 10) {
      case 0: [sky.map { $0 + "," }, things, place]
      case 1: [place.map { $0 + "," }, things, sky]
      case 2: [things, sky, place]
      default: [things, place, sky]
      }
    let sentence = parts.compactMap(\.self).joined(separator: " ")
    return sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
  }

  /// What is there, and how it stands to each other.
  private func phrase(using generator: inout SeededRandomNumberGenerator) -> String {
    switch arrangement {
    case .alone(let thing, let column):
      let thing = thing.phrase(using: &generator)
      let column = generator.word(of: column.words)
      return generator.element(of: [
        "\(thing) \(column)", "\(thing) alone \(column)", "\(column) there is \(thing)",
        "\(thing), nothing else",
      ])
    case .beside(let left, let right):
      let (left, right) = (left.phrase(using: &generator), right.phrase(using: &generator))
      return generator.element(of: [
        "\(left) to the left of \(right)", "\(right) to the right of \(left)", "\(left) left of \(right)",
        "\(right) right of \(left)", "\(left) next to \(right)", "\(right) beside \(left)",
        "\(left) on the left and \(right) on the right",
      ])
    case .above(let upper, let lower):
      let (upper, lower) = (upper.phrase(using: &generator), lower.phrase(using: &generator))
      return generator.element(of: [
        "\(upper) above \(lower)", "\(upper) flying over \(lower)", "\(lower) under \(upper)",
        "\(lower) below \(upper)", "\(upper) in the air above \(lower)",
      ])
    case .on(let rider, let carrier):
      let (rider, carrier) = (rider.phrase(using: &generator), carrier.phrase(using: &generator))
      return generator.element(of: [
        "\(rider) on \(carrier)", "\(rider) on top of \(carrier)", "\(carrier) with \(rider) on it",
        "\(carrier) that carries \(rider)",
      ])
    }
  }
}

extension Thing {
  fileprivate var plainPhrase: String { "\(colour.words[0]) \(kind.words[0])".withArticle }

  /// The thing with an article, mostly with its colour, sometimes with its size.
  fileprivate func phrase(using generator: inout SeededRandomNumberGenerator) -> String {
    let size = generator.happens(35) ? generator.word(of: size.words) : nil
    let colour = generator.happens(90) ? generator.word(of: colour.words) : nil
    return [size, colour, generator.word(of: kind.words)].compactMap(\.self).joined(separator: " ")
      .withArticle
  }
}

extension String {
  fileprivate var withArticle: String {
    let startsWithVowel = first.map { "aeiou".contains($0) } ?? false
    return (startsWithVowel ? "an " : "a ") + self
  }
}

extension SeededRandomNumberGenerator {
  /// One of the ways to say something, in most cases the usual one.
  fileprivate mutating func word(of words: [String]) -> String {
    happens(60) ? words[0] : element(of: words)
  }
}
