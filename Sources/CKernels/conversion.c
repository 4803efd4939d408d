#include "vector.h"

VECTORISED void ck_to_bfloat16(const float *restrict source, ck_bfloat16 *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = rounded_to_bfloat16(source[i]);
}

VECTORISED void ck_from_bfloat16(const ck_bfloat16 *restrict source, float *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = from_bfloat16(source[i]);
}
