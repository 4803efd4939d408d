#ifndef CIMAGING_LIBRARY_H
#define CIMAGING_LIBRARY_H

// The part of libvips' binary interface (libvips.so.42, the same since version 8) that is used here. `Scripts/lint`
// compares it with libvips' own headers.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef CIMAGING_COMPARE
#include <vips/vips.h>
#define SAME(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), "libvips has another number: " #theirs)
SAME(0, VIPS_FORMAT_UCHAR);
SAME(1, VIPS_ACCESS_SEQUENTIAL);
SAME(0, VIPS_FAIL_ON_NONE);
SAME(2, VIPS_FAIL_ON_ERROR);
SAME(22, VIPS_INTERPRETATION_sRGB);
#else
typedef struct _VipsImage VipsImage;
typedef struct _VipsArea VipsArea;
typedef struct _VipsRegion VipsRegion;
typedef struct _VipsArrayDouble VipsArrayDouble;
typedef int VipsInterpretation;
typedef int VipsBandFormat;
#endif

enum {
  FORMAT_UCHAR = 0,
  ACCESS_SEQUENTIAL = 1,
  FAIL_ON_NONE = 0,
  FAIL_ON_ERROR = 2,
  INTERPRETATION_SRGB = 22,
};

/// A loader: bytes, their number, where the image goes, then pairs of names and values, and NULL.
typedef int (*vips_loader)(void *bytes, size_t count, VipsImage **image, ...);

/// The functions of the library, named as there. Those that return `int` give 0 for success; those with dots take
/// pairs of names and values, and NULL.
typedef struct {
  vips_loader jpegload, pngload, webpload, gifload, tiffload, heifload, svgload;
  void (*operation_block_set)(const char *class_name, int is_blocked);
  unsigned long (*type_find)(const char *base, const char *nickname);
  int (*image_get_width)(const VipsImage *image);
  int (*image_get_height)(const VipsImage *image);
  int (*image_get_bands)(const VipsImage *image);
  VipsBandFormat (*image_get_format)(const VipsImage *image);
  VipsInterpretation (*image_get_interpretation)(const VipsImage *image);
  int (*image_get_orientation)(VipsImage *image);
  int (*image_hasalpha)(VipsImage *image);
  unsigned long (*image_get_typeof)(const VipsImage *image, const char *name);
  int (*image_get_blob)(const VipsImage *image, const char *name, const void **bytes, size_t *count);
  VipsRegion *(*region_new)(VipsImage *image);
  unsigned char *(*region_fetch)(VipsRegion *region, int left, int top, int width, int height, size_t *count);
  int (*icc_transform)(VipsImage *image, VipsImage **out, const char *profile, ...);
  int (*colourspace_issupported)(const VipsImage *image);
  int (*colourspace)(VipsImage *image, VipsImage **out, VipsInterpretation space, ...);
  VipsArrayDouble *(*array_double_newv)(int count, ...);
  void (*area_unref)(VipsArea *area);
  int (*flatten)(VipsImage *image, VipsImage **out, ...);
  int (*extract_band)(VipsImage *image, VipsImage **out, int band, ...);
  int (*cast)(VipsImage *image, VipsImage **out, VipsBandFormat format, ...);
  VipsImage *(*image_new_from_memory)(
      const void *pixels, size_t size, int width, int height, int bands, VipsBandFormat format);
  int (*copy)(VipsImage *image, VipsImage **out, ...);
  int (*resize)(VipsImage *image, VipsImage **out, double scale, ...);
  int (*jpegsave)(VipsImage *image, void **bytes, size_t *count, ...);
  void (*error_clear)(void);
  void (*thread_shutdown)(void);
  void (*object_unref)(void *object);
  void (*free)(void *memory);
} vips_library;

/// The library, loaded and set up once for the process; NULL where there is none, or one that cannot refuse
/// loaders that are not safe with files from anywhere.
const vips_library *cimaging_load(void);

/// Whether the library was loaded.
bool cimaging_is_loaded(void);

#endif
