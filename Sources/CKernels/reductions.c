#include "vector.h"

VECTORISED double ck_sum_of_squares(const float *restrict values, const float *restrict parameters,
                                    float decay, size_t count) {
#pragma clang fp reassociate(on) contract(fast)
  double total = 0;
  // Blocks in float32, their sums in double: as fast as float32, as good as double.
  for (size_t start = 0; start < count; start += 256) {
    const size_t end = start + 256 < count ? start + 256 : count;
    float sum = 0;
    if (decay == 0)
      for (size_t i = start; i < end; i++) sum += values[i] * values[i];
    else
      for (size_t i = start; i < end; i++) {
        const float g = values[i] + decay * parameters[i];
        sum += g * g;
      }
    total += sum;
  }
  return total;
}

VECTORISED float ck_dot(const float *restrict a, const float *restrict b, size_t count) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
  return sum;
}

VECTORISED bool ck_all_finite(const float *values, size_t count) {
  uint32_t found = 0;
  for (size_t i = 0; i < count; i++)
    found |= (float_to_bits(values[i]) & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
  return found == 0;
}

VECTORISED void ck_column_sums(const float *restrict source, size_t rows, size_t stride, size_t first,
                               size_t last, float *restrict out) {
  for (size_t c = first; c < last; c++) out[c] = 0;
  for (size_t r = 0; r < rows; r++)
    for (size_t c = first; c < last; c++) out[c] += source[r * stride + c];
}

VECTORISED void ck_column_sums_bfloat16(const ck_bfloat16 *restrict source, size_t rows, size_t stride,
                                        size_t first, size_t last, float *restrict out) {
  for (size_t c = first; c < last; c++) out[c] = 0;
  for (size_t r = 0; r < rows; r++)
    for (size_t c = first; c < last; c++) out[c] += from_bfloat16(source[r * stride + c]);
}

VECTORISED void ck_add_column_dots(const float *restrict a, size_t a_stride, const float *restrict b,
                                   size_t b_stride, size_t rows, size_t first, size_t last,
                                   float *restrict out) {
#pragma clang fp contract(fast)
  for (size_t r = 0; r < rows; r++)
    for (size_t c = first; c < last; c++) out[c] += a[r * a_stride + c] * b[r * b_stride + c];
}

VECTORISED void ck_add_column_dots_bfloat16(const ck_bfloat16 *restrict a, size_t a_stride,
                                            const float *restrict b, size_t b_stride, size_t rows,
                                            size_t first, size_t last, float *restrict out) {
#pragma clang fp contract(fast)
  for (size_t r = 0; r < rows; r++)
    for (size_t c = first; c < last; c++)
      out[c] += from_bfloat16(a[r * a_stride + c]) * b[r * b_stride + c];
}
