#include "vector.h"

// Random numbers from a key and an index alone (a counter-based generator), so that they are the same however
// a loop is split, and again in the backward pass without being kept.

/// The number at `index` of the sequence that SplitMix64 gives from the state `key`
/// (Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom Number Generators").
INLINED uint64_t random_bits(uint64_t key, uint64_t index) {
  uint64_t mixed = key + (index + 1) * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31);
}

/// Whether the element at `index` stays.
INLINED bool keeps(uint64_t key, uint64_t index, uint32_t threshold) {
  return (uint32_t)(random_bits(key, index) >> 32) >= threshold;
}

VECTORISED void ck_dropout(const float *source, size_t source_stride, float *target, ck_bfloat16 *rounded,
                           size_t target_stride, size_t columns, uint64_t key, uint32_t threshold, float scale,
                           size_t first, size_t last) {
  for (size_t r = first; r < last; r++) {
    const float *from = source + r * source_stride;
    const uint64_t start = (uint64_t)r * columns;
    // Three loops, as one over pointers that may be equal does not vectorise.
    if (rounded) {
      ck_bfloat16 *restrict to = rounded + r * target_stride;
      for (size_t c = 0; c < columns; c++)
        to[c] = rounded_to_bfloat16(keeps(key, start + c, threshold) ? from[c] * scale : 0.0f);
    } else if (target == source) {
      float *values = target + r * target_stride;
      for (size_t c = 0; c < columns; c++) values[c] = keeps(key, start + c, threshold) ? values[c] * scale : 0.0f;
    } else {
      float *restrict to = target + r * target_stride;
      for (size_t c = 0; c < columns; c++) to[c] = keeps(key, start + c, threshold) ? from[c] * scale : 0.0f;
    }
  }
}

/// ln u for u in (0, 1]: u = m · 2^e with m in [√½, √2), ln m = 2 artanh((m − 1) / (m + 1)), whose series is
/// within 1e-9 there.
INLINED float logarithm(float u) {
  const uint32_t bits = float_to_bits(u);
  const uint32_t shifted = bits - 0x3f3504f3u;  // the bits of √½
  const float e = (float)((int32_t)shifted >> 23);
  const float m = bits_to_float((shifted & 0x007fffffu) + 0x3f3504f3u);
  const float s = (m - 1.0f) / (m + 1.0f), square = s * s;
  const float series = 1.0f + square * (1.0f / 3 + square * (1.0f / 5 + square * (1.0f / 7 + square * (1.0f / 9))));
  return e * 0.693147180559945f + 2.0f * s * series;
}

/// cos(2πv) for v in [0, 1): with w = v − ½ it is 1 − 2 cos²(πw), and the Taylor series of cos(πw) is within
/// 1e-8.
INLINED float cosine_of_turns(float v) {
  const float angle = (v - 0.5f) * 3.14159265358979f, x = angle * angle;
  const float c =
      1.0f +
      x * (-1.0f / 2 +
           x * (1.0f / 24 +
                x * (-1.0f / 720 + x * (1.0f / 40320 + x * (-1.0f / 3628800 + x * (1.0f / 479001600))))));
  return 1.0f - 2.0f * c * c;
}

VECTORISED void ck_add_normal_noise(float *values, size_t stride, size_t columns, uint64_t key, float deviation,
                                    size_t first, size_t last) {
#pragma clang fp reassociate(on) contract(fast)
  for (size_t r = first; r < last; r++) {
    float *restrict row = values + r * stride;
    const uint64_t start = (uint64_t)r * columns;
    double sum = 0;  // squares of large features leave the range of float32
    for (size_t c = 0; c < columns; c++) sum += (double)row[c] * (double)row[c];
    const float scale = deviation * (float)__builtin_elementwise_sqrt(sum / (double)columns);
    for (size_t c = 0; c < columns; c++) {
      // Box and Muller: √(−2 ln u) · cos(2πv), from the two halves of one draw.
      const uint64_t bits = random_bits(key, start + c);
      const float u = (float)(int32_t)((bits >> 40) + 1) * 0x1p-24f;
      const float v = (float)(int32_t)((uint32_t)bits >> 8) * 0x1p-24f;
      row[c] += scale * __builtin_elementwise_sqrt(-2.0f * logarithm(u)) * cosine_of_turns(v);
    }
  }
}
