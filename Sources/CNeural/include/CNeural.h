#ifndef CNEURAL_H
#define CNEURAL_H

// The one door to oneDNN. Nothing else in the project names dnnl.
//
// Ownership: callers own every buffer that they pass; nothing is kept after a call returns.
// Threads: one compute call runs at a time (an internal lock sees to it); the work inside one call is
// spread over the pool of oneDNN's own OpenMP runtime, so that no second pool competes with it.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { CNEURAL_FLOAT32 = 0, CNEURAL_BFLOAT16 = 1 } cneural_type;

typedef enum {
  CNEURAL_OK = 0,
  CNEURAL_OUT_OF_MEMORY = 1,
  CNEURAL_INVALID_ARGUMENT = 2,
  CNEURAL_UNSUPPORTED = 3,
  CNEURAL_FAILED = 4,
} cneural_status;

/// C [m, n] = op(A) [m, k] · op(B) [k, n], plus C when `accumulate`.
///
/// All matrices are row-major. A transposed operand is stored as [k, m] (A) or [n, k] (B). A stride is
/// the number of elements from one stored row to the next, at least the stored row's length. A and B
/// have `input_type`, C is always float32 and products are summed in float32.
/// When `packed_b`, B is a buffer that `cneural_pack` filled for this very description.
typedef struct {
  int64_t m, n, k;
  int64_t a_stride, b_stride, c_stride;
  cneural_type input_type;
  bool transpose_a, transpose_b, accumulate, packed_b;
} cneural_product;

/// Multiplies as `product` describes. Buffers need not be aligned, though 64 bytes is fastest. C may not
/// overlap A or B. Fails on a size of zero or less, on a stride smaller than a row, and when oneDNN has
/// no kernel for this CPU.
cneural_status cneural_multiply(const cneural_product *product, const void *a, const void *b, float *c);

/// The number of bytes that B takes when packed for `product`; 0 when it cannot be packed.
size_t cneural_packed_size(const cneural_product *product);

/// Rewrites B (stored as `product` says, `b_stride` and `transpose_b` included) into `packed`, a buffer
/// of `cneural_packed_size` bytes, in the blocked layout that makes repeated products with it fastest.
cneural_status cneural_pack(const cneural_product *product, const void *b, void *packed);

/// Whether this CPU multiplies bfloat16 natively (elsewhere oneDNN is slower with it than with float32).
bool cneural_has_native_bfloat16(void);

/// Sets how many threads the following compute calls of the calling thread use. Call it once, first, on
/// the thread that computes. `count` is 1 or more. Where oneDNN was built without OpenMP this does nothing.
void cneural_set_thread_count(int count);

/// The number of threads that compute calls of the calling thread use.
int cneural_thread_count(void);

/// Calls `body(context, part)` for every part in 0..<parts, on oneDNN's own pool, and waits for all. A
/// part may run on any thread; which one never matters to the result. Runs serially when no pool is
/// found or when there is only one part.
void cneural_parallel(int parts, void (*body)(void *context, int part), void *context);

/// The version of oneDNN in use, as major * 10000 + minor * 100 + patch.
int cneural_version(void);

#ifdef __cplusplus
}
#endif
#endif
