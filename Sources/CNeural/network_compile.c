#include "network.h"

// A place is used from the step that first writes it to the one that last reads it; places whose uses do not
// meet share memory.

dnnl_status_t plain_layout(layout *out, int rank, const dnnl_dim_t *sizes, dnnl_data_type_t type) {
  dnnl_dims_t strides;
  dnnl_dim_t stride = 1;
  for (int i = rank - 1; i >= 0; i--) strides[i] = stride, stride *= sizes[i];
  return layout_create_ranked(out, rank, sizes, type, strides);
}

static bool is_equal(const layout *first, layout_ref second) {
  return dnnl_memory_desc_equal(layout_reference(first), second) != 0;
}

/// Takes note that the step to come uses an activation.
static void use(cneural_network *n, int index) { n->places[n->activations[index].place].last = n->step_count; }

/// A new activation in a place of its own, or in that of `shared` unless it is −1.
static dnnl_status_t add_activation(cneural_network *n, layout_ref arrangement, dnnl_data_type_t type, int shared,
                                    int *out) {
  activation *a = &n->activations[n->activation_count];
  a->type = type;
  dnnl_status_t s = layout_copy(&a->arrangement, arrangement);
  if (s != dnnl_success) return s;
  if (shared < 0) {
    a->place = n->place_count++;
    n->places[a->place] = (place){IN_WORKSPACE, dnnl_memory_desc_get_size(arrangement), 0, n->step_count, 0};
  } else {
    a->place = n->activations[shared].place;
  }
  *out = n->activation_count++;
  use(n, *out);
  return dnnl_success;
}

/// Memory objects without memory: a run lends them theirs.
static dnnl_status_t describe_ends(cneural_network *n, step *step) {
  dnnl_status_t s = dnnl_memory_create(&step->source, layout_reference(&n->activations[step->input].arrangement),
                                       n->engine, DNNL_MEMORY_NONE);
  if (s != dnnl_success) return s;
  return dnnl_memory_create(&step->destination, layout_reference(&n->activations[step->output].arrangement),
                            n->engine, DNNL_MEMORY_NONE);
}

/// A step that copies an activation into another arrangement.
static dnnl_status_t rearrange(cneural_network *n, int input, layout_ref arrangement, dnnl_data_type_t type,
                               int *out) {
  use(n, input);
  dnnl_status_t s = add_activation(n, arrangement, type, -1, out);
  if (s != dnnl_success) return s;
  step *step = &n->steps[n->step_count++];
  step->input = input, step->output = *out, step->layer = -1;
  dnnl_primitive_desc_t descriptor = NULL;
  s = dnnl_reorder_primitive_desc_create(&descriptor, layout_reference(&n->activations[input].arrangement),
                                         n->engine, arrangement, n->engine, NULL);
  if (s == dnnl_success) s = dnnl_primitive_create(&step->primitive, descriptor);
  if (descriptor) dnnl_primitive_desc_destroy(descriptor);
  return s == dnnl_success ? describe_ends(n, step) : s;
}

static dnnl_status_t rearrange_if_needed(cneural_network *n, int *current, layout_ref arrangement,
                                         dnnl_data_type_t type) {
  if (is_equal(&n->activations[*current].arrangement, arrangement)) return dnnl_success;
  return rearrange(n, *current, arrangement, type, current);
}

/// The activation that a convolution adds to and overwrites: the residual itself, or a copy where something else
/// still needs it.
static dnnl_status_t residual_target(cneural_network *n, int layer, int *out) {
  const int residual = (int)n->layers[layer].residual;
  *out = n->outputs[residual];
  bool is_needed = residual == layer - 1;
  for (int later = layer + 1; later < n->layer_count; later++)
    is_needed = is_needed || n->layers[later].residual == residual;
  if (!is_needed) return dnnl_success;
  layout arrangement = {0};
  dnnl_status_t s = layout_copy(&arrangement, layout_reference(&n->activations[*out].arrangement));
  if (s == dnnl_success) s = rearrange(n, *out, layout_reference(&arrangement), n->activations[*out].type, out);
  layout_release(&arrangement);
  return s;
}

/// The type of what a layer makes: that of its input for a pool, of its residual where it has one, and float32
/// where no more weights follow, so that it is not rounded once more.
static dnnl_data_type_t output_type(const cneural_network *n, int layer, int current, int target) {
  if (n->layers[layer].kind > CNEURAL_DENSE) return n->activations[current].type;
  if (target >= 0) return n->activations[target].type;
  for (int later = layer + 1; later < n->layer_count; later++)
    if (n->layers[later].kind <= CNEURAL_DENSE) return n->type;
  return dnnl_f32;
}

typedef struct {
  layout source, weights, bias, destination;
} layouts;

static void release(layouts *l) {
  layout_release(&l->source);
  layout_release(&l->weights);
  layout_release(&l->bias);
  layout_release(&l->destination);
}

/// The arrangements that a layer is asked for: any, but that of a pool's input and of a residual.
static dnnl_status_t requested_layouts(cneural_network *n, int index, int current, int target, layouts *l) {
  const cneural_layer *layer = &n->layers[index];
  const dnnl_dim_t *in = n->inputs[index], *out = n->inputs[index + 1];
  const bool is_dense = layer->kind == CNEURAL_DENSE, has_weights = layer->kind <= CNEURAL_DENSE;
  const dnnl_dim_t image[4] = {n->batch, in[0], in[1], in[2]}, made[4] = {n->batch, out[0], out[1], out[2]};
  const dnnl_dim_t row[2] = {n->batch, in[0] * in[1] * in[2]};
  const dnnl_dim_t groups = layer->groups, channels = in[0] / groups, filters = layer->outputs / groups;
  const dnnl_dim_t grouped[5] = {groups, filters, channels, layer->kernel_height, layer->kernel_width};
  const dnnl_dim_t dense[2] = {layer->outputs, row[1]};
  const int rank = is_dense ? 2 : 4;
  layout_ref known = layout_reference(&n->activations[current].arrangement);
  dnnl_status_t s = has_weights ? layout_create_ranked(&l->source, rank, is_dense ? row : image, n->type, NULL)
                                : layout_copy(&l->source, known);
  if (s == dnnl_success && has_weights)
    s = is_dense ? layout_create_ranked(&l->weights, 2, dense, n->type, NULL)
                 : layout_create_ranked(&l->weights, groups > 1 ? 5 : 4, groups > 1 ? grouped : grouped + 1, n->type,
                                        NULL);
  if (s == dnnl_success && has_weights) s = plain_layout(&l->bias, 1, &layer->outputs, dnnl_f32);
  if (s != dnnl_success) return s;
  if (target >= 0)
    return layout_copy(&l->destination, layout_reference(&n->activations[target].arrangement));
  return layout_create_ranked(&l->destination, rank, made, output_type(n, index, current, target), NULL);
}

/// Finds a layer's weights their place among the packed ones.
static dnnl_status_t place_weights(cneural_network *n, int index, layout_ref arrangement) {
  packed_weights *w = &n->weights[index];
  dnnl_status_t s = layout_copy(&w->arrangement, arrangement);
  if (s != dnnl_success) return s;
  w->outputs = n->layers[index].outputs;
  w->size = dnnl_memory_desc_get_size(arrangement);
  w->offset = n->weights_size;
  w->bias_offset = w->offset + aligned_size(w->size);
  n->weights_size = w->bias_offset + aligned_size((size_t)w->outputs * sizeof(float));
  return dnnl_success;
}

static dnnl_status_t describe_layer(cneural_network *n, step *step, dnnl_primitive_desc_t descriptor,
                                    const layout *bias, size_t *scratch_size) {
  dnnl_status_t s = dnnl_primitive_create(&step->primitive, descriptor);
  if (s == dnnl_success) s = describe_ends(n, step);
  if (s == dnnl_success && n->weights[step->layer].size > 0) {
    s = dnnl_memory_create(&step->weights, layout_reference(&n->weights[step->layer].arrangement), n->engine,
                           DNNL_MEMORY_NONE);
    if (s == dnnl_success) s = dnnl_memory_create(&step->bias, layout_reference(bias), n->engine, DNNL_MEMORY_NONE);
  }
  layout_ref scratchpad = dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
  const size_t size = scratchpad ? dnnl_memory_desc_get_size(scratchpad) : 0;
  if (size > *scratch_size) *scratch_size = size;
  if (s == dnnl_success && size > 0) s = dnnl_memory_create(&step->scratch, scratchpad, n->engine, DNNL_MEMORY_NONE);
  return s;
}

/// A dense layer sees its input as a row: the same numbers, when they lie by channel, row and column.
static dnnl_status_t flatten(cneural_network *n, int index, int *current) {
  const dnnl_dim_t *in = n->inputs[index];
  const dnnl_dim_t image[4] = {n->batch, in[0], in[1], in[2]}, row[2] = {n->batch, in[0] * in[1] * in[2]};
  if (index > 0 && n->layers[index - 1].kind == CNEURAL_DENSE) return dnnl_success;
  const dnnl_data_type_t type = n->activations[*current].type;
  layout arrangement = {0};
  dnnl_status_t s = plain_layout(&arrangement, 4, image, type);
  if (s == dnnl_success) s = rearrange_if_needed(n, current, layout_reference(&arrangement), type);
  layout_release(&arrangement);
  if (s == dnnl_success) s = plain_layout(&arrangement, 2, row, type);
  if (s == dnnl_success) s = add_activation(n, layout_reference(&arrangement), type, *current, current);
  layout_release(&arrangement);
  return s;
}

static dnnl_status_t add_layer(cneural_network *n, int index, int *current, size_t *scratch_size) {
  const cneural_layer *layer = &n->layers[index];
  layouts requested = {0};
  dnnl_primitive_desc_t descriptor = NULL;
  int target = -1;
  dnnl_status_t s = layer->kind == CNEURAL_DENSE ? flatten(n, index, current) : dnnl_success;
  if (s == dnnl_success && layer->residual >= 0) s = residual_target(n, index, &target);
  if (s == dnnl_success) s = requested_layouts(n, index, *current, target, &requested);
  const bool has_weights = layer->kind <= CNEURAL_DENSE;
  if (s == dnnl_success)
    s = layer_descriptor(&descriptor, n->engine, layer, &requested.source, has_weights ? &requested.weights : NULL,
                         has_weights ? &requested.bias : NULL, &requested.destination);
  if (s == dnnl_success)
    s = rearrange_if_needed(n, current, dnnl_primitive_desc_query_md(descriptor, dnnl_query_src_md, 0),
                            has_weights ? n->type : n->activations[*current].type);
  if (s == dnnl_success && has_weights)
    s = place_weights(n, index, dnnl_primitive_desc_query_md(descriptor, dnnl_query_weights_md, 0));
  if (s == dnnl_success) {
    use(n, *current);
    const int input = *current;
    s = add_activation(n, dnnl_primitive_desc_query_md(descriptor, dnnl_query_dst_md, 0),
                       output_type(n, index, input, target), target, current);
    step *step = &n->steps[n->step_count++];
    step->input = input, step->output = *current, step->layer = index;
    n->outputs[index] = *current;
    if (s == dnnl_success) s = describe_layer(n, step, descriptor, &requested.bias, scratch_size);
  }
  if (descriptor) dnnl_primitive_desc_destroy(descriptor);
  release(&requested);
  return s;
}

/// The last activation becomes what the caller gets.
static dnnl_status_t add_output(cneural_network *n, int current) {
  const dnnl_dim_t *out = n->inputs[n->layer_count];
  const dnnl_dim_t image[4] = {n->batch, out[0], out[1], out[2]};
  layout arrangement = {0};
  const int rank = n->layers[n->layer_count - 1].kind == CNEURAL_DENSE ? 2 : 4;
  dnnl_status_t s = plain_layout(&arrangement, rank, image, dnnl_f32);
  if (s == dnnl_success) s = rearrange_if_needed(n, &current, layout_reference(&arrangement), dnnl_f32);
  layout_release(&arrangement);
  if (s == dnnl_success) n->places[n->activations[current].place].owner = IS_OUTPUTS;
  return s;
}

static bool meet(const place *a, const place *b) { return a->first <= b->last && b->first <= a->last; }

/// Gives each place the first part of the workspace that no other needs at the same time.
static void allot(cneural_network *n, size_t scratch_size) {
  size_t size = 0;
  for (int i = 0; i < n->place_count; i++) {
    place *p = &n->places[i];
    if (p->owner != IN_WORKSPACE) continue;
    for (bool moved = true; moved;) {
      moved = false;
      for (int j = 0; j < i; j++) {
        const place *q = &n->places[j];
        if (q->owner != IN_WORKSPACE || !meet(p, q)) continue;
        if (p->offset < q->offset + aligned_size(q->size) && q->offset < p->offset + aligned_size(p->size)) {
          p->offset = q->offset + aligned_size(q->size);
          moved = true;
        }
      }
    }
    if (p->offset + aligned_size(p->size) > size) size = p->offset + aligned_size(p->size);
  }
  n->scratch_offset = size;
  n->workspace_size = size + aligned_size(scratch_size);
}

dnnl_status_t network_compile(cneural_network *n) {
  const dnnl_dim_t *in = n->inputs[0];
  const dnnl_dim_t images[4] = {n->batch, in[0], in[1], in[2]};
  layout arrangement = {0};
  int current = 0;
  size_t scratch_size = 0;
  dnnl_status_t s = plain_layout(&arrangement, 4, images, dnnl_f32);
  if (s == dnnl_success) s = add_activation(n, layout_reference(&arrangement), dnnl_f32, -1, &current);
  layout_release(&arrangement);
  n->places[0].owner = IS_IMAGES;
  for (int index = 0; s == dnnl_success && index < n->layer_count; index++)
    s = add_layer(n, index, &current, &scratch_size);
  if (s == dnnl_success) s = add_output(n, current);
  if (s == dnnl_success) allot(n, scratch_size);
  return s;
}
