#ifndef CIMAGING_FORMAT_H
#define CIMAGING_FORMAT_H

#include "CImaging.h"

/// How many scans a JPEG seems to have, counted up to `limit`. Those of embedded previews count as well.
size_t cimaging_scans(const uint8_t *bytes, size_t count, size_t limit);

/// Whether a profile of ICC says that it is of sRGB.
bool cimaging_is_srgb_profile(const uint8_t *bytes, size_t count);

/// The pixels of the canvas that the header of a WebP announces; 0 when it has no header that could be one.
uint64_t cimaging_webp_pixels(const uint8_t *bytes, size_t count);

#endif
