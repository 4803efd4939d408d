#include "vector.h"

/// As `ordered_bits`, with the smallest integer for what is no negative: no candidate of a selection is as small.
/// −0 is 0, and any NaN is above every number, so that it is seen in the cost.
INLINED int32_t rank_of(float score, bool is_negative) {
  const int32_t rank = score != score ? INT32_MAX : ordered_bits(score + 0.0f);
  return is_negative ? rank : INT32_MIN;
}

/// The integer whose bits, as those of an unsigned number from the lowest integer on, are `offset`.
INLINED int32_t from_lowest(uint32_t offset) { return (int32_t)(offset ^ 0x80000000u); }

INLINED bool is_selected(int32_t rank, int32_t place, ck_selection selection) {
  return rank > selection.threshold || (rank == selection.threshold && place <= selection.last);
}

/// Of negatives equal to the threshold only so many count, the first ones, that `kept` count in all.
static void last_of_equals(const float *scores, size_t stride, const int32_t *group, int32_t own_group,
                           size_t kept, ck_selection *selection, size_t batch) {
  size_t above = 0, equal = 0;
  for (size_t j = 0; j < batch; j++) {
    const int32_t rank = rank_of(scores[j * stride], group[j] != own_group);
    above += rank > selection->threshold;
    equal += rank == selection->threshold && group[j] != own_group;
  }
  if (above + equal <= kept) return;
  for (size_t j = 0, left = kept - above; left > 0; j++)
    if (group[j] != own_group && rank_of(scores[j * stride], true) == selection->threshold) {
      selection->last = (int32_t)j;
      left--;
    }
}

VECTORISED void ck_select_rows(const float *restrict scores, const int32_t *restrict group, size_t kept,
                               ck_selection *restrict selection, size_t batch, size_t first, size_t last) {
#pragma clang fp reassociate(on)
  for (size_t i = first; i < last; i++) {
    const float *restrict s = scores + i * batch;
    const int32_t own_group = group[i];
    // The largest threshold that so many reach, bit by bit from the highest.
    uint32_t offset = 0;
    for (uint32_t bit = 0x80000000u; bit != 0; bit >>= 1) {
      const int32_t candidate = from_lowest(offset | bit);
      uint32_t count = 0;
      for (size_t j = 0; j < batch; j++)
        count += rank_of(s[j], group[j] != own_group) >= candidate ? 1u : 0u;
      offset |= count >= kept ? bit : 0;
    }
    selection[i] = (ck_selection){from_lowest(offset), INT32_MAX};
    last_of_equals(s, 1, group, own_group, kept, &selection[i], batch);
  }
}

VECTORISED void ck_select_columns(const float *restrict scores, const int32_t *restrict group, size_t kept,
                                  ck_selection *restrict selection, size_t batch, size_t first, size_t last) {
  // So few columns at a time stay in the cache through all passes.
  enum { width = 64 };
  for (size_t start = first; start < last; start += width) {
    const size_t count = last - start < width ? last - start : width;
    uint32_t offset[width] = {0};
    for (uint32_t bit = 0x80000000u; bit != 0; bit >>= 1) {
      uint32_t reached[width] = {0};
      for (size_t i = 0; i < batch; i++) {
        const float *restrict s = scores + i * batch + start;
        for (size_t j = 0; j < count; j++)
          reached[j] += rank_of(s[j], group[start + j] != group[i]) >= from_lowest(offset[j] | bit) ? 1u : 0u;
      }
      for (size_t j = 0; j < count; j++) offset[j] |= reached[j] >= kept ? bit : 0;
    }
    for (size_t j = 0; j < count; j++) {
      selection[start + j] = (ck_selection){from_lowest(offset[j]), INT32_MAX};
      last_of_equals(scores + start + j, batch, group, group[start + j], kept, &selection[start + j], batch);
    }
  }
}

VECTORISED double ck_hinges(const float *restrict scores, const float *restrict diagonal,
                            const int32_t *restrict group, const ck_selection *restrict rows,
                            const ck_selection *restrict columns, float margin, float scale,
                            float *restrict gradient, float *restrict row_count,
                            float *restrict column_count, size_t batch, size_t first, size_t last) {
#pragma clang fp reassociate(on)
  double total = 0;
  for (size_t i = first; i < last; i++) {
    const float *restrict s = scores + i * batch;
    float *restrict g = gradient + i * batch;
    const float own = diagonal[i];
    const int32_t own_group = group[i];
    const ck_selection row = rows[i];
    float sum = 0, active_in_row = 0;
    for (size_t j = 0; j < batch; j++) {
      const float by_row = margin - own + s[j];
      const float by_column = margin - diagonal[j] + s[j];
      const bool is_negative = group[j] != own_group;
      const int32_t rank = rank_of(s[j], is_negative);
      // `!(x <= 0)` rather than `x > 0`: a NaN score must reach the cost, not vanish from it.
      const float in_row = (!(by_row <= 0) && is_negative && is_selected(rank, (int32_t)j, row)) ? 1.0f : 0.0f;
      const float in_column =
          (!(by_column <= 0) && is_negative && is_selected(rank, (int32_t)i, columns[j])) ? 1.0f : 0.0f;
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

VECTORISED void ck_softmax_rows(const float *restrict scores, const int32_t *restrict group, float scale,
                                float *restrict maximum, double *restrict sum, size_t batch, size_t first,
                                size_t last) {
#pragma clang fp reassociate(on)
  for (size_t i = first; i < last; i++) {
    const float *restrict s = scores + i * batch;
    const int32_t own_group = group[i], own = ordered_bits(s[i]);
    int32_t largest = own;
    for (size_t j = 0; j < batch; j++) {
      const int32_t each = group[j] != own_group ? ordered_bits(s[j]) : own;
      largest = each > largest ? each : largest;
    }
    const float top = from_ordered_bits(largest);
    double total = 0;
    for (size_t j = 0; j < batch; j++) {
      const float each = exponential(scale * (s[j] - top));
      total += (double)(group[j] != own_group ? each : 0.0f);
    }
    maximum[i] = top;
    sum[i] = total;
  }
}

VECTORISED void ck_softmax_columns(const float *restrict scores, const int32_t *restrict group, float scale,
                                   float *restrict maximum, double *restrict sum, size_t batch,
                                   size_t first, size_t last) {
  for (size_t j = first; j < last; j++) {
    maximum[j] = scores[j * batch + j];
    sum[j] = 0;
  }
  for (size_t i = 0; i < batch; i++) {
    const float *restrict s = scores + i * batch;
    const int32_t row_group = group[i];
    for (size_t j = first; j < last; j++)
      // `!(x <= …)`, so that a NaN reaches the sum.
      maximum[j] = group[j] != row_group && !(s[j] <= maximum[j]) ? s[j] : maximum[j];
  }
  for (size_t i = 0; i < batch; i++) {
    const float *restrict s = scores + i * batch;
    const int32_t row_group = group[i];
    for (size_t j = first; j < last; j++) {
      const float each = exponential(scale * (s[j] - maximum[j]));
      sum[j] += (double)(group[j] != row_group ? each : 0.0f);
    }
  }
}

VECTORISED void ck_softmax_gradient(const float *restrict scores, const int32_t *restrict group, float scale,
                                    float weight, const float *restrict row_maximum,
                                    const float *restrict row_factor, const float *restrict column_maximum,
                                    const float *restrict column_factor, float *restrict gradient,
                                    double *restrict along, size_t batch, size_t first, size_t last) {
#pragma clang fp reassociate(on)
  for (size_t i = first; i < last; i++) {
    const float *restrict s = scores + i * batch;
    float *restrict g = gradient + i * batch;
    const int32_t own_group = group[i];
    const float top = row_maximum[i], factor = row_factor[i];
    double total = 0;
    for (size_t j = 0; j < batch; j++) {
      const float by_row = exponential(scale * (s[j] - top)) * factor;
      const float by_column = exponential(scale * (s[j] - column_maximum[j])) * column_factor[j];
      const float p = group[j] != own_group ? weight * (by_row + by_column) : 0.0f;
      g[j] = scale * p;
      total += (double)(p * s[j]);
    }
    along[i] = total;
  }
}

VECTORISED void ck_sigmoid_negatives(const float *restrict scores, const int32_t *restrict group, float scale,
                                     float bias, float weight, float *restrict gradient,
                                     double *restrict cost, double *restrict along, double *restrict total,
                                     size_t batch, size_t first, size_t last) {
#pragma clang fp reassociate(on)
  for (size_t i = first; i < last; i++) {
    const float *restrict s = scores + i * batch;
    float *restrict g = gradient + i * batch;
    const int32_t own_group = group[i];
    double cost_sum = 0, along_sum = 0, total_sum = 0;
    for (size_t j = 0; j < batch; j++) {
      const float logit = scale * s[j] + bias;
      const bool is_negative = group[j] != own_group;
      const float small = exponential(logit > 0 ? -logit : logit);  // e^−|l|
      const float softplus = (logit > 0 ? logit : 0.0f) + log_one_plus(small);
      const float sigma = (logit > 0 ? 1.0f : small) / (1.0f + small);
      const float p = is_negative ? weight * sigma : 0.0f;
      g[j] = scale * p;
      cost_sum += (double)(is_negative ? softplus : 0.0f);
      along_sum += (double)(p * s[j]);
      total_sum += (double)p;
    }
    cost[i] = cost_sum;
    along[i] = along_sum;
    total[i] = total_sum;
  }
}

VECTORISED void ck_count_at_least(const float *restrict scores, size_t stride,
                                  const float *restrict row_offset, const float *restrict column_offset,
                                  const float *restrict row_threshold,
                                  const float *restrict column_threshold, int32_t *restrict row_count,
                                  int32_t *restrict column_count, size_t columns, size_t first, size_t last) {
  for (size_t r = first; r < last; r++) {
    const float *restrict s = scores + r * stride;
    const float offset = row_offset[r], threshold = row_threshold[r];
    int32_t count = 0;
    for (size_t c = 0; c < columns; c++) {
      count += s[c] - column_offset[c] >= threshold ? 1 : 0;
      column_count[c] += s[c] - offset >= column_threshold[c] ? 1 : 0;
    }
    row_count[r] += count;
  }
}
