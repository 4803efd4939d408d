#include "vector.h"

/// Scores are looked at so many at a time: most blocks have none that is kept.
enum { block = 16 };

/// Puts a value that is above the last of a list in descending order in its place; the last falls out.
static void insert(float *list, size_t stride, size_t kept, float value) {
  size_t place = kept - 1;
  for (; place > 0 && list[(place - 1) * stride] < value; place--)
    list[place * stride] = list[(place - 1) * stride];
  list[place * stride] = value;
}

VECTORISED void ck_keep_largest_of_rows(const float *restrict scores, size_t stride, size_t columns,
                                        float *restrict largest, size_t kept, size_t first, size_t last) {
  for (size_t r = first; r < last; r++) {
    const float *restrict s = scores + r * stride;
    float *restrict list = largest + r * kept;
    for (size_t start = 0; start < columns; start += block) {
      const size_t end = start + block < columns ? start + block : columns;
      const float lowest = list[kept - 1];
      uint32_t found = 0;
      for (size_t c = start; c < end; c++) found |= s[c] > lowest ? 1u : 0u;
      if (found == 0) continue;
      for (size_t c = start; c < end; c++)
        if (s[c] > list[kept - 1]) insert(list, 1, kept, s[c]);
    }
  }
}

VECTORISED void ck_keep_largest_of_columns(const float *restrict scores, size_t stride, size_t rows,
                                           float *restrict largest, size_t largest_stride, size_t kept,
                                           size_t first, size_t last) {
  const float *lowest = largest + (kept - 1) * largest_stride;
  for (size_t r = 0; r < rows; r++) {
    const float *restrict s = scores + r * stride;
    for (size_t start = first; start < last; start += block) {
      const size_t end = start + block < last ? start + block : last;
      uint32_t found = 0;
      for (size_t c = start; c < end; c++) found |= s[c] > lowest[c] ? 1u : 0u;
      if (found == 0) continue;
      for (size_t c = start; c < end; c++)
        if (s[c] > lowest[c]) insert(largest + c, largest_stride, kept, s[c]);
    }
  }
}

VECTORISED void ck_add_exponentials_of_rows(const float *restrict scores, size_t stride, size_t columns,
                                            float scale, float *restrict maximum, double *restrict sum,
                                            size_t first, size_t last) {
#pragma clang fp reassociate(on)
  for (size_t r = first; r < last; r++) {
    const float *restrict s = scores + r * stride;
    int32_t largest_bits = ordered_bits(maximum[r]);
    for (size_t c = 0; c < columns; c++) {
      const int32_t each = ordered_bits(s[c]);
      largest_bits = each > largest_bits ? each : largest_bits;
    }
    const float largest = from_ordered_bits(largest_bits);
    float added = 0;
    for (size_t c = 0; c < columns; c++) added += exponential(scale * (s[c] - largest));
    sum[r] = sum[r] * exponential(scale * (maximum[r] - largest)) + added;
    maximum[r] = largest;
  }
}

VECTORISED void ck_add_exponentials_of_columns(const float *restrict scores, size_t stride, size_t rows,
                                               float scale, float *restrict maximum, double *restrict sum,
                                               size_t first, size_t last) {
  // So few columns at a time stay in the cache through both passes.
  enum { width = 64 };
  for (size_t start = first; start < last; start += width) {
    const size_t count = last - start < width ? last - start : width;
    float largest[width];
    for (size_t c = 0; c < count; c++) largest[c] = maximum[start + c];
    for (size_t r = 0; r < rows; r++) {
      const float *restrict s = scores + r * stride + start;
      for (size_t c = 0; c < count; c++) largest[c] = s[c] > largest[c] ? s[c] : largest[c];
    }
    for (size_t c = 0; c < count; c++) {
      sum[start + c] *= exponential(scale * (maximum[start + c] - largest[c]));
      maximum[start + c] = largest[c];
    }
    for (size_t r = 0; r < rows; r++) {
      const float *restrict s = scores + r * stride + start;
      for (size_t c = 0; c < count; c++) sum[start + c] += exponential(scale * (s[c] - largest[c]));
    }
  }
}
