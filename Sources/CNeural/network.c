#include "network.h"

#include <stdlib.h>
#include <string.h>

static const int64_t size_limit = 1 << 24;
static const int64_t count_limit = (int64_t)1 << 40;
static const int layer_limit = 4096;

static bool is_size(int64_t size) { return size >= 1 && size <= size_limit; }

/// Whether a batch of such images can be counted.
static bool is_countable(int64_t batch, const dnnl_dim_t *image) {
  int64_t count = batch;
  for (int i = 0; i < 3; i++) {
    if (!is_size(image[i]) || count > count_limit / image[i]) return false;
    count *= image[i];
  }
  return true;
}

/// How many places a kernel finds along a dimension; 0 when it finds none.
static int64_t window_count(int64_t size, int64_t kernel, int64_t stride, int64_t begin, int64_t end) {
  if (!is_size(kernel) || !is_size(stride) || begin < 0 || end < 0 || begin >= kernel || end >= kernel) return 0;
  const int64_t span = size + begin + end - kernel;
  return span < 0 ? 0 : span / stride + 1;
}

static bool has_valid_kind(const cneural_layer *l) {
  return l->kind >= CNEURAL_CONVOLUTION && l->kind <= CNEURAL_AVERAGE_POOL && l->activation >= CNEURAL_LINEAR &&
         l->activation <= CNEURAL_RELU6 && (l->kind <= CNEURAL_DENSE || l->activation == CNEURAL_LINEAR);
}

/// Checks layer `index` against what goes into it, and says what comes out.
static bool follow(const cneural_network *n, int index) {
  const cneural_layer *l = &n->layers[index];
  const dnnl_dim_t *in = n->inputs[index];
  dnnl_dim_t *out = n->inputs[index + 1];
  if (!has_valid_kind(l)) return false;
  if (l->residual != -1 && (l->kind != CNEURAL_CONVOLUTION || l->residual < 0 || l->residual >= index)) return false;
  if (l->kind == CNEURAL_DENSE) {
    out[0] = l->outputs, out[1] = 1, out[2] = 1;
    return is_size(l->outputs) && in[0] * in[1] * in[2] <= count_limit / l->outputs;
  }
  // A dense layer makes rows, which are no images any more.
  if (index > 0 && n->layers[index - 1].kind == CNEURAL_DENSE) return false;
  out[0] = l->kind == CNEURAL_CONVOLUTION ? l->outputs : in[0];
  out[1] = window_count(in[1], l->kernel_height, l->stride_height, l->padding_top, l->padding_bottom);
  out[2] = window_count(in[2], l->kernel_width, l->stride_width, l->padding_left, l->padding_right);
  if (!is_countable(n->batch, out)) return false;
  if (l->kind == CNEURAL_CONVOLUTION) {
    const dnnl_dim_t filter[3] = {in[0], l->kernel_height, l->kernel_width};
    if (!is_size(l->groups) || in[0] % l->groups != 0 || l->outputs % l->groups != 0) return false;
    if (!is_countable(l->outputs, filter)) return false;
  }
  return l->residual < 0 || memcmp(n->inputs[l->residual + 1], out, sizeof n->inputs[0]) == 0;
}

static bool allocate(cneural_network *n, int count) {
  const size_t steps = 3 * (size_t)count + 2;  // a copied residual, a rearrangement and itself, and the output
  n->layers = calloc((size_t)count, sizeof *n->layers);
  n->inputs = calloc((size_t)count + 1, sizeof *n->inputs);
  n->weights = calloc((size_t)count, sizeof *n->weights);
  n->outputs = calloc((size_t)count, sizeof *n->outputs);
  n->steps = calloc(steps, sizeof *n->steps);
  n->activations = calloc(steps + (size_t)count + 1, sizeof *n->activations);  // flattened ones too
  n->places = calloc(steps + 1, sizeof *n->places);
  return n->layers && n->inputs && n->weights && n->outputs && n->steps && n->activations && n->places;
}

static cneural_status build(cneural_network *n) {
  if (!is_countable(n->batch, n->inputs[0])) return CNEURAL_INVALID_ARGUMENT;
  for (int index = 0; index < n->layer_count; index++)
    if (!follow(n, index)) return CNEURAL_INVALID_ARGUMENT;
  const dnnl_dim_t *out = n->inputs[n->layer_count];
  n->output_size = out[0] * out[1] * out[2];
  compute_lock();
  dnnl_status_t s = shared_engine(&n->engine, &n->stream);
  if (s == dnnl_success) s = network_compile(n);
  compute_unlock();
  return status_of(s);
}

cneural_status cneural_network_create(const cneural_layer *layers, int count, int64_t batch, int64_t channels,
                                      int64_t height, int64_t width, cneural_type precision,
                                      cneural_network **network) {
  if (!network) return CNEURAL_INVALID_ARGUMENT;
  *network = NULL;
  if (!layers || count < 1 || count > layer_limit || !is_size(batch)) return CNEURAL_INVALID_ARGUMENT;
  cneural_network *n = calloc(1, sizeof *n);
  if (!n) return CNEURAL_OUT_OF_MEMORY;
  cneural_status status = CNEURAL_OUT_OF_MEMORY;
  if (allocate(n, count)) {
    memcpy(n->layers, layers, (size_t)count * sizeof *layers);
    n->layer_count = count;
    n->batch = batch;
    n->type = precision == CNEURAL_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
    n->inputs[0][0] = channels, n->inputs[0][1] = height, n->inputs[0][2] = width;
    status = build(n);
  }
  if (status == CNEURAL_OK)
    *network = n;
  else
    cneural_network_destroy(n);
  return status;
}

static void release_step(step *s) {
  if (s->source) dnnl_memory_destroy(s->source);
  if (s->destination) dnnl_memory_destroy(s->destination);
  if (s->weights) dnnl_memory_destroy(s->weights);
  if (s->bias) dnnl_memory_destroy(s->bias);
  if (s->scratch) dnnl_memory_destroy(s->scratch);
  if (s->primitive) dnnl_primitive_destroy(s->primitive);
}

void cneural_network_destroy(cneural_network *n) {
  if (!n) return;
  for (int i = 0; i < n->step_count; i++) release_step(&n->steps[i]);
  for (int i = 0; i < n->activation_count; i++) layout_release(&n->activations[i].arrangement);
  for (int i = 0; i < n->layer_count; i++) layout_release(&n->weights[i].arrangement);
  free(n->layers);
  free(n->inputs);
  free(n->weights);
  free(n->outputs);
  free(n->steps);
  free(n->activations);
  free(n->places);
  free(n);
}

size_t cneural_network_weights_size(const cneural_network *n) { return n->weights_size; }

size_t cneural_network_workspace_size(const cneural_network *n) { return n->workspace_size; }

int64_t cneural_network_output_size(const cneural_network *n) { return n->output_size; }

/// Copies weights from one arrangement to another.
static dnnl_status_t rewrite(const cneural_network *n, const layout *from, const void *source, const layout *to,
                             void *destination) {
  dnnl_primitive_desc_t descriptor = NULL;
  dnnl_primitive_t primitive = NULL;
  dnnl_memory_t input = NULL, output = NULL;
  // oneDNN takes inputs without const, and only reads them.
  dnnl_status_t s = dnnl_memory_create(&input, layout_reference(from), n->engine, (void *)source);
  if (s == dnnl_success) s = dnnl_memory_create(&output, layout_reference(to), n->engine, destination);
  if (s == dnnl_success)
    s = dnnl_reorder_primitive_desc_create(&descriptor, layout_reference(from), n->engine, layout_reference(to),
                                           n->engine, NULL);
  if (s == dnnl_success) s = dnnl_primitive_create(&primitive, descriptor);
  const dnnl_exec_arg_t arguments[2] = {{DNNL_ARG_FROM, input}, {DNNL_ARG_TO, output}};
  if (s == dnnl_success) s = dnnl_primitive_execute(primitive, n->stream, 2, arguments);
  if (s == dnnl_success) s = dnnl_stream_wait(n->stream);
  if (primitive) dnnl_primitive_destroy(primitive);
  if (descriptor) dnnl_primitive_desc_destroy(descriptor);
  if (input) dnnl_memory_destroy(input);
  if (output) dnnl_memory_destroy(output);
  return s;
}

/// How the caller's weights lie.
static dnnl_status_t given_weights(layout *out, const cneural_network *n, int index, bool transposed) {
  const cneural_layer *l = &n->layers[index];
  const dnnl_dim_t *in = n->inputs[index];
  if (l->kind == CNEURAL_DENSE) {
    const dnnl_dim_t inputs = in[0] * in[1] * in[2];
    const dnnl_dim_t strides[2] = {transposed ? 1 : inputs, transposed ? l->outputs : 1};
    return layout_create(out, l->outputs, inputs, dnnl_f32, strides);
  }
  const dnnl_dim_t sizes[5] = {l->groups, l->outputs / l->groups, in[0] / l->groups, l->kernel_height,
                               l->kernel_width};
  return l->groups > 1 ? plain_layout(out, 5, sizes, dnnl_f32) : plain_layout(out, 4, sizes + 1, dnnl_f32);
}

cneural_status cneural_network_pack(const cneural_network *n, int index, const void *weights, bool transposed,
                                    const float *bias, void *packed) {
  if (!weights || !bias || !packed || index < 0 || index >= n->layer_count) return CNEURAL_INVALID_ARGUMENT;
  const packed_weights *w = &n->weights[index];
  if (w->size == 0 || (transposed && n->layers[index].kind != CNEURAL_DENSE)) return CNEURAL_INVALID_ARGUMENT;
  layout given;
  memset(&given, 0, sizeof given);
  compute_lock();
  dnnl_status_t s = given_weights(&given, n, index, transposed);
  if (s == dnnl_success) s = rewrite(n, &given, weights, &w->arrangement, (char *)packed + w->offset);
  layout_release(&given);
  compute_unlock();
  memcpy((char *)packed + w->bias_offset, bias, (size_t)w->outputs * sizeof *bias);
  return status_of(s);
}

bool cneural_network_shares_weights(const cneural_network *n, const cneural_network *other) {
  if (n->layer_count != other->layer_count) return false;
  for (int i = 0; i < n->layer_count; i++) {
    const packed_weights *a = &n->weights[i], *b = &other->weights[i];
    if (a->size != b->size || a->offset != b->offset || a->bias_offset != b->bias_offset) return false;
    if (a->size > 0 && !dnnl_memory_desc_equal(layout_reference(&a->arrangement), layout_reference(&b->arrangement)))
      return false;
  }
  return true;
}

/// What a run works with.
typedef struct {
  const float *images;
  const char *packed;
  char *workspace;
  float *outputs;
} buffers;

static void *address_of(const cneural_network *n, int index, const buffers *b) {
  const place *p = &n->places[n->activations[index].place];
  switch (p->owner) {
  case IS_IMAGES: return (void *)b->images;  // only read
  case IS_OUTPUTS: return b->outputs;
  case IN_WORKSPACE: break;
  }
  return b->workspace + p->offset;
}

static dnnl_status_t execute(const cneural_network *n, const step *step, const buffers *b) {
  dnnl_exec_arg_t arguments[5];
  int count = 0;
  dnnl_status_t s = dnnl_memory_set_data_handle(step->source, address_of(n, step->input, b));
  arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SRC, step->source};
  if (s == dnnl_success) s = dnnl_memory_set_data_handle(step->destination, address_of(n, step->output, b));
  arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_DST, step->destination};
  if (step->weights) {
    const packed_weights *w = &n->weights[step->layer];
    if (s == dnnl_success) s = dnnl_memory_set_data_handle(step->weights, (void *)(b->packed + w->offset));
    if (s == dnnl_success) s = dnnl_memory_set_data_handle(step->bias, (void *)(b->packed + w->bias_offset));
    arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, step->weights};
    arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, step->bias};
  }
  if (step->scratch) {
    if (s == dnnl_success) s = dnnl_memory_set_data_handle(step->scratch, b->workspace + n->scratch_offset);
    arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, step->scratch};
  }
  return s == dnnl_success ? dnnl_primitive_execute(step->primitive, n->stream, count, arguments) : s;
}

cneural_status cneural_network_run(const cneural_network *n, const float *images, const void *packed,
                                   void *workspace, float *outputs) {
  if (!images || !packed || !workspace || !outputs) return CNEURAL_INVALID_ARGUMENT;
  const buffers b = {images, packed, workspace, outputs};
  dnnl_status_t s = dnnl_success;
  compute_lock();
  for (int i = 0; s == dnnl_success && i < n->step_count; i++) s = execute(n, &n->steps[i], &b);
  const dnnl_status_t waited = dnnl_stream_wait(n->stream);
  compute_unlock();
  return status_of(s == dnnl_success ? waited : s);
}
