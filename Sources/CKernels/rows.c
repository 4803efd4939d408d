#include "vector.h"

void ck_gather_rows(const void *source, size_t source_stride, const int32_t *index, void *target,
                    size_t target_stride, size_t columns, size_t element_bytes, size_t first, size_t last) {
  for (size_t r = first; r < last; r++)
    memcpy((char *)target + r * target_stride * element_bytes,
           (const char *)source + (size_t)index[r] * source_stride * element_bytes, columns * element_bytes);
}

VECTORISED void ck_scatter_add(const float *restrict source, size_t source_stride,
                               const int32_t *restrict index, size_t rows, float *restrict target,
                               size_t target_stride, size_t first, size_t last) {
  for (size_t r = 0; r < rows; r++) {
    float *restrict row = target + (size_t)index[r] * target_stride;
    for (size_t c = first; c < last; c++) row[c] += source[r * source_stride + c];
  }
}

VECTORISED void ck_scatter_add_bfloat16(const ck_bfloat16 *restrict source, size_t source_stride,
                                        const int32_t *restrict index, size_t rows, float *restrict target,
                                        size_t target_stride, size_t first, size_t last) {
  for (size_t r = 0; r < rows; r++) {
    float *restrict row = target + (size_t)index[r] * target_stride;
    for (size_t c = first; c < last; c++) row[c] += from_bfloat16(source[r * source_stride + c]);
  }
}

VECTORISED void ck_add_bias(float *restrict values, size_t stride, const float *restrict bias,
                            size_t columns, size_t first, size_t last) {
  for (size_t r = first; r < last; r++)
    for (size_t c = 0; c < columns; c++) values[r * stride + c] += bias[c];
}

VECTORISED void ck_scale(float *restrict values, size_t stride, float factor, size_t columns, size_t first,
                         size_t last) {
  for (size_t r = first; r < last; r++)
    for (size_t c = 0; c < columns; c++) values[r * stride + c] *= factor;
}

VECTORISED void ck_rectify(float *restrict values, size_t stride, size_t columns, size_t first, size_t last) {
  // Not `x > 0 ? x : 0`: NaN must stay.
  for (size_t r = first; r < last; r++)
    for (size_t c = 0; c < columns; c++) {
      const float x = values[r * stride + c];
      values[r * stride + c] = x < 0 ? 0.0f : x;
    }
}

VECTORISED void ck_rectify_backward(float *restrict gradient, size_t stride, const float *restrict rectified,
                                    size_t rectified_stride, size_t columns, size_t first, size_t last) {
  for (size_t r = first; r < last; r++)
    for (size_t c = 0; c < columns; c++)
      gradient[r * stride + c] = rectified[r * rectified_stride + c] > 0 ? gradient[r * stride + c] : 0.0f;
}

/// ‖row‖₂ in double precision, for rows whose squares leave the range of float32.
static double wide_norm(const float *row, size_t columns) {
  double sum = 0;
  for (size_t c = 0; c < columns; c++) sum += (double)row[c] * (double)row[c];
  return __builtin_elementwise_sqrt(sum);
}

VECTORISED void ck_normalize_rows(const float *source, size_t source_stride, float *target,
                                  size_t target_stride, float *norms, size_t columns, size_t first,
                                  size_t last) {
#pragma clang fp reassociate(on) contract(fast)
  for (size_t r = first; r < last; r++) {
    const float *from = source + r * source_stride;
    float *to = target + r * target_stride;
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += from[c] * from[c];
    if (!(sum >= 1e-24f && sum <= 1e38f)) {
      // Squares that overflow or vanish would make zeros of numbers that are none.
      const double norm = wide_norm(from, columns);
      for (size_t c = 0; c < columns; c++) to[c] = norm == 0 ? 0.0f : (float)(from[c] / norm);
      norms[r] = (float)norm;
      continue;
    }
    const float norm = __builtin_elementwise_sqrt(sum);
    const float factor = 1.0f / norm;
    for (size_t c = 0; c < columns; c++) to[c] = from[c] * factor;
    norms[r] = norm;
  }
}

VECTORISED void ck_normalize_rows_backward(float *restrict gradient, size_t gradient_stride,
                                           const float *restrict normalized, size_t normalized_stride,
                                           const float *restrict norms, size_t columns, size_t first,
                                           size_t last) {
#pragma clang fp reassociate(on) contract(fast)
  for (size_t r = first; r < last; r++) {
    float *restrict g = gradient + r * gradient_stride;
    const float *restrict y = normalized + r * normalized_stride;
    float along = 0;
    for (size_t c = 0; c < columns; c++) along += g[c] * y[c];
    const float factor = norms[r] > 0 ? 1.0f / norms[r] : 0.0f;
    for (size_t c = 0; c < columns; c++) g[c] = (g[c] - y[c] * along) * factor;
  }
}
