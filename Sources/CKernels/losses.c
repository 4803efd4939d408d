#include "vector.h"

VECTORISED double ck_hinges(const float *restrict scores, const float *restrict diagonal, float margin,
                            float scale, float *restrict gradient, float *restrict row_count,
                            float *restrict column_count, size_t batch, size_t first, size_t last) {
#pragma clang fp reassociate(on)
  double total = 0;
  for (size_t i = first; i < last; i++) {
    const float *restrict s = scores + i * batch;
    float *restrict g = gradient + i * batch;
    const float own = diagonal[i];
    float sum = 0, active_in_row = 0;
    for (size_t j = 0; j < batch; j++) {
      const float by_row = margin - own + s[j];
      const float by_column = margin - diagonal[j] + s[j];
      // `!(x <= 0)` rather than `x > 0`: a NaN score must reach the cost, not vanish from it.
      const float in_row = (!(by_row <= 0) && j != i) ? 1.0f : 0.0f;
      const float in_column = (!(by_column <= 0) && j != i) ? 1.0f : 0.0f;
      sum += (in_row != 0 ? by_row : 0.0f) + (in_column != 0 ? by_column : 0.0f);
      g[j] = scale * (in_row + in_column);
      active_in_row += in_row;
      column_count[j] += in_column;
    }
    row_count[i] = active_in_row;
    total += sum;
  }
  return total;
}

VECTORISED void ck_count_at_least(const float *restrict scores, size_t stride,
                                  const float *restrict row_threshold,
                                  const float *restrict column_threshold, int32_t *restrict row_count,
                                  int32_t *restrict column_count, size_t columns, size_t first, size_t last) {
  for (size_t r = first; r < last; r++) {
    const float *restrict s = scores + r * stride;
    const float threshold = row_threshold[r];
    int32_t count = 0;
    for (size_t c = 0; c < columns; c++) {
      count += s[c] >= threshold ? 1 : 0;
      column_count[c] += s[c] >= column_threshold[c] ? 1 : 0;
    }
    row_count[r] += count;
  }
}
