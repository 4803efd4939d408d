#ifndef CIMAGING_DECODE_H
#define CIMAGING_DECODE_H

#include "CImaging.h"
#include "library.h"

/// Computes the pixels of an image, which is replaced by what is made of it on the way: sRGB on white.
cimaging_status cimaging_compute(const vips_library *vips, VipsImage **image, cimaging_picture *picture);

#endif
