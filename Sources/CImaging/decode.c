#include "CImaging.h"
#include "format.h"
#include "library.h"
#include "pixels.h"

#include <stdlib.h>
#include <string.h>

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

/// How much smaller than it is a JPEG may be decoded: 1, 2, 4 or 8.
static int shrink_of(const cimaging_limits *limits, cimaging_format format, int width, int height) {
  if (format != CIMAGING_JPEG || limits->smallest_side == 0) return 1;
  const size_t shorter = (size_t)(width < height ? width : height);
  int shrink = 1;
  while (shrink < 8 && shorter / (size_t)(2 * shrink) >= limits->smallest_side) shrink *= 2;
  return shrink;
}

/// Opens the picture in `bytes`: its header is read, its pixels are not. `shrink` is a JPEG's.
static VipsImage *open_image(vips_loader loader, const void *bytes, size_t count, int shrink) {
  VipsImage *image = NULL;
  // libvips asks for bytes that can be written and only reads them.
  void *data = (void *)(uintptr_t)bytes;
  const int result =
      shrink > 1
          ? loader(
                data, count, &image, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_ERROR, "shrink", shrink, NULL)
          : loader(data, count, &image, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_ERROR, NULL);
  return result == 0 ? image : NULL;
}

static bool is_too_large(int width, int height, const cimaging_limits *limits) {
  return width > CIMAGING_LONGEST_SIDE || height > CIMAGING_LONGEST_SIDE ||
         (uint64_t)width * (uint64_t)height > limits->most_pixels;
}

static cimaging_status decode(
    const vips_library *vips, vips_loader loader, cimaging_format format, const void *bytes, size_t count,
    const cimaging_limits *limits, cimaging_picture *picture) {
  VipsImage *image = open_image(loader, bytes, count, 1);
  if (!image) return CIMAGING_DAMAGED;
  const int width = vips->image_get_width(image), height = vips->image_get_height(image);
  const int orientation = vips->image_get_orientation(image);
  cimaging_status status = CIMAGING_OK;
  const int shrink = shrink_of(limits, format, width, height);
  if (is_too_large(width, height, limits)) {
    status = CIMAGING_TOO_LARGE;
  } else if (shrink > 1 && !cimaging_replace(vips, &image, open_image(loader, bytes, count, shrink))) {
    status = CIMAGING_DAMAGED;
  } else if (!cimaging_make_srgb(vips, &image)) {
    status = CIMAGING_UNSUPPORTED_COLOURS;
  } else {
    status = cimaging_write_pixels(vips, image, orientation, picture);
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
  const cimaging_status status = decode(vips, loader, format, bytes, count, limits, picture);
  // What libvips says of a failure is kept in one place for all threads, so nobody could tell whose it is.
  if (status != CIMAGING_OK) vips->error_clear();
  return status;
}

void cimaging_release(cimaging_picture *picture) {
  free(picture->pixels);
  memset(picture, 0, sizeof *picture);
}

void cimaging_thread_ends(void) {
  if (cimaging_is_loaded()) cimaging_load()->thread_shutdown();
}
