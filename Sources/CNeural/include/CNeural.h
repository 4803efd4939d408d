#ifndef CNEURAL_H
#define CNEURAL_H

// The one door to oneDNN. Nothing else in the project names dnnl.
//
// Ownership: callers own every buffer that they pass; nothing is kept after a call returns. A network belongs to
// whoever created it, and holds descriptions only: weights and memory are lent to it for a call.
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

typedef enum {
  CNEURAL_CONVOLUTION = 0,
  CNEURAL_DENSE = 1,
  CNEURAL_MAX_POOL = 2,
  CNEURAL_AVERAGE_POOL = 3,
} cneural_layer_kind;

typedef enum { CNEURAL_LINEAR = 0, CNEURAL_RELU = 1, CNEURAL_RELU6 = 2 } cneural_activation;

/// A layer of a feed-forward network; its input is the output of the layer before it.
///
/// `outputs` and `groups` (1: each output sees all channels; as many as there are channels: depthwise) are those of
/// a convolution, `outputs` of a dense layer too, which sees all numbers of an image as one row. Kernel, stride and
/// padding are those of convolutions and of pooling; a padded place is 0 to a convolution, and nothing to the
/// largest or the mean of a pool. Kernels do not turn: filter [0, 0] meets the upper left pixel.
/// `residual` is the index of an earlier layer whose output, of the same shape, is added before the activation, or
/// −1. Only a convolution has one, and no later layer may add the same output again.
typedef struct {
  cneural_layer_kind kind;
  cneural_activation activation;
  int64_t outputs, groups;
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t padding_top, padding_left, padding_bottom, padding_right;
  int64_t residual;
} cneural_layer;

/// Layers compiled for one batch size; the layouts between them are those that oneDNN chooses.
typedef struct cneural_network cneural_network;

/// Compiles `count` layers for images float32 [batch, channels, height, width]. With CNEURAL_BFLOAT16 weights and
/// what passes between layers are bfloat16, sums, biases and the numbers that come out float32.
///
/// On success `*network` must be given to `cneural_network_destroy`. `layers` is not kept. Fails on a size that
/// is not positive or beyond 2^24, on layers that do not fit each other, and when oneDNN has no kernel for them.
cneural_status cneural_network_create(const cneural_layer *layers, int count, int64_t batch, int64_t channels,
                                      int64_t height, int64_t width, cneural_type precision,
                                      cneural_network **network);
void cneural_network_destroy(cneural_network *network);

/// The bytes of all packed weights and biases; of the memory that a run needs; and how many numbers come out for
/// an image.
size_t cneural_network_weights_size(const cneural_network *network);
size_t cneural_network_workspace_size(const cneural_network *network);
int64_t cneural_network_output_size(const cneural_network *network);

/// Rounds and rewrites the float32 weights of layer `index` into their place in `packed`, a buffer of
/// `cneural_network_weights_size` bytes aligned to 64.
///
/// `weights` is [outputs, channels / groups, kernel_height, kernel_width] for a convolution, and [outputs, inputs]
/// for a dense layer, or [inputs, outputs] when `transposed`; it need not be aligned. `bias` is [outputs].
/// Fails for a layer without weights.
cneural_status cneural_network_pack(const cneural_network *network, int index, const void *weights, bool transposed,
                                    const float *bias, void *packed);

/// Whether weights packed for one network serve the other: same layers, another batch size.
bool cneural_network_shares_weights(const cneural_network *network, const cneural_network *other);

/// Runs the layers over `images`, float32 [batch, channels, height, width], into `outputs`, float32
/// [batch, cneural_network_output_size], each image's numbers by channel, row and column. `workspace` has
/// `cneural_network_workspace_size` bytes, aligned to 64; its content does not matter before and after.
cneural_status cneural_network_run(const cneural_network *network, const float *images, const void *packed,
                                   void *workspace, float *outputs);

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
