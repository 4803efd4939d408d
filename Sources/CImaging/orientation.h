#ifndef CIMAGING_ORIENTATION_H
#define CIMAGING_ORIENTATION_H

#include "CImaging.h"

/// Puts new pixels into `picture`, turned as an orientation of EXIF (2 to 8) asks for; its old ones stay the
/// caller's. Returns false, and leaves `picture` without pixels, when there is no memory.
bool cimaging_orient(cimaging_picture *picture, int orientation);

#endif
