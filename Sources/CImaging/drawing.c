#include "decode.h"

#include <pthread.h>
#include <string.h>

// libvips refuses SVG since `cimaging_load` has blocked what is not safe with files from anywhere: an SVG is a
// program that draws, and may be made to take hours. `cimaging_decode` never gets near it, whatever is blocked, as it
// knows the formats of photos by their bytes and calls the loader of each by its name. So the block can be lifted for
// the moment in which a drawing of our own is opened, which is when libvips looks at it.
static pthread_mutex_t only_drawing = PTHREAD_MUTEX_INITIALIZER;
static const char *const loader_class = "VipsForeignLoadSvgBuffer";

/// Opens a drawing at `scale` times its size: it is parsed, but not drawn.
static VipsImage *open_drawing(const vips_library *vips, const void *bytes, size_t count, double scale) {
  VipsImage *image = NULL;
  // libvips asks for bytes that can be written and only reads them.
  void *data = (void *)(uintptr_t)bytes;
  // One at a time: the second of two would be refused when the first blocks the loader again.
  pthread_mutex_lock(&only_drawing);
  vips->operation_block_set(loader_class, false);
  const int result = vips->svgload(data, count, &image, "access", ACCESS_SEQUENTIAL, "scale", scale, NULL);
  vips->operation_block_set(loader_class, true);
  pthread_mutex_unlock(&only_drawing);
  return result == 0 ? image : NULL;
}

/// Opens a drawing so that it gets as wide as wanted.
static VipsImage *open_as_wide(const vips_library *vips, const void *bytes, size_t count, size_t width) {
  VipsImage *image = open_drawing(vips, bytes, count, 1);
  const int own_width = image ? vips->image_get_width(image) : 0;
  if (own_width < 1 || own_width == (int)width) return image;
  vips->object_unref(image);
  return open_drawing(vips, bytes, count, (double)width / own_width);
}

cimaging_status cimaging_draw(
    const void *svg, size_t count, size_t width, size_t height, cimaging_picture *picture) {
  memset(picture, 0, sizeof *picture);
  if (width < 1 || width > CIMAGING_LONGEST_DRAWING || height < 1 || height > CIMAGING_LONGEST_DRAWING) {
    return CIMAGING_WRONG_SIZE;
  }
  const vips_library *vips = cimaging_load();
  if (!vips) return CIMAGING_NO_LIBRARY;
  if (vips->type_find("VipsOperation", "svgload_buffer") == 0) return CIMAGING_NO_LOADER;
  VipsImage *image = open_as_wide(vips, svg, count, width);
  cimaging_status status = CIMAGING_OK;
  if (!image) {
    status = CIMAGING_DAMAGED;
  } else if (vips->image_get_width(image) != (int)width || vips->image_get_height(image) != (int)height) {
    status = CIMAGING_WRONG_SIZE;
  } else {
    status = cimaging_compute(vips, &image, picture);
  }
  if (image) vips->object_unref(image);
  if (status != CIMAGING_OK) vips->error_clear();
  return status;
}
