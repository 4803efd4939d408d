import DataFormats
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct DownloadTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fixture(_ name: String) throws -> [UInt8] {
      try bytes(ofFile: fixturePath("downloads/\(name)"))
    }

    @Test func theCommandThatItEndsWithWorks() throws {
      let archive = try fixture("f8k.zip")
      let server = try ScriptedServer { request in
        var file = ServedFile(archive)
        file.breaksAfter = request.index == 0 ? 700 : nil
        return file.answer(request)
      }
      let run = try Executable.succeed(
        ["download", "f8k", "--into", "data files", "--mirror", server.address], folder: folder)
      let lines = run.output.split(separator: "\n")
      #expect(lines.first == "f8k: data files/f8k, 6 files, 4.2 kB")
      #expect(lines.last == "next: vse train --data 'data files/f8k' --output f8k.safetensors")
      #expect(run.errors.contains("f8k: fetching 1.6 kB from \(server.address)/f8k.zip\n"))
      #expect(run.errors.contains("f8k: the connection broke; trying again in 1 s (1 of 5)\n"))
      #expect(run.errors.contains("f8k: going on after 700 bytes of 1.6 kB, from"))
      _ = try Executable.succeed(
        [
          "train", "--data", "data files/f8k", "--output", "f8k.safetensors", "--dim", "8", "--word-dim", "4",
          "--epochs", "1", "--threads", "1",
        ], folder: folder)
      #expect(try folder.contents().contains("f8k.safetensors"))
    }

    @Test func severalOneAfterAnother() throws {
      let arguments = ["download", "f8k", "f30k", "vgg19", "models", "--mirror", fixturePath("downloads")]
      let run = try Executable.run(arguments, folder: folder)
      #expect(run.status == 1)
      #expect(run.errorLines.filter { $0.hasPrefix("Error: ") }.count == 1)
      #expect(run.errors.contains("Error: f30k: there is no file"))
      #expect(try folder.contents() == ["f8k", "models", "vgg19.pkl"])
      #expect(run.output.split(separator: "\n").filter { $0.hasPrefix("next: ") }.count == 3)
      let again = try Executable.succeed(["download", "f8k"], folder: folder)
      #expect(again.output.contains("f8k: ./f8k is there already"))
    }

    @Test func anErrorIsOneLineThatSaysWhatToDo() throws {
      let server = try ScriptedServer { _ in ServedFile.answer("404 Not Found") }
      let run = try Executable.run(["download", "coco", "--mirror", server.address], folder: folder)
      #expect(run.status == 1 && run.output.isEmpty && run.errorLines.count == 1)
      for part in ["Error: coco: \(server.address)/coco.zip is not there", "coco.zip", "--mirror"] {
        #expect(run.errors.contains(part))
      }
    }

    @Test(arguments: [
      [], ["flickr8k"], ["f8k", "--mirror", "ftp://host/folder"], ["f8k", "--mirror", ""], ["f8k", "--into"],
    ])
    func wrongUsage(arguments: [String]) throws {
      let run = try Executable.run(["download"] + arguments, folder: folder)
      #expect(run.status == 64 && run.errors.contains("Usage: vse download"))
      #expect(try folder.contents() == [])
    }

    @Test func aSignalKeepsWhatIsHere() throws {
      let archive = try fixture("f8k.zip")
      let server = try ScriptedServer { request in
        var file = ServedFile(archive)
        guard request.index == 0 else { return file.answer(request) }
        file.breaksAfter = 700
        return file.answer(request) + [.fallSilent]
      }
      let process = Process()
      process.executableURL = try Executable.url
      process.arguments = ["download", "f8k", "--mirror", server.address]
      process.currentDirectoryURL = folder.url
      process.standardError = FileHandle.nullDevice
      try process.run()
      while (try? bytes(ofFile: folder.path("f8k.zip.part")).count) != 700, process.isRunning {
        usleep(10_000)
      }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      let run = try Executable.succeed(["download", "f8k", "--mirror", server.address], folder: folder)
      #expect(run.errors.contains("going on after 700 bytes"))
      #expect(try folder.contents() == ["f8k"])
    }
  }
}
