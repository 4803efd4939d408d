#ifndef CNEURAL_NETWORK_H
#define CNEURAL_NETWORK_H

// A compiled network: steps over activations, each of which has a place in memory.

#include "internal.h"

/// Memory of an activation: a part of the workspace, or what the caller passes to a run.
typedef struct {
  enum { IN_WORKSPACE, IS_IMAGES, IS_OUTPUTS } owner;
  size_t size, offset;
  /// The steps that first write and last use it.
  int first, last;
} place;

/// Numbers between layers: how they lie in their place. Two activations may share one place, when a convolution
/// adds to its residual, or when a row of numbers is a flattened image.
typedef struct {
  layout arrangement;
  dnnl_data_type_t type;
  int place;
} activation;

/// The packed weights of a layer; `size` is 0 for those that have none.
typedef struct {
  layout arrangement;
  size_t offset, size;
  size_t bias_offset;
  dnnl_dim_t outputs;
} packed_weights;

/// A call of oneDNN: a layer, or a rearrangement between two.
typedef struct {
  dnnl_primitive_t primitive;
  dnnl_memory_t source, destination, weights, bias, scratch;
  int input, output;  // activations
  int layer;          // −1 for a rearrangement
} step;

struct cneural_network {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_data_type_t type;
  int layer_count, step_count, activation_count, place_count;
  cneural_layer *layers;
  /// What goes into each layer, [channels, height, width].
  dnnl_dim_t (*inputs)[3];
  packed_weights *weights;
  step *steps;
  activation *activations;
  place *places;
  /// Of each layer: the activation that it makes.
  int *outputs;
  size_t weights_size, workspace_size, scratch_offset;
  dnnl_dim_t batch, output_size;
};

/// The number of bytes up to the next cache line.
static inline size_t aligned_size(size_t size) { return (size + 63) & ~(size_t)63; }

/// Fills in the steps of a network whose layers have been checked; called with the lock held.
dnnl_status_t network_compile(cneural_network *network);

/// A plain layout of `rank` dimensions, the last fastest.
dnnl_status_t plain_layout(layout *out, int rank, const dnnl_dim_t *sizes, dnnl_data_type_t type);

#endif
