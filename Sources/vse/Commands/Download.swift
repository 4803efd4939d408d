import ArgumentParser
import Downloads

struct Download: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fetch the published datasets, models and networks, and unpack them.",
    discussion: """
      The names, and what each becomes below --into:
        f8k                Flickr8k: captions and VGG-19 features    folder f8k
        f30k               Flickr30k, likewise                       folder f30k
        coco               MS COCO, likewise, some 8 GB              folder coco
        models             the original's models, trained on these   folder models
        vgg19              VGG-19, which computed these features     file vgg19.pkl
        vgg19-torchvision  VGG-19 of torchvision's, 575 MB           file vgg19-dcbb9e9d.pth
        mobilenet_v2       a small network of torchvision's, 14 MB   file mobilenet_v2-b0353104.pth
      A download that was interrupted goes on where it was: give the same command again. What is there already \
      is not fetched again, and never replaced without --overwrite.
      The original's files are old and their hosts may be gone. If you have f8k.zip, f30k.zip, coco.zip, vse.zip \
      (the models) or vgg19.pkl from elsewhere, put it into the folder of --into or name its own folder with --mirror. \
      For example:
        vse download f8k --into data
        vse download f8k vgg19 --into data --mirror ~/Downloads
        vse download coco --mirror https://HOST/FOLDER
      """)

  @Argument(help: "What to fetch, one after another.")
  var names: [PublishedFile]

  @Option(help: ArgumentHelp("The folder to put it in.", valueName: "folder"), completion: .directory)
  var into = "."

  @Option(
    help: ArgumentHelp(
      "Take the files from this folder, of the web (http, https) or of this machine.", valueName: "url|folder"
    ))
  var mirror: String?

  @Flag(help: "Replace what is there.")
  var overwrite = false

  @Flag(help: "Keep fetched archives beside what they are unpacked to.")
  var keepArchives = false

  func validate() throws { _ = try source }

  private var source: DownloadSource {
    get throws {
      do {
        return try mirror.map(DownloadSource.init(mirror:)) ?? .published
      } catch {
        throw ValidationError("--mirror: \(error)")
      }
    }
  }

  func run() throws {
    var downloader = Downloader(folder: into, source: try source)
    downloader.overwrites = overwrite
    downloader.keepsArchives = keepArchives
    Interruption.install()
    let stored = try names.filter { try download($0, with: downloader) }
    for name in stored { print(name.nextStep(in: downloader)) }
    // Why is on standard error.
    if stored.count < names.count { throw ExitCode.failure }
  }

  /// Returns whether it is there now; a failure is shown, and does not keep the others from being fetched.
  private func download(_ name: PublishedFile, with downloader: Downloader) throws -> Bool {
    let display = DownloadDisplay(name)
    let result = Result { () throws(DownloadError) in
      try downloader.download(name, shouldStop: { Interruption.isRequested }, report: display.show)
    }
    Terminal.clearProgress()
    switch result {
    case .success(let outcome):
      print(outcome.text(of: name))
      return true
    case .failure(let error):
      if case .interrupted = error {
        Terminal.note("\(name.rawValue): \(error)")
        throw ExitCode(130)
      }
      Terminal.note("Error: \(name.rawValue): \(error)")
      return false
    }
  }
}

extension DownloadOutcome {
  /// What is where now, in a few lines.
  fileprivate func text(of name: PublishedFile) -> String {
    switch self {
    case .alreadyPresent(let path):
      "\(name.rawValue): \(path) is there already (--overwrite fetches it again)"
    case .stored(let stored): stored.text(of: name)
    }
  }
}

extension StoredDownload {
  fileprivate func text(of name: PublishedFile) -> String {
    let count = files == 1 ? "" : "\(files) files, "
    var lines = ["\(name.rawValue): \(path), \(count)\(byteText(bytes))"]
    if !keptFiles.isEmpty {
      lines.append(
        "  left as they were: \(keptFiles.joined(separator: ", ")); --overwrite replaces them")
    }
    let place = archive.map { $0 == source ? "" : ", kept as \($0)" } ?? ""
    lines.append("  from \(source), \(byteText(sourceBytes))\(place)")
    lines.append("  SHA-256 \(sha256)")
    return lines.joined(separator: "\n")
  }
}
