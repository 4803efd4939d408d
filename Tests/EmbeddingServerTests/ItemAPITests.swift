import DataFormats
import EmbeddingServer
import Foundation
import ImageFeatures
import Retrieval
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Items, their pictures, and changes.
@Suite struct ItemAPITests {
  private func items(_ answer: HTTPAnswer) throws -> [[String: Any]] {
    try #require(try answer.json()["items"] as? [[String: Any]])
  }

  @Test func listsComeInPages() async throws {
    try await ToyServer.withServer { toy async throws in
      let all = try await toy.get("/api/items")
      #expect(try all.json()["total"] as? Int == 9)
      #expect(try items(all).map { $0["id"] as? Int } == Array(1...9))
      #expect(try items(all).prefix(5).map { $0["name"] as? String } == ToyServer.photos)
      let page = try await toy.get("/api/items?kind=caption&group=all&offset=1&limit=2")
      #expect(try page.json()["total"] as? Int == 4)
      #expect(try items(page).map { $0["name"] as? String } == Array(ToyServer.captions[1...2]))
      #expect(try items(await toy.get("/api/items?offset=100")).isEmpty)
      for wrong in [
        "kind=film", "offset=-1", "limit=0", "limit=1001", "offset=x", "offset=99999999999999999999",
      ] {
        #expect(try await toy.get("/api/items?\(wrong)").status == 400, "\(wrong)")
      }
    }
  }

  @Test func anItemHasItsNearestCaptions() async throws {
    try await ToyServer.withServer { toy async throws in
      let answer = try await toy.get("/api/items/2")
      let item = try answer.json()
      #expect(item["name"] as? String == "png.png")
      #expect(item["image"] as? String == "/api/items/2/image")
      #expect((item["metadata"] as? [String: Any])?["place"] as? Int == 1)
      #expect((item["captions"] as? [[String: Any]])?.count == 4)
      for wrong in ["0", "10", "-1", "+1", "01", "x", "1.0", "99999999999999999999", "..%2F1", "%31"] {
        #expect(try await toy.get("/api/items/\(wrong)").status == 404, "\(wrong)")
      }
    }
  }

  @Test func picturesAreSmallJPEGs() async throws {
    try await ToyServer.withServer { toy async throws in
      let answer = try await toy.get("/api/items/1/image?size=320")
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "image/jpeg")
      #expect(PhotoFormat(firstBytes: answer.body) == .jpeg)
      let tag = try #require(answer.headers["etag"])
      #expect(try await toy.get("/api/items/1/image", headers: ["If-None-Match": tag]).status == 304)
      #expect(try await toy.get("/api/items/1/image?size=640").headers["etag"] != tag)
      for size in ["1", "0", "321", "-320", "x", "100000"] {
        #expect(try await toy.get("/api/items/1/image?size=\(size)").status == 400)
      }
      // A caption has none, nor has an item that is not there.
      #expect(try await toy.get("/api/items/6/image").status == 404)
      #expect(try await toy.get("/api/items/60/image").status == 404)
    }
  }

  @Test func photosWithoutTheirFolderAreFoundInTheOneThatIsGiven() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: fixturePath("photos/jpeg.jpg"), toPath: folder.path("name.jpg"))
    try await ToyServer.withServer(photos: []) {
      $0.photoFolder = folder.path("")
    } _: { toy async throws in
      let index = try toy.index()
      let values = (0..<2 * DescriptorEmbedder().featureCount).map { Float($0 % 7) }
      try NumpyArray.write(ArrayData(values, shape: [2, values.count / 2]), to: folder.path("features.npy"))
      let features = try FeatureTable(path: folder.path("features.npy"))
      _ = try index.add(features: features, names: ["name.jpg", "gone.jpg"])
      let listed = try items(await toy.get("/api/items?kind=photo"))
      let ids = listed.compactMap { $0["id"] as? Int }
      #expect(ids.count == 2)
      #expect(try await toy.get("/api/items/\(ids[0])/image").status == 200)
      #expect(try await toy.get("/api/items/\(ids[1])/image").status == 404)
    }
  }

  @Test func nothingChangesUnlessTheServerAllowsIt() async throws {
    try await ToyServer.withServer { toy async throws in
      #expect(try await toy.post("/api/items", #"{"captions":["a dog"]}"#).status == 403)
      #expect(try await toy.ask(HTTPRequestText("DELETE", "/api/items/1")).status == 403)
      #expect(try toy.index().summary().photos == 5)
    }
  }

  @Test func photosAndCaptionsComeAndGo() async throws {
    try await ToyServer.withServer {
      $0.allowsChanges = true
    } _: { toy async throws in
      #expect(try await toy.get("/api/info").json()["features"] as? [String] == ["text", "image", "add"])
      let photo = try bytes(ofFile: fixturePath("photos/palette.png"))
      let form = HTTPRequestText(
        "POST", "/api/items", json: #"{"group":"new","metadata":{"year":2014}}"#,
        photos: [("../../evil.png", photo), ("no photo.jpg", Array("text".utf8)), ("again.png", photo)])
      let answer = try await toy.ask(form)
      #expect(answer.status == 201, "\(answer.text)")
      let added = try answer.json()
      #expect(added["added"] as? Int == 1)
      #expect(added["unchanged"] as? Int == 1)
      let failures = try #require(added["failures"] as? [[String: Any]])
      #expect(failures.map { $0["name"] as? String } == ["no photo.jpg"])
      let id = try #require((added["ids"] as? [Int64])?.first)
      let item = try toy.index().item(named: "#\(id)")
      // Named by its content, in the folder of the index and nowhere else.
      let kept = try FileManager.default.contentsOfDirectory(atPath: toy.indexPath + "/photos")
      #expect(kept.count == 1)
      #expect(item.name.hasSuffix("/toy.index/photos/" + kept[0]))
      #expect(item.metadata == #"{"year":2014}"#)
      #expect(try toy.folder.contents() == ["model.safetensors", "toy.index"])
      // What was added is found, and shown.
      let search = try await toy.post("/api/search", #"{"item":1,"group":"new"}"#)
      #expect(((try search.json())["hits"] as? [Any])?.count == 1)
      #expect(try await toy.get("/api/items/\(id)/image").status == 200)
      #expect(try await toy.ask(form).json()["unchanged"] as? Int == 2)
      #expect(try await toy.ask(HTTPRequestText("DELETE", "/api/items/\(id)")).status == 204)
      #expect(try await toy.ask(HTTPRequestText("DELETE", "/api/items/\(id)")).status == 404)
      #expect(try FileManager.default.contentsOfDirectory(atPath: toy.indexPath + "/photos").isEmpty)
      // A photo that was not uploaded keeps its file.
      #expect(try await toy.ask(HTTPRequestText("DELETE", "/api/items/1")).status == 204)
      #expect(FileManager.default.fileExists(atPath: fixturePath("photos/jpeg.jpg")))
      let captions = try await toy.post(
        "/api/items", #"{"captions":["the  blue\ncat","a dog runs",""],"group":"all"}"#)
      #expect(captions.status == 201, "\(captions.text)")
      #expect(try captions.json()["added"] as? Int == 1)
      #expect(try captions.json()["unchanged"] as? Int == 1)
      #expect((try captions.json()["ids"] as? [Int])?.count == 2)
      // A name that looks like the number of another item.
      let numbered = try await toy.post("/api/items", ##"{"captions":["#1"]}"##)
      let number = try #require((try numbered.json()["ids"] as? [Int])?.first)
      #expect(number != 1)
      #expect(try await toy.get("/api/items/\(number)").json()["name"] as? String == "#1")
      #expect(try toy.index().item(named: "the blue cat").group == "all")
      for wrong in [
        #"{}"#, #"{"captions":[]}"#, #"{"captions":[" "]}"#, #"{"captions":["a"],"group":"\u0000"}"#,
      ] {
        #expect(try await toy.post("/api/items", wrong).status == 400, "\(wrong)")
      }
    }
  }

  @Test func captionsWithoutAWordAreTold() async throws {
    try await ToyServer.withServer {
      $0.allowsChanges = true
    } _: { toy async throws in
      let answer = try await toy.post("/api/items", #"{"captions":["a cat runs"," ","the dog"]}"#)
      #expect(answer.status == 201)
      let reply = try answer.json()
      #expect(reply["added"] as? Int == 2)
      #expect(
        reply["failures"] as? [[String: String]] == [["name": " ", "reason": "the caption has no word"]])
      #expect((reply["ids"] as? [Int])?.count == 2)
      let path = try await toy.post("/api/items", #"{"captions":["red"],"group":"/home/me/x.jpg"}"#)
      #expect(path.status == 400)
    }
  }

  @Test func whatCannotBeAddedLeavesNoFile() async throws {
    try await ToyServer.withServer {
      $0.allowsChanges = true
    } _: { toy async throws in
      let photo = try bytes(ofFile: fixturePath("photos/palette.png"))
      let form = HTTPRequestText("POST", "/api/items", json: nil, photos: [("x", photo)])
      let uploads = {
        (try? FileManager.default.contentsOfDirectory(atPath: toy.indexPath + "/photos")) ?? []
      }
      let failing = HTTPRequestText(
        "POST", "/api/items", json: nil, photos: [("x", photo), ("y", GatedNetwork.plainPhoto)])
      #expect(try await toy.ask(failing).status == 500)
      #expect(uploads().isEmpty)
      // Another process changes the index; it is told so at once, and can be asked again.
      try await ToyServer.blocking { [path = toy.indexPath] in
        let index = try EmbeddingIndex(path: path)
        try index.whileLocked {
          let connection = try HTTPConnection(port: toy.port)
          connection.send(form.bytes(port: toy.port))
          #expect(try connection.answer()?.status == 503)
          let remove = try HTTPConnection(port: toy.port)
          remove.send(HTTPRequestText("DELETE", "/api/items/1").bytes(port: toy.port))
          #expect(try remove.answer()?.status == 503)
          // Who has the right may use it again.
          #expect(try index.remove(ids: [99]) == 0)
        }
      }
      #expect(uploads().isEmpty)
      #expect(try await toy.ask(form).status == 201)
      #expect(uploads().count == 1)
    }
  }

  @Test(arguments: [true, false])
  func whatAKilledServerLeftIsRemoved(allowsChanges: Bool) async throws {
    let photo = try bytes(ofFile: fixturePath("photos/palette.png"))
    var hash = XXHash64()
    hash.update(photo)
    let name = String(hash.finalized(), radix: 16)
    // Only the first two are a killed server's: the others are an item's, from where the index was before, a person's
    // that is called so, and another's.
    let files = ["\(name).png", ".\(name).png.tmp-1-x", "\(name)-1.png", "1.png", "holiday.png"]
    try await ToyServer.withServer(
      photos: [],
      preparing: { folder in
        let uploads = folder.path("toy.index/photos")
        try FileManager.default.createDirectory(atPath: uploads, withIntermediateDirectories: true)
        for file in files { try Data(photo).write(to: URL(fileURLWithPath: "\(uploads)/\(file)")) }
        let index = try EmbeddingIndex(path: folder.path("toy.index"))
        let width = try index.model().configuration.imageDim
        try NumpyArray.write(
          ArrayData((0..<width).map { Float($0 % 7) }, shape: [1, width]), to: folder.path("features.npy"))
        _ = try index.add(
          features: FeatureTable(path: folder.path("features.npy")),
          names: ["/before/toy.index/photos/\(name)-1.png"])
      },
      configuring: {
        $0.allowsChanges = allowsChanges
      },
      serving: { toy async throws in
        let left = try FileManager.default.contentsOfDirectory(atPath: toy.indexPath + "/photos")
        #expect(left.sorted() == (allowsChanges ? Array(files[2...]) : files).sorted())
      })
  }

  @Test func itemsHaveNumbers() async throws {
    try await ToyServer.withServer { toy async throws in
      let index = try toy.index()
      #expect(try index.item(numbered: 6)?.name == ToyServer.captions[0])
      #expect(try index.item(numbered: 0) == nil)
      #expect(try index.item(numbered: 10) == nil)
    }
  }

  @Test func whatAnotherProcessAddsIsSeen() async throws {
    try await ToyServer.withServer { toy async throws in
      let before = try await toy.get("/api/map").json()["points"] as? [Any]
      #expect(before?.count == 5)
      let index = try toy.index()
      let report = try index.add(photos: [fixturePath("photos/palette.png")], embedder: DescriptorEmbedder())
      #expect(report.added == 1)
      #expect(try await toy.get("/api/info").json()["photos"] as? Int == 6)
      #expect(try await toy.post("/api/search", #"{"text":"a dog"}"#).json()["candidates"] as? Int == 6)
      #expect((try await toy.get("/api/map").json()["points"] as? [Any])?.count == 6)
    }
  }

  @Test func aMapLiesWithinItsSquare() async throws {
    try await ToyServer.withServer { toy async throws in
      let map = try await toy.get("/api/map").json()
      let points = try #require(map["points"] as? [[Double]])
      #expect(points.map { Int($0[0]) } == Array(1...5))
      let largest = points.flatMap { $0[1...] }.map(abs).max()
      #expect(largest.map { abs($0 - 1) < 1e-5 } == true)
      let explained = try #require(map["explained"] as? [Double])
      #expect(explained[0] >= explained[1] && explained.reduce(0, +) <= 1.0001)
    }
  }
}
