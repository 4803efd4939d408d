/// Values by keys, of which the least recently used go when they cost more than allowed in all.
///
/// - Complexity: O(1) for each call, but for the values that go.
package struct BoundedCache<Key: Hashable, Value> {
  /// An entry in a list that is linked by places in `entries`, the most recently used first.
  fileprivate struct Entry {
    let key: Key
    var value: Value
    let cost: Int
    var previous: Int?
    var next: Int?
  }

  private let limit: Int
  private var places: [Key: Int] = [:]
  private var entries: [Entry?] = []
  private var free: [Int] = []
  private var first: Int?
  private var last: Int?
  /// What all values cost together.
  package private(set) var cost = 0

  /// A cache of values that cost at most `limit` together.
  package init(limit: Int) { self.limit = limit }

  /// How many values there are.
  package var count: Int { places.count }

  /// The value of a key, which counts as used now.
  package mutating func value(_ key: Key) -> Value? {
    guard let place = places[key] else { return nil }
    unlink(place)
    link(place)
    return entries[place]?.value
  }

  /// Keeps a value, unless it alone costs more than allowed.
  package mutating func insert(_ value: Value, for key: Key, cost: Int = 1) {
    remove(key)
    guard cost <= limit else { return }
    let entry = Entry(key: key, value: value, cost: cost)
    let place: Int
    if let known = free.popLast() {
      place = known
      entries[place] = entry
    } else {
      place = entries.count
      entries.append(entry)
    }
    places[key] = place
    self.cost += cost
    link(place)
    while self.cost > limit, let last, let oldest = entries[last] { remove(oldest.key) }
  }

  /// Forgets a key.
  package mutating func remove(_ key: Key) {
    guard let place = places.removeValue(forKey: key) else { return }
    unlink(place)
    cost -= entries[place]?.cost ?? 0
    entries[place] = nil
    free.append(place)
  }

  private mutating func link(_ place: Int) {
    entries[place]?.previous = nil
    entries[place]?.next = first
    if let first { entries[first]?.previous = place } else { last = place }
    first = place
  }

  private mutating func unlink(_ place: Int) {
    guard let entry = entries[place] else { return }
    if let previous = entry.previous { entries[previous]?.next = entry.next } else { first = entry.next }
    if let next = entry.next { entries[next]?.previous = entry.previous } else { last = entry.previous }
  }
}

extension BoundedCache: Sendable where Key: Sendable, Value: Sendable {}

extension BoundedCache.Entry: Sendable where Key: Sendable, Value: Sendable {}
