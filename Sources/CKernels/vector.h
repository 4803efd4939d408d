#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H

#include "CKernels.h"
#include <string.h>

// One source, three machine codes: the loader picks AVX-512, AVX2 or the baseline by the CPU. Loops are
// written so that the compiler vectorises them; no intrinsics, so every platform has them.
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__)
#define VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORISED
#endif
#define INLINED static inline __attribute__((always_inline))

INLINED float bits_to_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

INLINED uint32_t float_to_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

INLINED ck_bfloat16 rounded_to_bfloat16(float value) {
  const uint32_t bits = float_to_bits(value);
  const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const uint32_t quiet_nan = (bits >> 16) | 0x40u;
  return (ck_bfloat16)((bits & 0x7fffffffu) > 0x7f800000u ? quiet_nan : rounded);
}

INLINED float from_bfloat16(ck_bfloat16 value) { return bits_to_float((uint32_t)value << 16); }

/// e^x to about 1.5 units in the last place for x in [-87, 88], clamped outside: x = n·ln 2 + r, and a
/// polynomial of degree 6 for e^r on |r| ≤ ln 2 / 2 (its coefficients are the Taylor series', which at
/// this degree is within 2e-8). NaN stays NaN.
INLINED float exponential(float x) {
  const float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  const float shifted = clamped * 1.44269504088896341f + 12582912.0f;  // rounds to the nearest integer
  const float n = shifted - 12582912.0f;
  const float r = (clamped - n * 0.693145751953125f) - n * 1.428606765330187e-6f;
  float p = 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const uint32_t exponent = float_to_bits(shifted) << 23;  // n, in the place of sign and exponent
  return x != x ? x : bits_to_float(float_to_bits(p) + exponent);
}

/// ln(1 + u) for u in [0, 1], to about 1 unit in the last place, small u included: 2 artanh(z) with
/// z = u / (2 + u) ≤ 1/3, and its odd series to z¹³ (the next term is within 2e-8).
INLINED float log_one_plus(float u) {
  const float z = u / (2.0f + u);
  const float square = z * z;
  float p = 1.0f / 13;
  p = p * square + 1.0f / 11;
  p = p * square + 1.0f / 9;
  p = p * square + 1.0f / 7;
  p = p * square + 1.0f / 5;
  p = p * square + 1.0f / 3;
  return 2.0f * (z + z * square * p);
}

/// Bits whose order as signed integers is that of the numbers, so that a maximum over them vectorises; a
/// positive NaN is above every number.
INLINED int32_t ordered_bits(float value) {
  const int32_t bits = (int32_t)float_to_bits(value);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

INLINED float from_ordered_bits(int32_t ordered) {
  return bits_to_float((uint32_t)(ordered ^ ((ordered >> 31) & 0x7fffffff)));
}

INLINED float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

/// tanh x = 1 − 2 / (1 + e^2x), and near zero, where that cancels, the odd Taylor series.
INLINED float hyperbolic_tangent(float x) {
  const float square = x * x;
  const float series =
      x + x * square *
              (-1.0f / 3 +
               square * (2.0f / 15 + square * (-17.0f / 315 + square * (62.0f / 2835 - square * (1382.0f / 155925)))));
  const float closed = 1.0f - 2.0f / (1.0f + exponential(2.0f * x));
  return square < 0.0625f ? series : closed;
}

#endif
