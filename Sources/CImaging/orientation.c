#include "orientation.h"

#include <stdlib.h>
#include <string.h>

// EXIF's orientation tells where row 0 and column 0 of the stored pixels are to be seen:
//   1 top, left   2 top, right   3 bottom, right   4 bottom, left
//   5 left, top   6 right, top   7 right, bottom   8 left, bottom

bool cimaging_orient(cimaging_picture *picture, int orientation) {
  const uint8_t *stored = picture->pixels;
  const size_t columns = picture->width, rows = picture->height;
  const bool is_transposed = orientation >= 5;
  const bool rows_from_end =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool columns_from_end =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  uint8_t *pixels = malloc(3 * rows * columns);
  picture->pixels = pixels;
  if (!pixels) return false;
  picture->width = is_transposed ? rows : columns;
  picture->height = is_transposed ? columns : rows;
  for (size_t row = 0; row < rows; row++) {
    const size_t along_rows = rows_from_end ? rows - 1 - row : row;
    for (size_t column = 0; column < columns; column++) {
      const size_t along_columns = columns_from_end ? columns - 1 - column : column;
      const size_t place =
          is_transposed ? along_columns * picture->width + along_rows : along_rows * picture->width + along_columns;
      memcpy(pixels + 3 * place, stored + 3 * (row * columns + column), 3);
    }
  }
  return true;
}
