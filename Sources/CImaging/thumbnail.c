#include "CImaging.h"
#include "library.h"

#include <string.h>

/// Wraps the pixels of a picture, which must stay as long as the image.
static VipsImage *image_of(const vips_library *vips, const cimaging_picture *picture) {
  VipsImage *pixels = vips->image_new_from_memory(
      picture->pixels, 3 * picture->width * picture->height, (int)picture->width, (int)picture->height, 3,
      FORMAT_UCHAR);
  if (!pixels) return NULL;
  // Three numbers a pixel are not known to be colours.
  VipsImage *colours = NULL;
  if (vips->copy(pixels, &colours, "interpretation", INTERPRETATION_SRGB, NULL) != 0) colours = NULL;
  vips->object_unref(pixels);
  return colours;
}

/// Writes an image as a JPEG without EXIF or profile, its tables made for it.
static bool write_jpeg(const vips_library *vips, VipsImage *image, int quality, cimaging_jpeg *jpeg) {
  void *bytes = NULL;
  size_t count = 0;
  if (vips->jpegsave(image, &bytes, &count, "Q", quality, "optimize_coding", (int)true, "strip", (int)true, NULL) != 0) {
    return false;
  }
  *jpeg = (cimaging_jpeg){
      .bytes = bytes,
      .count = count,
      .width = (size_t)vips->image_get_width(image),
      .height = (size_t)vips->image_get_height(image),
  };
  return true;
}

/// Makes an image smaller so that its longer side is `longest_side`; one that is no longer stays as it is.
static bool shrink(const vips_library *vips, VipsImage **image, size_t longest_side) {
  const int width = vips->image_get_width(*image), height = vips->image_get_height(*image);
  const int longer = width > height ? width : height, shorter = width > height ? height : width;
  if ((size_t)longer <= longest_side) return true;
  const double scale = (double)longest_side / longer;
  // A side never vanishes, however long and thin the picture is.
  const double least = 1.0 / shorter;
  VipsImage *smaller = NULL;
  const double across = width < height && scale < least ? least : scale;
  const double down = height < width && scale < least ? least : scale;
  if (vips->resize(*image, &smaller, across, "vscale", down, NULL) != 0) return false;
  vips->object_unref(*image);
  *image = smaller;
  return true;
}

cimaging_status cimaging_thumbnail(
    const cimaging_picture *picture, size_t longest_side, int quality, cimaging_jpeg *jpeg) {
  memset(jpeg, 0, sizeof *jpeg);
  const bool is_sound = picture->pixels && picture->width >= 1 && picture->height >= 1 &&
                        picture->width <= CIMAGING_LONGEST_SIDE && picture->height <= CIMAGING_LONGEST_SIDE &&
                        longest_side >= 1 && longest_side <= CIMAGING_LONGEST_THUMBNAIL && quality >= 1 &&
                        quality <= 100;
  if (!is_sound) return CIMAGING_WRONG_SIZE;
  const vips_library *vips = cimaging_load();
  if (!vips) return CIMAGING_NO_LIBRARY;
  if (vips->type_find("VipsOperation", "jpegsave_buffer") == 0) return CIMAGING_NO_ENCODER;
  VipsImage *image = image_of(vips, picture);
  const bool is_written = image && shrink(vips, &image, longest_side) && write_jpeg(vips, image, quality, jpeg);
  if (image) vips->object_unref(image);
  if (is_written) return CIMAGING_OK;
  vips->error_clear();
  return CIMAGING_OUT_OF_MEMORY;
}

void cimaging_jpeg_release(cimaging_jpeg *jpeg) {
  // Bytes come from the library, so that there is one.
  if (jpeg->bytes) cimaging_load()->free(jpeg->bytes);
  memset(jpeg, 0, sizeof *jpeg);
}
