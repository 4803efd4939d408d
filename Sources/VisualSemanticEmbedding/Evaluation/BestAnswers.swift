/// An answer to a query.
package struct RetrievedAnswer: Sendable, Equatable {
  /// Its number among those that were asked for.
  package let answer: Int
  /// Its dot product with the query.
  package let score: Float
}

/// The answers with the highest scores, of equal ones those that came first.
struct BestAnswers {
  private let count: Int
  /// In falling order of their scores.
  private(set) var answers: [RetrievedAnswer] = []

  /// Keeps at most `count` answers.
  init(count: Int) {
    precondition(count >= 0, "a number of answers")
    self.count = count
    answers.reserveCapacity(count + 1)
  }

  /// Keeps an answer if it is among the best so far; O(1) for most, O(count) else.
  mutating func insert(_ answer: Int, score: Float) {
    if answers.count == count {
      guard let last = answers.last, score > last.score else { return }
      answers.removeLast()
    }
    let place = answers.firstIndex { $0.score < score } ?? answers.endIndex
    answers.insert(RetrievedAnswer(answer: answer, score: score), at: place)
  }
}
