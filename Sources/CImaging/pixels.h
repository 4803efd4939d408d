#ifndef CIMAGING_PIXELS_H
#define CIMAGING_PIXELS_H

// From an image of libvips, whose pixels are computed when they are asked for, to the pixels of a picture.

#include "CImaging.h"
#include "library.h"

/// Replaces an image by what was made of it; `next` is NULL where that failed.
bool cimaging_replace(const vips_library *vips, VipsImage **image, VipsImage *next);

/// Makes three bands of 8 bits of any image that libvips can tell the colours of.
bool cimaging_make_srgb(const vips_library *vips, VipsImage **image);

/// Decodes an image of three bands of 8 bits into `picture`, the way up that it is to be seen.
cimaging_status cimaging_write_pixels(
    const vips_library *vips, VipsImage *image, int orientation, cimaging_picture *picture);

#endif
