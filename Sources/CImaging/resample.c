#include "CImaging.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// One source, three machine codes: see CKernels/vector.h.
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__)
#define VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORISED
#endif

/// The pixels of one axis that a pixel of the result is made of, and their weights.
///
/// The centre of pixel i of the result lies at c = (i + ½) · source / resized. A pixel x of the source, whose centre is
/// x + ½, has the weight 1 − |x + ½ − c| / r where that is positive, and the weights are divided by their sum, so that
/// those beyond the edge are as if they were not there. r is 1, which interpolates between two neighbours, or, to
/// average what gets smaller, the scale where that is more than 1.
typedef struct {
  size_t first, count;
  float *weights;
} taps;

typedef struct {
  double scale, radius;
  size_t source;
  /// The most pixels that one of the result is made of.
  size_t most;
} axis;

static axis make_axis(size_t source, size_t resized, bool antialiased) {
  axis result = {.scale = (double)source / (double)resized, .radius = 1, .source = source};
  if (antialiased && result.scale > 1) result.radius = result.scale;
  result.most = (size_t)(2 * result.radius) + 3;
  if (result.most > source) result.most = source;
  return result;
}

/// The taps of pixel `place` of the result; `weights` has room for `axis->most`.
static taps make_taps(const axis *axis, size_t place, float *weights) {
  const double centre = ((double)place + 0.5) * axis->scale;
  const double last_place = (double)axis->source - 1;
  const double low = fmin(fmax(ceil(centre - axis->radius - 0.5), 0), last_place);
  const double high = fmin(fmax(floor(centre + axis->radius - 0.5), low), last_place);
  taps result = {(size_t)low, (size_t)(high - low) + 1, weights};
  if (result.count > axis->most) result.count = axis->most;
  double sum = 0;
  for (size_t tap = 0; tap < result.count; tap++) {
    const double distance = fabs((double)(result.first + tap) + 0.5 - centre);
    weights[tap] = (float)fmax(0, 1 - distance / axis->radius);
    sum += weights[tap];
  }
  if (sum > 0) {
    for (size_t tap = 0; tap < result.count; tap++) weights[tap] = (float)(weights[tap] / sum);
  } else {
    weights[0] = 1;
  }
  return result;
}

/// sums[i] = Σ weights · rows[i] over the rows of `taps`, whose bytes begin at `rows`, `stride` apart.
VECTORISED static void add_rows(
    const uint8_t *rows, size_t stride, const taps *taps, size_t count, float *restrict sums) {
  for (size_t index = 0; index < count; index++) sums[index] = 0;
  for (size_t tap = 0; tap < taps->count; tap++) {
    const uint8_t *restrict row = rows + (taps->first + tap) * stride;
    const float weight = taps->weights[tap];
    for (size_t index = 0; index < count; index++) sums[index] += weight * (float)row[index];
  }
}

/// Makes a row of each plane of one row of pixels, whose column 0 is the source's column `first`.
static void write_row(
    const float *pixels, size_t first, const taps *columns, const cimaging_square *square, float *output) {
  const size_t side = square->side, plane = side * side;
  for (size_t place = 0; place < side; place++) {
    const taps *taps = &columns[place];
    const float *pixel = pixels + 3 * (taps->first - first);
    float red = 0, green = 0, blue = 0;
    for (size_t tap = 0; tap < taps->count; tap++, pixel += 3) {
      const float weight = taps->weights[tap];
      red += weight * pixel[0];
      green += weight * pixel[1];
      blue += weight * pixel[2];
    }
    float *result = output + (square->mirrored ? side - 1 - place : place);
    result[0] = ((square->blue_first ? blue : red) - square->mean[0]) * square->scale[0];
    result[plane] = (green - square->mean[1]) * square->scale[1];
    result[2 * plane] = ((square->blue_first ? red : blue) - square->mean[2]) * square->scale[2];
  }
}

static bool fits(const cimaging_picture *picture, const cimaging_square *square) {
  return picture->width > 0 && picture->height > 0 && square->side > 0 && square->side <= 1 << 14 &&
         square->side <= square->resized_width && square->left <= square->resized_width - square->side &&
         square->side <= square->resized_height && square->top <= square->resized_height - square->side;
}

/// Rows are added up first, as they are without gaps and so vectorise, and only those that are needed.
cimaging_status cimaging_resample(const cimaging_picture *picture, const cimaging_square *square, float *output) {
  if (!fits(picture, square)) return CIMAGING_TOO_LARGE;
  const size_t side = square->side;
  const axis across = make_axis(picture->width, square->resized_width, square->antialiased);
  const axis down = make_axis(picture->height, square->resized_height, square->antialiased);
  taps *columns = malloc(side * sizeof(taps));
  float *column_weights = malloc(side * across.most * sizeof(float));
  float *row_weights = malloc(down.most * sizeof(float));
  float *sums = malloc(3 * picture->width * sizeof(float));
  const bool has_memory = columns && column_weights && row_weights && sums;
  if (has_memory) {
    for (size_t place = 0; place < side; place++) {
      columns[place] = make_taps(&across, square->left + place, column_weights + place * across.most);
    }
    const size_t first = columns[0].first;
    const size_t end = columns[side - 1].first + columns[side - 1].count;
    for (size_t place = 0; place < side; place++) {
      const taps rows = make_taps(&down, square->top + place, row_weights);
      add_rows(picture->pixels + 3 * first, 3 * picture->width, &rows, 3 * (end - first), sums);
      write_row(sums, first, columns, square, output + place * side);
    }
  }
  free(columns);
  free(column_weights);
  free(row_weights);
  free(sums);
  return has_memory ? CIMAGING_OK : CIMAGING_OUT_OF_MEMORY;
}
