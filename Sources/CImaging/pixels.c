#include "pixels.h"
#include "format.h"
#include "orientation.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_A_TIME = 64 };

bool cimaging_replace(const vips_library *vips, VipsImage **image, VipsImage *next) {
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
  cimaging_replace(vips, image, converted);
}

/// Shows what is transparent on white.
static bool flatten(const vips_library *vips, VipsImage **image) {
  if (!vips->image_hasalpha(*image)) return true;
  VipsArrayDouble *white = vips->array_double_newv(3, 255.0, 255.0, 255.0);
  VipsImage *flat = NULL;
  if (vips->flatten(*image, &flat, "background", white, NULL) != 0) flat = NULL;
  vips->area_unref((VipsArea *)white);
  return cimaging_replace(vips, image, flat);
}

bool cimaging_make_srgb(const vips_library *vips, VipsImage **image) {
  apply_profile(vips, image);
  VipsImage *next = NULL;
  if (vips->image_get_interpretation(*image) != INTERPRETATION_SRGB) {
    if (!vips->colourspace_issupported(*image)) return false;
    if (vips->colourspace(*image, &next, INTERPRETATION_SRGB, NULL) != 0) next = NULL;
    if (!cimaging_replace(vips, image, next)) return false;
  }
  if (!flatten(vips, image) || vips->image_get_bands(*image) < 3) return false;
  if (vips->image_get_bands(*image) > 3) {
    next = NULL;
    if (vips->extract_band(*image, &next, 0, "n", 3, NULL) != 0) next = NULL;
    if (!cimaging_replace(vips, image, next)) return false;
  }
  if (vips->image_get_format(*image) == FORMAT_UCHAR) return true;
  next = NULL;
  if (vips->cast(*image, &next, FORMAT_UCHAR, NULL) != 0) next = NULL;
  return cimaging_replace(vips, image, next);
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

cimaging_status cimaging_write_pixels(
    const vips_library *vips, VipsImage *image, int orientation, cimaging_picture *picture) {
  const size_t width = (size_t)vips->image_get_width(image), height = (size_t)vips->image_get_height(image);
  uint8_t *pixels = malloc(3 * width * height);
  if (!pixels) return CIMAGING_OUT_OF_MEMORY;
  if (!copy_rows(vips, image, width, height, pixels)) {
    free(pixels);
    return CIMAGING_DAMAGED;
  }
  *picture = (cimaging_picture){.pixels = pixels, .width = width, .height = height};
  if (orientation <= 1 || orientation > 8) return CIMAGING_OK;
  const bool is_turned = cimaging_orient(picture, orientation);
  free(pixels);
  return is_turned ? CIMAGING_OK : CIMAGING_OUT_OF_MEMORY;
}
