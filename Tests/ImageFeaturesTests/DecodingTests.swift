import DataFormats
import Foundation
import ImageFeatures
import TestSupport
import Testing

/// Photos of every format and form against what Pillow makes of them.
@Suite struct DecodingTests {
  /// How far from the picture of the second name, on average, the first may be, in levels of 255.
  static let forms: [(file: String, expected: String, bound: Float)] = [
    ("png.png", "upright", 0), ("webp.webp", "upright", 0), ("tiff.tif", "upright", 0),
    ("deep.png", "upright", 0), ("jpeg.jpg", "upright", 2), ("progressive.jpg", "upright", 2),
    ("lossy.webp", "upright", 8), ("grey.png", "grey", 0), ("grey.jpg", "grey", 1),
    ("palette.png", "palette", 0), ("gif.gif", "gif", 0), ("alpha.png", "white", 0.6),
    ("alpha.webp", "white", 0.6), ("deep_alpha.png", "white", 0.6), ("profile.png", "profile", 1),
    ("broken_profile.png", "upright", 0), ("srgb_profile.png", "upright", 0),
  ]

  @Test(arguments: forms) func everyFormIsRead(form: (file: String, expected: String, bound: Float)) throws {
    let photo = try decoded(contentsOf: PhotoFixtures.path(form.file))
    #expect(photo.width == 60 && photo.height == 40)
    #expect(meanDifference(photo.pixels, try PhotoFixtures.pixels(form.expected + ".npy")) <= form.bound)
  }

  @Test(arguments: 1...8) func orientationIsApplied(orientation: Int) throws {
    let photo = try decoded(contentsOf: PhotoFixtures.path("orientation\(orientation).jpg"))
    #expect(photo.width == 60 && photo.height == 40 && photo.fullWidth == 60 && photo.fullHeight == 40)
    #expect(meanDifference(photo.pixels, try PhotoFixtures.pixels("upright.npy")) < 2)
  }

  /// Inks without a profile have no one right colour: this is only about not being inverted or shifted.
  @Test func inksBecomeColours() throws {
    let photo = try decoded(contentsOf: PhotoFixtures.path("cmyk.jpg"))
    #expect(meanDifference(photo.pixels, try PhotoFixtures.pixels("upright.npy")) < 40)
  }

  @Test func heicIsReadWhereLibvipsHasIt() throws {
    do {
      let photo = try decoded(contentsOf: PhotoFixtures.path("heic.heic"))
      #expect(meanDifference(photo.pixels, try PhotoFixtures.pixels("upright.npy")) < 10)
    } catch PhotoError.formatNotInstalled(_, let format) {
      #expect(format == .heif)
    }
  }

  @Test func jpegsShrinkOnlyAsFarAsAllowed() throws {
    let path = PhotoFixtures.path("orientation6.jpg")
    for (smallest, width, height) in [(41, 60, 40), (20, 30, 20), (10, 15, 10), (5, 7, 5), (1, 7, 5)] {
      let photo = try decoded(contentsOf: path, smallestSide: smallest)
      #expect(photo.width == width && photo.height == height)
      #expect(photo.fullWidth == 60 && photo.fullHeight == 40)
    }
    let png = try decoded(contentsOf: PhotoFixtures.path("png.png"), smallestSide: 1)
    #expect(png.width == 60)
  }

  @Test func hugePicturesAreRefusedByTheirHeader() throws {
    let path = PhotoFixtures.path("huge.png")
    #expect(throws: PhotoError.tooManyPixels(path: path, limit: 100_000_000)) {
      _ = try Photo(contentsOf: path)
    }
    var limits = PhotoLimits()
    limits.pixels = 60 * 40 - 1
    let small = PhotoFixtures.path("png.png")
    #expect(throws: PhotoError.tooManyPixels(path: small, limit: 2399)) {
      _ = try Photo(contentsOf: small, limits: limits)
    }
    limits.pixels += 1
    let photo = try decoded(contentsOf: small, limits: limits)
    #expect(photo.width == 60)
  }

  /// Of an animation libvips allocates the whole canvas with the header.
  @Test(arguments: ["webp.webp", "lossy.webp", "alpha.webp"])
  func theCanvasOfAWebPIsComparedBeforehand(name: String) throws {
    var limits = PhotoLimits()
    limits.pixels = 2399
    let path = PhotoFixtures.path(name)
    #expect(throws: PhotoError.tooManyPixels(path: path, limit: 2399)) {
      _ = try Photo(contentsOf: path, limits: limits)
    }
    var canvas = Array("RIFF\0\0\0\0WEBPVP8X\u{A}\0\0\0".utf8) + [2, 0, 0, 0]
    canvas += [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(throws: PhotoError.tooManyPixels(path: "x", limit: 100_000_000)) {
      _ = try Photo(bytes: canvas, path: "x")
    }
  }

  @Test func hugeFilesAreRefusedUnread() {
    var limits = PhotoLimits()
    limits.fileBytes = 100
    let path = PhotoFixtures.path("tiff.tif")
    #expect(throws: PhotoError.fileTooLarge(path: path, bytes: 9496, limit: 100)) {
      _ = try Photo(contentsOf: path, limits: limits)
    }
  }

  /// Half a file is no photo, whatever the format.
  @Test(arguments: [
    ("jpeg.jpg", PhotoFormat.jpeg), ("progressive.jpg", .jpeg), ("png.png", .png), ("webp.webp", .webp),
    ("gif.gif", .gif), ("tiff.tif", .tiff),
  ])
  func filesCutShortAreRefused(name: String, format: PhotoFormat) throws {
    let whole = try bytes(ofFile: PhotoFixtures.path(name))
    for count in [16, whole.count / 3] {
      #expect(throws: PhotoError.damaged(path: name, format: format)) {
        _ = try Photo(bytes: Array(whole.prefix(count)), path: name)
      }
    }
  }

  /// As Pillow has them with LOAD_TRUNCATED_IMAGES.
  @Test(arguments: [
    ("early", Float(0.6)), ("late", 1), ("halved", 1), ("grey", 0.8), ("scans", 1),
  ])
  func photosCutShortAreReadWhereThatIsAskedFor(name: String, share: Float) throws {
    let path = PhotoFixtures.path("cut_\(name).jpg")
    #expect(throws: PhotoError.damaged(path: path, format: .jpeg)) { _ = try Photo(contentsOf: path) }
    var limits = PhotoLimits()
    limits.truncatedPhotos = .accept
    let photo = try Photo(contentsOf: path, limits: limits)
    let truncation = photo.truncation
    #expect(truncation?.shareThere == share)
    #expect(meanDifference(photo.pixels, try PhotoFixtures.pixels("cut_\(name).npy")) < 1)
    // Shrunk while decoding as well.
    let small = try Photo(contentsOf: path, limits: limits, smallestSide: 20)
    let (width, isCut) = (small.width, small.truncation != nil)
    #expect(width == 30 && isCut)
  }

  @Test func wholePhotosAreWholeWhereTheOthersAreRead() throws {
    var limits = PhotoLimits()
    limits.truncatedPhotos = .accept
    for name in ["jpeg.jpg", "progressive.jpg", "cmyk.jpg", "png.png"] {
      let photo = try Photo(contentsOf: PhotoFixtures.path(name), limits: limits)
      let truncation = photo.truncation
      #expect(truncation == nil)
    }
  }

  @Test func photosOfWhichLittleIsThereAreRefused() throws {
    var limits = PhotoLimits()
    limits.truncatedPhotos = .accept
    let whole = try bytes(ofFile: PhotoFixtures.path("jpeg.jpg"))
    #expect(throws: PhotoError.mostlyMissing(path: "x.jpg")) {
      _ = try Photo(bytes: Array(whole.prefix(whole.count / 2)), path: "x.jpg", limits: limits)
    }
    #expect(throws: PhotoError.damaged(path: "x.jpg", format: .jpeg)) {
      _ = try Photo(bytes: Array(whole.prefix(100)), path: "x.jpg", limits: limits)
    }
    // No other format has what a decoder could go on with.
    let png = try bytes(ofFile: PhotoFixtures.path("png.png"))
    #expect(throws: PhotoError.damaged(path: "x.png", format: .png)) {
      _ = try Photo(bytes: Array(png.prefix(png.count * 9 / 10)), path: "x.png", limits: limits)
    }
  }

  @Test func whatIsNoPhotoIsRefused() throws {
    let folder = try TemporaryFolder()
    #expect(throws: PhotoError.unreadable(.notFound(path: folder.path("none.jpg")))) {
      _ = try Photo(contentsOf: folder.path("none.jpg"))
    }
    #expect(throws: PhotoError.unreadable(.isFolder(path: folder.url.path))) {
      _ = try Photo(contentsOf: folder.url.path)
    }
    #expect(throws: PhotoError.unreadable(.notRegularFile(path: "/dev/null"))) {
      _ = try Photo(contentsOf: "/dev/null")
    }
    let empty = try folder.write([], to: "empty.jpg")
    #expect(throws: PhotoError.empty(path: empty)) { _ = try Photo(contentsOf: empty) }
    // Loaders that can be made to read other files, such as that of SVG, are never asked.
    for text in [
      "hello", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "P6 1 1 255\nabc",
    ] {
      #expect(throws: PhotoError.unknownFormat(path: "x.jpg")) {
        _ = try Photo(bytes: Array(text.utf8), path: "x.jpg")
      }
    }
  }

  /// A progressive JPEG may have scans without end, each of which goes over all pixels.
  @Test func jpegsOfManyScansAreRefused() throws {
    var bytes = try bytes(ofFile: PhotoFixtures.path("progressive.jpg"))
    let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 5, 0x10, 0]
    bytes.removeLast(2)
    for _ in 0..<300 { bytes += scan }
    #expect(throws: PhotoError.tooManyScans(path: "x.jpg")) { _ = try Photo(bytes: bytes, path: "x.jpg") }
  }

  @Test func errorsNameTheFileInOneLine() {
    let errors: [PhotoError] = [
      .unreadable(.notFound(path: "a.jpg")), .empty(path: "a.jpg"),
      .fileTooLarge(path: "a.jpg", bytes: 2, limit: 1), .unknownFormat(path: "a.jpg"),
      .formatNotInstalled(path: "a.jpg", format: .heif), .damaged(path: "a.jpg", format: .png),
      .tooManyPixels(path: "a.jpg", limit: 1), .tooManyScans(path: "a.jpg"),
      .unsupportedColours(path: "a.jpg", format: .tiff), .outOfMemory(path: "a.jpg"),
      .mostlyMissing(path: "a.jpg"),
    ]
    for error in errors {
      #expect(error.description.contains("'a.jpg'"))
      #expect(!error.description.contains("\n"))
    }
    #expect(PhotoError.noDecoder.concernsAllPhotos && !errors[0].concernsAllPhotos)
  }
}
