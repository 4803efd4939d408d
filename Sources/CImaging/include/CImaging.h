#ifndef CIMAGING_H
#define CIMAGING_H

// The one door to libvips, and what is done to the pixels that come through it. Nothing else in the project names
// libvips.
//
// libvips is looked up when the first photo comes: it brings a hundred libraries along, which would make every
// command start 30 ms later.
//
// Ownership: callers own every buffer that they pass, and nothing is kept after a call returns; pictures and JPEGs
// that are made here are released by `cimaging_release` and `cimaging_jpeg_release`.
// Threads: all functions may be called on several threads at once. One call works on the
// calling thread alone: spreading photos over threads is the caller's.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CIMAGING_OK = 0,
  /// There is no libvips on this machine, or one older than 8.13.
  CIMAGING_NO_LIBRARY = 1,
  /// The bytes are none of the formats that are read.
  CIMAGING_UNKNOWN_FORMAT = 2,
  /// The format is known here, but not to this machine's libvips.
  CIMAGING_NO_LOADER = 3,
  /// The bytes are damaged or end too early.
  CIMAGING_DAMAGED = 4,
  /// More pixels than allowed, or a side of more than `CIMAGING_LONGEST_SIDE`.
  CIMAGING_TOO_LARGE = 5,
  /// A progressive JPEG of more scans than `CIMAGING_MOST_SCANS`.
  CIMAGING_TOO_MANY_SCANS = 6,
  /// Pixels of which no colours can be made.
  CIMAGING_UNSUPPORTED_COLOURS = 7,
  CIMAGING_OUT_OF_MEMORY = 8,
  /// This machine's libvips cannot write JPEGs.
  CIMAGING_NO_ENCODER = 9,
  /// A size or a quality that cannot be.
  CIMAGING_WRONG_SIZE = 10,
  /// A JPEG that ends before half of its rows, where one that is cut short would do.
  CIMAGING_MOSTLY_MISSING = 11,
} cimaging_status;

typedef enum {
  CIMAGING_UNKNOWN = 0,
  CIMAGING_JPEG,
  CIMAGING_PNG,
  CIMAGING_WEBP,
  CIMAGING_GIF,
  CIMAGING_TIFF,
  /// HEIC and AVIF.
  CIMAGING_HEIF,
} cimaging_format;

enum {
  CIMAGING_LONGEST_SIDE = 1000000,
  /// Each scan of a progressive JPEG goes over all of its pixels, whatever its few bytes say: without a bound, a
  /// megabyte could take an hour. Encoders write about ten.
  CIMAGING_MOST_SCANS = 200,
  CIMAGING_LONGEST_THUMBNAIL = 4096,
  CIMAGING_LONGEST_DRAWING = 4096,
};

/// A decoded photo: 8-bit sRGB, three bytes a pixel (red, green, blue), rows from the top without gaps, in the
/// orientation in which it is to be seen.
typedef struct {
  uint8_t *pixels;
  size_t width, height;
  /// The size before the JPEG was shrunk while decoding; the same where it was not. In the same orientation.
  size_t full_width, full_height;
  /// Whether the file is cut short, and the share of its rows that are there: all of them where only later scans of a
  /// progressive JPEG are missing, and so details. 1 for a whole file.
  bool is_truncated;
  float share_there;
} cimaging_picture;

/// What decoding may take and give.
typedef struct {
  /// The most pixels that the header may announce; checked before any is decoded.
  uint64_t most_pixels;
  /// A JPEG may be decoded at a half, a quarter or an eighth of its size as long as no side gets shorter than
  /// this; 0: never.
  size_t smallest_side;
  /// Whether a JPEG that is cut short will do, of which at least half the rows are there. What is missing is grey then,
  /// as in Pillow with LOAD_TRUNCATED_IMAGES.
  bool accepts_truncated;
} cimaging_limits;

/// The format that the first of `count` bytes tell.
cimaging_format cimaging_format_of(const void *bytes, size_t count);

/// Decodes the first picture of `count` bytes into `picture`, to be released with `cimaging_release`; on failure
/// there is nothing to release. `bytes` must not change meanwhile.
///
/// The orientation of EXIF is applied; an embedded profile is converted to sRGB, unless it is one of sRGB or
/// cannot be understood; what is transparent is shown on white. Formats are told by the bytes, and no others are
/// ever tried. Takes up to 8 bytes of memory a pixel beside the 3 of the result.
cimaging_status cimaging_decode(
    const void *bytes, size_t count, const cimaging_limits *limits, cimaging_picture *picture);

/// Draws the SVG of `count` bytes, which must be one that this program has made itself, into `picture`, to be
/// released with `cimaging_release`; on failure there is nothing to release. The drawing is scaled to be `width`
/// pixels wide, and must then be `height` pixels high, both 1 to `CIMAGING_LONGEST_DRAWING`; what it leaves empty is
/// white.
///
/// SVG is no format of photos, and files from elsewhere are none to draw: see drawing.c.
cimaging_status cimaging_draw(
    const void *svg, size_t count, size_t width, size_t height, cimaging_picture *picture);

/// Frees the pixels, which may be NULL.
void cimaging_release(cimaging_picture *picture);

/// Ends what libvips keeps for the calling thread; for threads that have decoded, before they end.
void cimaging_thread_ends(void);

/// A square part of a picture that is thought to be resized, and the numbers that are made of it.
typedef struct {
  /// The size of the whole resized picture, both sides 1 or more.
  size_t resized_width, resized_height;
  /// The place of the square in it; the square lies within.
  size_t left, top, side;
  /// Whether what gets smaller is averaged (a triangle as wide as the scale, as Pillow and torchvision have it)
  /// or sampled between the nearest four pixels (as scikit-image has it when told so).
  bool antialiased;
  /// Whether left and right are exchanged in the result.
  bool mirrored;
  /// Whether blue comes first.
  bool blue_first;
  /// In the order of the result: a value v of 0-255 becomes (v − mean) · scale.
  float mean[3], scale[3];
} cimaging_square;

/// Writes a square as planes [3, side, side] of float32, rows from the top, to `output`, which has room for
/// 3 · side² numbers. Fails on sizes that do not fit and when there is no memory.
cimaging_status cimaging_resample(const cimaging_picture *picture, const cimaging_square *square, float *output);

/// A JPEG file in memory, and the size of its picture.
typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t width, height;
} cimaging_jpeg;

/// Writes a picture as a JPEG of `quality` 1 to 100 into `jpeg`, to be released with `cimaging_jpeg_release`, made
/// smaller where a side is longer than `longest_side`, 1 to `CIMAGING_LONGEST_THUMBNAIL`; on failure there is nothing to
/// release. The JPEG has neither EXIF nor a profile. Takes some rows of memory beside the result.
cimaging_status cimaging_thumbnail(
    const cimaging_picture *picture, size_t longest_side, int quality, cimaging_jpeg *jpeg);

/// Frees the bytes, which may be NULL.
void cimaging_jpeg_release(cimaging_jpeg *jpeg);

#ifdef __cplusplus
}
#endif
#endif
