import EmbeddingServer
import Testing

/// What keeps clients within bounds, without a server.
@Suite struct BoundsTests {
  @Test func aCacheForgetsTheLeastRecentlyUsed() {
    var cache = BoundedCache<Int, String>(limit: 3)
    for key in 1...3 { cache.insert("\(key)", for: key) }
    #expect(cache.value(1) == "1")
    cache.insert("4", for: 4)
    #expect(cache.value(2) == nil)
    #expect([1, 3, 4].allSatisfy { cache.value($0) == "\($0)" })
    cache.insert("new", for: 3)
    #expect(cache.value(3) == "new")
    #expect(cache.count == 3)
  }

  @Test func aCacheKeepsItsCostBelowItsLimit() {
    var cache = BoundedCache<Int, Int>(limit: 100)
    // The plain way: a list, the most recently used last.
    var expected: [(key: Int, cost: Int)] = []
    var number = 1
    for _ in 0..<2000 {
      number = (number * 1103 + 12_345) % 65_537
      let (key, cost) = (number % 17, number % 40)
      if number % 3 == 0 {
        let place = expected.firstIndex { $0.key == key }
        #expect(cache.value(key) == place.map { expected[$0].cost })
        if let place { expected.append(expected.remove(at: place)) }
      } else {
        cache.insert(cost, for: key, cost: cost)
        expected.removeAll { $0.key == key }
        expected.append((key, cost))
        while expected.reduce(0, { $0 + $1.cost }) > 100 { expected.removeFirst() }
      }
      #expect(cache.count == expected.count)
      #expect(cache.cost == expected.reduce(0) { $0 + $1.cost })
    }
    cache.insert(0, for: 99, cost: 101)
    #expect(cache.value(99) == nil)
  }

  @Test func aClientMayAskSoManyTimesASecond() {
    let limiter = RateLimiter(rate: 10, mostClients: 3)
    let start = ContinuousClock.now
    for _ in 0..<20 { #expect(limiter.wait(for: "a", at: start) == nil) }
    let wait = limiter.wait(for: "a", at: start)
    #expect(wait.map { abs($0 - 0.1) < 1e-6 } == true)
    #expect(limiter.wait(for: "b", at: start) == nil)
    #expect(limiter.wait(for: "a", at: start + .milliseconds(101)) == nil)
    #expect(limiter.wait(for: "a", at: start + .milliseconds(102)) != nil)
    // A client that is not idle is not forgotten for others.
    for name in ["c", "d"] { #expect(limiter.wait(for: name, at: start + .seconds(1)) == nil) }
    for _ in 0..<9 { #expect(limiter.wait(for: "a", at: start + .milliseconds(1002)) == nil) }
    #expect(limiter.wait(for: "a", at: start + .milliseconds(1002)) != nil)
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("localhost", true), ("LOCALHOST", true), ("::1", true), ("127.8.9.1", true),
    ("0.0.0.0", false), ("192.168.0.1", false), ("::", false), ("example.org", false), ("", false),
  ])
  func loopbackIsKnown(host: String, isLoopback: Bool) {
    #expect(ServerOptions.isLoopback(host) == isLoopback)
  }

  @Test func namesOfOthersAreRefusedWhereNoTokenIs() {
    let local = AccessRules(host: "127.0.0.1", token: nil)
    for good in ["127.0.0.1:8080", "localhost:1", "LocalHost", "[::1]:80", "192.168.7.7"] {
      #expect(local.accepts(authority: good))
    }
    for bad in ["example.org", "example.org:8080", "127.0.0.1.example.org", "localhost.example.org", "", nil]
    {
      #expect(!local.accepts(authority: bad))
    }
    #expect(!AccessRules(host: "127.0.0.1", token: "t").accepts(authority: "example.org"))
    let open = AccessRules(host: "box.lan", token: nil)
    #expect(open.accepts(authority: "box.lan:8080"))
    #expect(!open.accepts(authority: "example.org"))
    #expect(AccessRules(host: "0.0.0.0", token: "t").accepts(authority: "example.org"))
  }

  @Test func otherPagesAreRefused() {
    let rules = AccessRules(host: "127.0.0.1", token: nil)
    let own = "127.0.0.1:8080"
    #expect(rules.accepts(origin: nil, fetchSite: nil, authority: own))
    #expect(rules.accepts(origin: "http://127.0.0.1:8080", fetchSite: "same-origin", authority: own))
    #expect(!rules.accepts(origin: "http://127.0.0.1:9090", fetchSite: nil, authority: own))
    #expect(!rules.accepts(origin: "null", fetchSite: nil, authority: own))
    #expect(!rules.accepts(origin: nil, fetchSite: "cross-site", authority: own))
    #expect(!rules.accepts(origin: "http://127.0.0.1:8080", fetchSite: "same-site", authority: own))
  }

  @Test func onlyTheTokenIsTheToken() {
    let rules = AccessRules(host: "0.0.0.0", token: "secret")
    #expect(rules.accepts(authorization: "Bearer secret"))
    #expect(rules.accepts(authorization: "bearer secret"))
    let wrong = [
      "secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Bearer sEcret", "Basic secret", nil,
    ]
    for text in wrong { #expect(!rules.accepts(authorization: text)) }
    #expect(AccessRules(host: "127.0.0.1", token: nil).accepts(authorization: nil))
  }
}
