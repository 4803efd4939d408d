#include "decode.h"
#include "format.h"
#include "orientation.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_A_TIME = 64 };

/// The loader of a format, and its name among libvips' operations; NULL for an unknown format.
static vips_loader loader_of(const vips_library *vips, cimaging_format format, const char **name) {
  switch (format) {
    case CIMAGING_JPEG: return *name = "jpegload_buffer", vips->jpegload;
    case CIMAGING_PNG: return *name = "pngload_buffer", vips->pngload;
    case CIMAGING_WEBP: return *name = "webpload_buffer", vips->webpload;
    case CIMAGING_GIF: return *name = "gifload_buffer", vips->gifload;
    case CIMAGING_TIFF: return *name = "tiffload_buffer", vips->tiffload;
    case CIMAGING_HEIF: return *name = "heifload_buffer", vips->heifload;
    case CIMAGING_UNKNOWN: break;
  }
  return NULL;
}

/// Replaces an image by what was made of it; `next` is NULL where that failed.
static bool replace(const vips_library *vips, VipsImage **image, VipsImage *next) {
  if (!next) return false;
  vips->object_unref(*image);
  *image = next;
  return true;
}

/// Converts an embedded profile to sRGB. One that cannot be understood is ignored, as if it were not there.
static void apply_profile(const vips_library *vips, VipsImage **image) {
  static const char *const field = "icc-profile-data";
  const void *profile = NULL;
  size_t size = 0;
  if (vips->image_get_typeof(*image, field) == 0 || vips->image_get_blob(*image, field, &profile, &size) != 0 ||
      cimaging_is_srgb_profile(profile, size)) {
    return;
  }
  VipsImage *converted = NULL;
  if (vips->icc_transform(*image, &converted, "srgb", "embedded", (int)true, NULL) != 0) converted = NULL;
  replace(vips, image, converted);
}

/// Shows what is transparent on white.
static bool flatten(const vips_library *vips, VipsImage **image) {
  if (!vips->image_hasalpha(*image)) return true;
  VipsArrayDouble *white = vips->array_double_newv(3, 255.0, 255.0, 255.0);
  VipsImage *flat = NULL;
  if (vips->flatten(*image, &flat, "background", white, NULL) != 0) flat = NULL;
  vips->area_unref((VipsArea *)white);
  return replace(vips, image, flat);
}

/// Makes three bands of 8 bits of any image that libvips can tell the colours of.
static bool make_srgb(const vips_library *vips, VipsImage **image) {
  apply_profile(vips, image);
  VipsImage *next = NULL;
  if (vips->image_get_interpretation(*image) != INTERPRETATION_SRGB) {
    if (!vips->colourspace_issupported(*image)) return false;
    if (vips->colourspace(*image, &next, INTERPRETATION_SRGB, NULL) != 0) next = NULL;
    if (!replace(vips, image, next)) return false;
  }
  if (!flatten(vips, image) || vips->image_get_bands(*image) < 3) return false;
  if (vips->image_get_bands(*image) > 3) {
    next = NULL;
    if (vips->extract_band(*image, &next, 0, "n", 3, NULL) != 0) next = NULL;
    if (!replace(vips, image, next)) return false;
  }
  if (vips->image_get_format(*image) == FORMAT_UCHAR) return true;
  next = NULL;
  if (vips->cast(*image, &next, FORMAT_UCHAR, NULL) != 0) next = NULL;
  return replace(vips, image, next);
}

/// Decodes an image of three bands of 8 bits, some rows at a time, into `pixels`, all on this thread: handing rows to
/// libvips' threads and waiting for them takes a quarter as long as decoding a photo of 500 × 375.
static bool copy_rows(const vips_library *vips, VipsImage *image, size_t width, size_t height, uint8_t *pixels) {
  VipsRegion *region = vips->region_new(image);
  bool is_whole = region != NULL;
  for (size_t row = 0; row < height && is_whole; row += ROWS_AT_A_TIME) {
    const size_t rows = height - row < ROWS_AT_A_TIME ? height - row : ROWS_AT_A_TIME;
    size_t count = 0;
    uint8_t *part = vips->region_fetch(region, 0, (int)row, (int)width, (int)rows, &count);
    is_whole = part && count == 3 * width * rows;
    if (is_whole) memcpy(pixels + 3 * width * row, part, count);
    vips->free(part);
  }
  if (region) vips->object_unref(region);
  return is_whole;
}

/// The share of the rows that a decoder has filled: libjpeg makes all blocks grey that the bytes do not reach, which
/// stay of one colour in whatever space. Rows of one colour that the photo itself ends with count as missing too.
static float share_filled(const uint8_t *pixels, size_t width, size_t height) {
  const uint8_t *last = pixels + 3 * width * (height - 1);
  // Each pixel of the last row is like the one before.
  if (memcmp(last, last + 3, 3 * (width - 1)) != 0) return 1;
  size_t filled = height - 1;
  while (filled > 0 && memcmp(pixels + 3 * width * (filled - 1), last, 3 * width) == 0) filled--;
  return (float)filled / (float)height;
}

/// Decodes an image of three bands of 8 bits into `picture`, the way up that it is to be seen.
static cimaging_status write_pixels(
    const vips_library *vips, VipsImage *image, int orientation, bool is_truncated, cimaging_picture *picture) {
  const size_t width = (size_t)vips->image_get_width(image), height = (size_t)vips->image_get_height(image);
  uint8_t *pixels = malloc(3 * width * height);
  if (!pixels) return CIMAGING_OUT_OF_MEMORY;
  if (!copy_rows(vips, image, width, height, pixels)) {
    free(pixels);
    return CIMAGING_DAMAGED;
  }
  const float share = is_truncated ? share_filled(pixels, width, height) : 1;
  if (share < 0.5f) {
    free(pixels);
    return CIMAGING_MOSTLY_MISSING;
  }
  *picture = (cimaging_picture){
      .pixels = pixels, .width = width, .height = height, .is_truncated = is_truncated, .share_there = share};
  if (orientation <= 1 || orientation > 8) return CIMAGING_OK;
  const bool is_turned = cimaging_orient(picture, orientation);
  free(pixels);
  return is_turned ? CIMAGING_OK : CIMAGING_OUT_OF_MEMORY;
}

/// How much smaller than it is a JPEG may be decoded: 1, 2, 4 or 8.
static int shrink_of(const cimaging_limits *limits, cimaging_format format, int width, int height) {
  if (format != CIMAGING_JPEG || limits->smallest_side == 0) return 1;
  const size_t shorter = (size_t)(width < height ? width : height);
  int shrink = 1;
  while (shrink < 8 && shorter / (size_t)(2 * shrink) >= limits->smallest_side) shrink *= 2;
  return shrink;
}

/// Opens the picture in `bytes`: its header is read, its pixels are not. `shrink` is a JPEG's.
static VipsImage *open_image(vips_loader loader, const void *bytes, size_t count, int shrink, bool is_truncated) {
  VipsImage *image = NULL;
  const int fail_on = is_truncated ? FAIL_ON_NONE : FAIL_ON_ERROR;
  // libvips asks for bytes that can be written and only reads them.
  void *data = (void *)(uintptr_t)bytes;
  const int result =
      shrink > 1
          ? loader(data, count, &image, "access", ACCESS_SEQUENTIAL, "fail_on", fail_on, "shrink", shrink, NULL)
          : loader(data, count, &image, "access", ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
  return result == 0 ? image : NULL;
}

static bool is_too_large(int width, int height, const cimaging_limits *limits) {
  return width > CIMAGING_LONGEST_SIDE || height > CIMAGING_LONGEST_SIDE ||
         (uint64_t)width * (uint64_t)height > limits->most_pixels;
}

/// `is_truncated`: whether to go on where the bytes end too early.
static cimaging_status decode(
    const vips_library *vips, vips_loader loader, cimaging_format format, const void *bytes, size_t count,
    const cimaging_limits *limits, bool is_truncated, cimaging_picture *picture) {
  VipsImage *image = open_image(loader, bytes, count, 1, is_truncated);
  if (!image) return CIMAGING_DAMAGED;
  const int width = vips->image_get_width(image), height = vips->image_get_height(image);
  const int orientation = vips->image_get_orientation(image);
  cimaging_status status = CIMAGING_OK;
  const int shrink = shrink_of(limits, format, width, height);
  if (is_too_large(width, height, limits)) {
    status = CIMAGING_TOO_LARGE;
  } else if (shrink > 1 && !replace(vips, &image, open_image(loader, bytes, count, shrink, is_truncated))) {
    status = CIMAGING_DAMAGED;
  } else if (!make_srgb(vips, &image)) {
    status = CIMAGING_UNSUPPORTED_COLOURS;
  } else {
    status = write_pixels(vips, image, orientation, is_truncated, picture);
    const bool is_on_its_side = orientation >= 5 && orientation <= 8;
    picture->full_width = (size_t)(is_on_its_side ? height : width);
    picture->full_height = (size_t)(is_on_its_side ? width : height);
  }
  vips->object_unref(image);
  return status;
}

cimaging_status cimaging_decode(
    const void *bytes, size_t count, const cimaging_limits *limits, cimaging_picture *picture) {
  memset(picture, 0, sizeof *picture);
  const cimaging_format format = cimaging_format_of(bytes, count);
  if (format == CIMAGING_UNKNOWN) return CIMAGING_UNKNOWN_FORMAT;
  if (format == CIMAGING_JPEG && cimaging_scans(bytes, count, CIMAGING_MOST_SCANS + 1) > CIMAGING_MOST_SCANS) {
    return CIMAGING_TOO_MANY_SCANS;
  }
  // libvips allocates the canvas of an animation together with its header.
  if (format == CIMAGING_WEBP && cimaging_webp_pixels(bytes, count) > limits->most_pixels) return CIMAGING_TOO_LARGE;
  const vips_library *vips = cimaging_load();
  if (!vips) return CIMAGING_NO_LIBRARY;
  const char *name = NULL;
  const vips_loader loader = loader_of(vips, format, &name);
  if (!loader || vips->type_find("VipsOperation", name) == 0) return CIMAGING_NO_LOADER;
  cimaging_status status = decode(vips, loader, format, bytes, count, limits, false, picture);
  // libvips does not tell why it fails, so that only another try shows whether the end is all that is missing.
  if (status == CIMAGING_DAMAGED && format == CIMAGING_JPEG && limits->accepts_truncated) {
    status = decode(vips, loader, format, bytes, count, limits, true, picture);
  }
  // What libvips says of a failure is kept in one place for all threads, so nobody could tell whose it is.
  if (status != CIMAGING_OK) vips->error_clear();
  return status;
}

cimaging_status cimaging_compute(const vips_library *vips, VipsImage **image, cimaging_picture *picture) {
  if (!make_srgb(vips, image)) return CIMAGING_UNSUPPORTED_COLOURS;
  const cimaging_status status = write_pixels(vips, *image, 1, false, picture);
  picture->full_width = picture->width;
  picture->full_height = picture->height;
  return status;
}

void cimaging_release(cimaging_picture *picture) {
  free(picture->pixels);
  memset(picture, 0, sizeof *picture);
}

void cimaging_thread_ends(void) {
  if (cimaging_is_loaded()) cimaging_load()->thread_shutdown();
}
