#include "vector.h"

// One row function for each direction of each cell, inlined once for each combination of its optional
// parts: the flags are constants there, so every loop is free of branches and vectorises.

typedef struct {
  bool has_recurrent, has_hidden_bias, keeps_gates;
} gru_parts;

INLINED void gru_row(const float *restrict x, const float *restrict hu, const float *restrict bias,
                     const float *restrict hidden_bias, const float *restrict h, float *restrict out,
                     float *restrict gates, float *restrict candidate, size_t D, gru_parts parts) {
#pragma clang fp contract(fast)
  for (size_t d = 0; d < D; d++) {
    const float inner_product = parts.has_recurrent ? hu[d] : 0.0f;
    const float inner = parts.has_hidden_bias ? inner_product + hidden_bias[d] : inner_product;
    const float r = sigmoid(x[d] + bias[d] + (parts.has_recurrent ? hu[D + d] : 0.0f));
    const float u = sigmoid(x[D + d] + bias[D + d] + (parts.has_recurrent ? hu[2 * D + d] : 0.0f));
    const float c = hyperbolic_tangent(x[2 * D + d] + bias[2 * D + d] + r * inner);
    out[d] = u * (parts.has_recurrent ? h[d] : 0.0f) + (1.0f - u) * c;
    if (parts.keeps_gates) {
      gates[d] = r;
      gates[D + d] = u;
      gates[2 * D + d] = c;
      candidate[d] = inner;
    }
  }
}

VECTORISED void ck_gru_forward(const float *restrict input, size_t input_stride,
                               const int32_t *restrict input_index, const float *restrict recurrent,
                               const float *restrict bias, const float *restrict hidden_bias,
                               const float *restrict previous, float *restrict state,
                               ck_bfloat16 *restrict state_bfloat16, float *restrict gates,
                               float *restrict candidate, size_t dim, size_t first, size_t last) {
  const size_t D = dim;
  for (size_t b = first; b < last; b++) {
    const float *restrict x = input + (size_t)input_index[b] * input_stride;
    const float *restrict hu = recurrent ? recurrent + b * 3 * D : 0;
    const float *restrict h = previous ? previous + b * D : 0;
    float *restrict out = state + b * D;
    float *restrict kept = gates ? gates + b * 3 * D : 0;
    float *restrict inner = candidate ? candidate + b * D : 0;
#define ROW(...) gru_row(x, hu, bias, hidden_bias, h, out, kept, inner, D, (gru_parts){__VA_ARGS__})
    if (recurrent && hidden_bias && gates)
      ROW(true, true, true);
    else if (recurrent && gates)
      ROW(true, false, true);
    else if (recurrent && hidden_bias)
      ROW(true, true, false);
    else if (recurrent)
      ROW(true, false, false);
    else if (hidden_bias && gates)
      ROW(false, true, true);
    else if (gates)
      ROW(false, false, true);
    else if (hidden_bias)
      ROW(false, true, false);
    else
      ROW(false, false, false);
#undef ROW
    if (state_bfloat16)
      for (size_t d = 0; d < D; d++) state_bfloat16[b * D + d] = rounded_to_bfloat16(out[d]);
  }
}

/// Gate gradients go to one of two places; the unused one is null.
INLINED void store(float *restrict out, ck_bfloat16 *restrict rounded, size_t index, float value,
                   bool rounds) {
  if (rounds)
    rounded[index] = rounded_to_bfloat16(value);
  else
    out[index] = value;
}

/// One row's gradients, in float32 or bfloat16: the places that are not used are null.
typedef struct {
  float *gates, *candidate;
  ck_bfloat16 *rounded_gates, *rounded_candidate;
} gru_gradients;

INLINED void gru_backward_row(const float *restrict dh, float *restrict carried, const float *restrict gates,
                              const float *restrict inner, const float *restrict h, gru_gradients to, size_t D,
                              bool has_previous, bool rounds) {
#pragma clang fp contract(fast)
  const float *restrict r = gates, *restrict u = gates + D, *restrict c = gates + 2 * D;
  float *restrict out = to.gates, *restrict out_c = to.candidate;
  ck_bfloat16 *restrict rounded = to.rounded_gates, *restrict rounded_c = to.rounded_candidate;
  for (size_t d = 0; d < D; d++) {
    const float g = dh[d] + carried[d];
    const float before = has_previous ? h[d] : 0.0f;
    const float dc = g * (1.0f - u[d]) * (1.0f - c[d] * c[d]);
    const float du = g * (before - c[d]) * u[d] * (1.0f - u[d]);
    const float dr = dc * inner[d] * r[d] * (1.0f - r[d]);
    carried[d] = g * u[d];
    store(out, rounded, d, dc * r[d], rounds);
    store(out, rounded, D + d, dr, rounds);
    store(out, rounded, 2 * D + d, du, rounds);
    store(out_c, rounded_c, d, dc, rounds);
  }
}

VECTORISED void ck_gru_backward(const float *restrict state_gradient, float *restrict carried,
                                const float *restrict gates, const float *restrict candidate,
                                const float *restrict previous, float *restrict gate_gradient,
                                float *restrict candidate_gradient,
                                ck_bfloat16 *restrict gate_gradient_bfloat16,
                                ck_bfloat16 *restrict candidate_gradient_bfloat16, size_t dim, size_t first,
                                size_t last) {
  const size_t D = dim;
  const bool rounds = gate_gradient_bfloat16;
  for (size_t b = first; b < last; b++) {
    const float *restrict dh = state_gradient + b * D;
    float *restrict carry = carried + b * D;
    const float *restrict kept = gates + b * 3 * D, *restrict inner = candidate + b * D;
    const float *restrict h = previous ? previous + b * D : 0;
    gru_gradients to = {0};
    if (rounds) {
      to.rounded_gates = gate_gradient_bfloat16 + b * 3 * D;
      to.rounded_candidate = candidate_gradient_bfloat16 + b * D;
    } else {
      to.gates = gate_gradient + b * 3 * D;
      to.candidate = candidate_gradient + b * D;
    }
    if (h && rounds)
      gru_backward_row(dh, carry, kept, inner, h, to, D, true, true);
    else if (h)
      gru_backward_row(dh, carry, kept, inner, h, to, D, true, false);
    else if (rounds)
      gru_backward_row(dh, carry, kept, inner, h, to, D, false, true);
    else
      gru_backward_row(dh, carry, kept, inner, h, to, D, false, false);
  }
}

VECTORISED void ck_lstm_forward(const float *restrict input, size_t input_stride,
                                const int32_t *restrict input_index, const float *restrict recurrent,
                                const float *restrict bias, const float *restrict peepholes,
                                const float *restrict previous_cell, float *restrict cell,
                                float *restrict state, ck_bfloat16 *restrict state_bfloat16,
                                float *restrict gates, size_t dim, size_t first, size_t last) {
#pragma clang fp contract(fast)
  const size_t D = dim;
  for (size_t b = first; b < last; b++) {
    const float *restrict x = input + (size_t)input_index[b] * input_stride;
    const float *restrict hu = recurrent ? recurrent + b * 4 * D : 0;
    const float *restrict before = previous_cell ? previous_cell + b * D : 0;
    float *restrict after = cell + b * D, *restrict out = state + b * D;
    float *restrict kept = gates + b * 4 * D;
    // The sums before the nonlinearities go through `gates`, so that each optional term is one plain loop.
    for (size_t d = 0; d < 4 * D; d++) kept[d] = x[d] + bias[d];
    if (hu)
      for (size_t d = 0; d < 4 * D; d++) kept[d] += hu[d];
    if (peepholes && before)
      for (size_t d = 0; d < D; d++) {
        kept[d] += peepholes[d] * before[d];
        kept[D + d] += peepholes[D + d] * before[d];
      }
    for (size_t d = 0; d < D; d++) {
      const float i = sigmoid(kept[d]), f = sigmoid(kept[D + d]), g = hyperbolic_tangent(kept[3 * D + d]);
      kept[d] = i;
      kept[D + d] = f;
      kept[3 * D + d] = g;
      after[d] = i * g;
    }
    if (before)
      for (size_t d = 0; d < D; d++) after[d] += kept[D + d] * before[d];
    if (peepholes)
      for (size_t d = 0; d < D; d++) kept[2 * D + d] += peepholes[2 * D + d] * after[d];
    for (size_t d = 0; d < D; d++) {
      const float o = sigmoid(kept[2 * D + d]);
      kept[2 * D + d] = o;
      out[d] = o * hyperbolic_tangent(after[d]);
    }
    if (state_bfloat16)
      for (size_t d = 0; d < D; d++) state_bfloat16[b * D + d] = rounded_to_bfloat16(out[d]);
  }
}

typedef struct {
  bool has_previous, has_peepholes, rounds;
} lstm_parts;

INLINED void lstm_backward_row(const float *restrict dh, float *restrict dcell, const float *restrict gates,
                               const float *restrict c, const float *restrict before,
                               const float *restrict peepholes, float *restrict out,
                               ck_bfloat16 *restrict rounded, size_t D, lstm_parts parts) {
#pragma clang fp contract(fast)
  const float *restrict i = gates, *restrict f = gates + D, *restrict o = gates + 2 * D,
                       *restrict g = gates + 3 * D;
  for (size_t d = 0; d < D; d++) {
    const float squashed = hyperbolic_tangent(c[d]);
    const float d_o = dh[d] * squashed * o[d] * (1.0f - o[d]);
    float dc = dcell[d] + dh[d] * o[d] * (1.0f - squashed * squashed);
    if (parts.has_peepholes) dc += d_o * peepholes[2 * D + d];
    const float d_i = dc * g[d] * i[d] * (1.0f - i[d]);
    const float d_f = dc * (parts.has_previous ? before[d] : 0.0f) * f[d] * (1.0f - f[d]);
    const float d_g = dc * i[d] * (1.0f - g[d] * g[d]);
    dcell[d] = parts.has_peepholes ? dc * f[d] + d_i * peepholes[d] + d_f * peepholes[D + d] : dc * f[d];
    store(out, rounded, d, d_i, parts.rounds);
    store(out, rounded, D + d, d_f, parts.rounds);
    store(out, rounded, 2 * D + d, d_o, parts.rounds);
    store(out, rounded, 3 * D + d, d_g, parts.rounds);
  }
}

VECTORISED void ck_lstm_backward(const float *restrict state_gradient, float *restrict cell_gradient,
                                 const float *restrict gates, const float *restrict cell,
                                 const float *restrict previous_cell, const float *restrict peepholes,
                                 float *restrict gate_gradient, ck_bfloat16 *restrict gate_gradient_bfloat16,
                                 size_t dim, size_t first, size_t last) {
  const size_t D = dim;
  for (size_t b = first; b < last; b++) {
    const float *restrict dh = state_gradient + b * D, *restrict kept = gates + b * 4 * D;
    float *restrict dcell = cell_gradient + b * D;
    const float *restrict c = cell + b * D;
    const float *restrict before = previous_cell ? previous_cell + b * D : 0;
    float *restrict out = gate_gradient ? gate_gradient + b * 4 * D : 0;
    ck_bfloat16 *restrict rounded = gate_gradient_bfloat16 ? gate_gradient_bfloat16 + b * 4 * D : 0;
#define ROW(...) lstm_backward_row(dh, dcell, kept, c, before, peepholes, out, rounded, D, (lstm_parts){__VA_ARGS__})
    if (before && peepholes && rounded)
      ROW(true, true, true);
    else if (before && peepholes)
      ROW(true, true, false);
    else if (before && rounded)
      ROW(true, false, true);
    else if (before)
      ROW(true, false, false);
    else if (peepholes && rounded)
      ROW(false, true, true);
    else if (peepholes)
      ROW(false, true, false);
    else if (rounded)
      ROW(false, false, true);
    else
      ROW(false, false, false);
#undef ROW
  }
}
