#include "vector.h"

// Pooling over time of states [T, n], the n places being the batch's rows side by side: of one direction, or
// the mean of two. Every place is by itself, so a loop over places vectorises and can be split anywhere.

/// The state at an index: of one direction, or the mean of both.
INLINED float state_at(const float *states, const float *others, size_t index) {
  return others ? 0.5f * (states[index] + others[index]) : states[index];
}

VECTORISED void ck_pool_mean(const float *restrict states, const float *restrict others, size_t time, size_t n,
                             float *restrict pooled, size_t first, size_t last) {
  const float scale = 1.0f / (float)time;
  for (size_t e = first; e < last; e++) pooled[e] = 0;
  for (size_t t = 0; t < time; t++) {
    if (others)
      for (size_t e = first; e < last; e++) pooled[e] += state_at(states, others, t * n + e);
    else
      for (size_t e = first; e < last; e++) pooled[e] += states[t * n + e];
  }
  for (size_t e = first; e < last; e++) pooled[e] *= scale;
}

INLINED void keep_largest(float x, int32_t t, float *best, int32_t *step) {
  // NaN replaces every number and is replaced by none, so that it reaches the cost.
  const bool takes = x > *best || x != x;
  *best = takes ? x : *best;
  *step = takes ? t : *step;
}

VECTORISED void ck_pool_max(const float *restrict states, const float *restrict others, size_t time, size_t n,
                            float *restrict pooled, int32_t *restrict steps, size_t first, size_t last) {
  for (size_t e = first; e < last; e++) {
    pooled[e] = state_at(states, others, e);
    steps[e] = 0;
  }
  for (size_t t = 1; t < time; t++) {
    if (others)
      for (size_t e = first; e < last; e++)
        keep_largest(state_at(states, others, t * n + e), (int32_t)t, &pooled[e], &steps[e]);
    else
      for (size_t e = first; e < last; e++) keep_largest(states[t * n + e], (int32_t)t, &pooled[e], &steps[e]);
  }
}

VECTORISED void ck_pool_max_backward(const float *restrict gradient, const int32_t *restrict steps, float scale,
                                     size_t time, size_t n, float *restrict states, size_t first, size_t last) {
  for (size_t t = 0; t < time; t++)
    for (size_t e = first; e < last; e++) states[t * n + e] = steps[e] == (int32_t)t ? scale * gradient[e] : 0.0f;
}

/// Puts the larger of two values first in each of `lanes` columns; of equal ones the one with the lower step.
INLINED void order_rows(float *restrict a, float *restrict b, int32_t *restrict step_a, int32_t *restrict step_b,
                        size_t lanes) {
  for (size_t l = 0; l < lanes; l++) {
    const float x = a[l], y = b[l];
    const int32_t s = step_a[l], t = step_b[l];
    const bool swaps = y > x || (y == x && t < s);
    a[l] = swaps ? y : x;
    b[l] = swaps ? x : y;
    step_a[l] = swaps ? t : s;
    step_b[l] = swaps ? s : t;
  }
}

/// Batcher's merge exchange (Knuth, The Art of Computer Programming, volume 3, algorithm 5.2.2M): the same
/// comparisons whatever the values, so that all lanes go through them together.
INLINED void sort_lanes(float *values, int32_t *steps, size_t time, size_t n, size_t lanes) {
  size_t top = 1;
  while (2 * top < time) top *= 2;
  for (size_t p = top; p > 0; p /= 2) {
    size_t distance = p, r = 0;
    for (size_t q = top;; q /= 2) {
      for (size_t i = 0; i + distance < time; i++)
        if ((i & p) == r)
          order_rows(values + i * n, values + (i + distance) * n, steps + i * n, steps + (i + distance) * n, lanes);
      if (q == p) break;
      distance = q - p;
      r = p;
    }
  }
}

/// Loads `lanes` places, sorts and stores them.
///
/// Sorting goes through a tile of its own, if the steps fit: rows of the whole matrix may be a power of two apart,
/// and would drive each other out of the cache.
INLINED void sort_tile(const float *states, const float *others, size_t time, size_t n, float *sorted, int32_t *steps,
                       size_t lanes) {
  enum { width = 32, height = 128 };
  float tile[width * height];
  int32_t tile_steps[width * height];
  const bool fits = time <= height && lanes <= width;
  float *values = fits ? tile : sorted;
  int32_t *order = fits ? tile_steps : steps;
  const size_t stride = fits ? width : n;
  for (size_t t = 0; t < time; t++)
    for (size_t l = 0; l < lanes; l++) {
      values[t * stride + l] = state_at(states, others, t * n + l);
      order[t * stride + l] = (int32_t)t;
    }
  if (time > 1) sort_lanes(values, order, time, stride, lanes);
  if (fits)
    for (size_t t = 0; t < time; t++) {
      memcpy(sorted + t * n, tile + t * width, lanes * sizeof *sorted);
      memcpy(steps + t * n, tile_steps + t * width, lanes * sizeof *steps);
    }
}

VECTORISED void ck_sort_over_time(const float *restrict states, const float *restrict others, size_t time, size_t n,
                                  float *restrict sorted, int32_t *restrict steps, size_t first, size_t last) {
  enum { lanes = 32 };
  size_t e = first;
  for (; e + lanes <= last; e += lanes)
    sort_tile(states + e, others ? others + e : 0, time, n, sorted + e, steps + e, lanes);
  if (e < last) sort_tile(states + e, others ? others + e : 0, time, n, sorted + e, steps + e, last - e);
}

VECTORISED void ck_weigh_steps(const float *restrict sorted, const float *restrict weights, size_t time, size_t n,
                               float *restrict pooled, size_t first, size_t last) {
#pragma clang fp contract(fast)
  for (size_t e = first; e < last; e++) pooled[e] = 0;
  for (size_t t = 0; t < time; t++) {
    const float weight = weights[t];
    for (size_t e = first; e < last; e++) pooled[e] += weight * sorted[t * n + e];
  }
}

void ck_weigh_steps_backward(const float *restrict gradient, const int32_t *restrict steps,
                             const float *restrict weights, float scale, size_t time, size_t n,
                             float *restrict states, size_t first, size_t last) {
  for (size_t t = 0; t < time; t++) {
    const float weight = scale * weights[t];
    for (size_t e = first; e < last; e++) states[(size_t)steps[t * n + e] * n + e] = weight * gradient[e];
  }
}
