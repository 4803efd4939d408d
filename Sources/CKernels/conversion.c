#include "vector.h"

VECTORISED void ck_to_bfloat16(const float *restrict source, ck_bfloat16 *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = rounded_to_bfloat16(source[i]);
}

VECTORISED void ck_from_bfloat16(const ck_bfloat16 *restrict source, float *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = from_bfloat16(source[i]);
}

/// Half to float by bits: shift exponent and mantissa into place and scale by 2^112, which also makes
/// subnormal halves right; infinities and NaN get the exponent of all ones.
VECTORISED void ck_from_float16(const uint16_t *restrict source, float *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t half = source[i];
    const uint32_t magnitude = (half & 0x7fffu) << 13;
    const float scaled = bits_to_float(magnitude) * bits_to_float((uint32_t)(254 - 15) << 23);
    const uint32_t bits = (half & 0x7c00u) == 0x7c00u ? (magnitude | 0x7f800000u) : float_to_bits(scaled);
    target[i] = bits_to_float(bits | (half & 0x8000u) << 16);
  }
}
