/// Which captions belong to which image; an image may have any number of them.
///
/// Images are numbered in the order of their first captions.
public struct ImageGrouping: Sendable, Equatable {
  /// The image of each caption row; [captions].
  public let imageOfCaption: [Int]
  /// The caption rows ordered by image, then by row; [captions].
  private let captionsByImage: [Int]
  /// Where each image starts in `captionsByImage`, then the number of captions; [images + 1].
  private let starts: [Int]

  /// Creates the grouping in which each caption row has the given image.
  ///
  /// The images must be numbered 0, 1, … in the order of their first captions.
  init(numberedImages imageOfCaption: [Int]) {
    var counts: [Int] = []
    for image in imageOfCaption {
      if image == counts.count { counts.append(0) }
      counts[image] += 1
    }
    var starts = [0]
    for count in counts { starts.append(starts[starts.count - 1] + count) }

    var next = starts
    var captionsByImage = [Int](repeating: 0, count: imageOfCaption.count)
    for (caption, image) in imageOfCaption.enumerated() {
      captionsByImage[next[image]] = caption
      next[image] += 1
    }
    self.imageOfCaption = imageOfCaption
    self.captionsByImage = captionsByImage
    self.starts = starts
  }

  /// The number of captions, C.
  public var captionCount: Int { imageOfCaption.count }

  /// The number of images, N.
  public var imageCount: Int { starts.count - 1 }

  /// The caption rows of an image, in order; at least one.
  public func captions(ofImage image: Int) -> ArraySlice<Int> {
    captionsByImage[starts[image]..<starts[image + 1]]
  }

  /// The first caption row of an image: its row of features where there is one for each caption.
  public func firstCaption(ofImage image: Int) -> Int {
    captionsByImage[starts[image]]
  }
}

extension ImageGrouping {
  /// Groups by position: `captionsPerImage` captions follow each other for each image.
  ///
  /// Throws `ImageGroupingError` unless the captions are a multiple of it. `captionFile` is the file that
  /// the message names.
  public init(
    captionCount: Int, captionFile: String, captionsPerImage: Int
  ) throws(ImageGroupingError) {
    guard captionsPerImage > 0, captionCount % captionsPerImage == 0 else {
      throw .notAMultiple(
        captions: captionCount, captionFile: captionFile, captionsPerImage: captionsPerImage)
    }
    self.init(numberedImages: (0..<captionCount).map { $0 / captionsPerImage })
  }

  /// Groups by position: the captions shared out evenly among `imageRowCount` images in turn.
  ///
  /// Throws `ImageGroupingError` unless the captions are a multiple of the images. `captionFile` and
  /// `imageFile` are the files that the message names.
  public init(
    captionCount: Int, captionFile: String, imageRowCount: Int, imageFile: String
  ) throws(ImageGroupingError) {
    guard imageRowCount > 0, captionCount >= imageRowCount, captionCount % imageRowCount == 0 else {
      throw .countsDoNotMatch(
        captions: captionCount, captionFile: captionFile, imageRows: imageRowCount, imageFile: imageFile)
    }
    let captionsPerImage = captionCount / imageRowCount
    self.init(numberedImages: (0..<captionCount).map { $0 / captionsPerImage })
  }

  /// Groups by runs: a caption has the image of the one before it where `continuesRun` says so.
  ///
  /// `continuesRun` is asked for the rows 1, 2, … in turn, once each; its errors are passed on. Meant for image
  /// features with a row a caption, where equal neighbouring rows are one image's.
  public init<Failure: Error>(
    captionCount: Int, continuesRun: (_ row: Int) throws(Failure) -> Bool
  ) throws(Failure) {
    var imageOfCaption: [Int] = []
    imageOfCaption.reserveCapacity(captionCount)
    var image = -1
    for row in 0..<captionCount {
      let startsRun = row == 0 ? true : try !continuesRun(row)
      if startsRun { image += 1 }
      imageOfCaption.append(image)
    }
    self.init(numberedImages: imageOfCaption)
  }
}
