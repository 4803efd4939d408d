#include "vector.h"

VECTORISED void ck_adam(const ck_adam_step *step, float *restrict parameters,
                        const float *restrict gradients, float *restrict first_moments,
                        float *restrict second_moments, ck_bfloat16 *restrict parameters_bfloat16,
                        size_t count) {
#pragma clang fp contract(fast)
  const float rate = step->rate, epsilon = step->epsilon, scale = step->gradient_scale, decay = step->decay;
  const float shrinkage = step->shrinkage;
  const float keep_first = step->first_decay, keep_second = step->second_decay;
  const float take_first = step->first_gain, take_second = step->second_gain;
#define ADAM(ROUNDED)                                                     \
  for (size_t i = 0; i < count; i++) {                                    \
    const float g = scale * (gradients[i] + decay * parameters[i]);       \
    const float m = keep_first * first_moments[i] + take_first * g;       \
    const float v = keep_second * second_moments[i] + take_second * g * g; \
    const float kept = parameters[i] - shrinkage * parameters[i];         \
    const float theta = kept - rate * m / (__builtin_elementwise_sqrt(v) + epsilon);  \
    first_moments[i] = m;                                                 \
    second_moments[i] = v;                                                \
    parameters[i] = theta;                                                \
    ROUNDED                                                               \
  }
  if (parameters_bfloat16) {
    ADAM(parameters_bfloat16[i] = rounded_to_bfloat16(theta);)
  } else {
    ADAM()
  }
#undef ADAM
}

VECTORISED void ck_move_average(float *restrict average, const float *restrict values, float weight,
                                size_t count) {
#pragma clang fp contract(fast)
  for (size_t i = 0; i < count; i++) average[i] += weight * (values[i] - average[i]);
}
