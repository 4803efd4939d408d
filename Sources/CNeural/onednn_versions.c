#include "internal.h"

#include <string.h>

dnnl_status_t layout_create_ranked(layout *out, int rank, const dnnl_dim_t *sizes, dnnl_data_type_t type,
                                   const dnnl_dim_t *strides) {
  dnnl_dims_t extents, steps;  // oneDNN takes whole arrays
  for (int i = 0; i < rank; i++) extents[i] = sizes[i], steps[i] = strides ? strides[i] : 0;
#if DNNL_VERSION_MAJOR >= 3
  if (!strides) return dnnl_memory_desc_create_with_tag(out, rank, extents, type, dnnl_format_tag_any);
  return dnnl_memory_desc_create_with_strides(out, rank, extents, type, steps);
#else
  if (!strides) return dnnl_memory_desc_init_by_tag(out, rank, extents, type, dnnl_format_tag_any);
  return dnnl_memory_desc_init_by_strides(out, rank, extents, type, steps);
#endif
}

dnnl_status_t layout_create(layout *out, dnnl_dim_t rows, dnnl_dim_t columns, dnnl_data_type_t type,
                            const dnnl_dim_t *strides) {
  const dnnl_dim_t sizes[2] = {rows, columns};
  return layout_create_ranked(out, 2, sizes, type, strides);
}

dnnl_status_t layout_copy(layout *out, layout_ref value) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_clone(out, value);
#else
  *out = *value;
  return dnnl_success;
#endif
}

void layout_release(layout *value) {
#if DNNL_VERSION_MAJOR >= 3
  if (*value) dnnl_memory_desc_destroy(*value);
#endif
  memset(value, 0, sizeof *value);
}

layout_ref layout_reference(const layout *value) {
#if DNNL_VERSION_MAJOR >= 3
  return *value;
#else
  return value;
#endif
}

static dnnl_status_t append_sum(dnnl_post_ops_t operations) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_post_ops_append_sum(operations, 1.0f, 0, dnnl_data_type_undef);
#else
  return dnnl_post_ops_append_sum(operations, 1.0f);
#endif
}

static dnnl_status_t append_activation(dnnl_post_ops_t operations, cneural_activation activation) {
  if (activation == CNEURAL_LINEAR) return dnnl_success;
  const dnnl_alg_kind_t kind = activation == CNEURAL_RELU ? dnnl_eltwise_relu : dnnl_eltwise_clip;
  const float upper = activation == CNEURAL_RELU ? 0.0f : 6.0f;  // clip to [0, 6]; unused by relu
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_post_ops_append_eltwise(operations, kind, 0.0f, upper);
#else
  return dnnl_post_ops_append_eltwise(operations, 1.0f, kind, 0.0f, upper);
#endif
}

static dnnl_status_t attributes_create(dnnl_primitive_attr_t *attributes, bool accumulate,
                                       cneural_activation activation) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return status;
  // Our own scratchpad: oneDNN's would be one per primitive, or tied to the creating thread.
  status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (status != dnnl_success || (!accumulate && activation == CNEURAL_LINEAR)) return status;
  dnnl_post_ops_t operations = NULL;
  status = dnnl_post_ops_create(&operations);
  if (status != dnnl_success) return status;
  if (accumulate) status = append_sum(operations);
  if (status == dnnl_success) status = append_activation(operations, activation);
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
  dnnl_post_ops_destroy(operations);
  return status;
}

static bool is_preferred(dnnl_primitive_desc_t descriptor, const char *preferred) {
  const char *name = NULL;
  return dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, &name) == dnnl_success && name &&
         strncmp(name, preferred, strlen(preferred)) == 0;
}

#if DNNL_VERSION_MAJOR >= 3

/// A descriptor of the implementation that oneDNN puts at `index`, or null past the last.
static dnnl_primitive_desc_t implementation(dnnl_engine_t engine, const layout *a, const layout *b,
                                            const layout *c, dnnl_primitive_attr_t attributes, int index) {
  dnnl_primitive_desc_t found = NULL;
  if (dnnl_matmul_primitive_desc_create(&found, engine, *a, *b, NULL, *c, attributes) != dnnl_success)
    return NULL;
  for (int i = 0; i < index; i++)
    if (dnnl_primitive_desc_next_impl(found) != dnnl_success) {
      dnnl_primitive_desc_destroy(found);
      return NULL;
    }
  return found;
}

#else

static dnnl_primitive_desc_t implementation(dnnl_engine_t engine, const layout *a, const layout *b,
                                            const layout *c, dnnl_primitive_attr_t attributes, int index) {
  dnnl_matmul_desc_t operation;
  dnnl_primitive_desc_iterator_t iterator = NULL;
  if (dnnl_matmul_desc_init(&operation, a, b, NULL, c) != dnnl_success ||
      dnnl_primitive_desc_iterator_create(&iterator, &operation, attributes, engine, NULL) != dnnl_success)
    return NULL;
  bool exists = true;
  for (int i = 0; exists && i < index; i++)
    exists = dnnl_primitive_desc_iterator_next(iterator) == dnnl_success;
  dnnl_primitive_desc_t found = exists ? dnnl_primitive_desc_iterator_fetch(iterator) : NULL;
  dnnl_primitive_desc_iterator_destroy(iterator);
  return found;
}

#endif

dnnl_status_t product_descriptor(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const layout *a,
                                 const layout *b, const layout *c, bool accumulate, const char *preferred) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = attributes_create(&attributes, accumulate, CNEURAL_LINEAR);
  *out = NULL;
  if (status == dnnl_success && preferred)
    for (int index = 0;; index++) {
      dnnl_primitive_desc_t next = implementation(engine, a, b, c, attributes, index);
      if (!next) break;
      if (is_preferred(next, preferred)) {
        *out = next;
        break;
      }
      dnnl_primitive_desc_destroy(next);
    }
  if (status == dnnl_success && !*out) {
    *out = implementation(engine, a, b, c, attributes, 0);
    if (!*out) status = dnnl_unimplemented;
  }
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}

#if DNNL_VERSION_MAJOR >= 3

static dnnl_status_t layer_primitive(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const cneural_layer *layer,
                                     dnnl_alg_kind_t convolution, const layout *source, const layout *weights,
                                     const layout *bias, const layout *destination,
                                     dnnl_primitive_attr_t attributes) {
  const dnnl_dims_t kernel = {layer->kernel_height, layer->kernel_width};
  const dnnl_dims_t strides = {layer->stride_height, layer->stride_width};
  const dnnl_dims_t begin = {layer->padding_top, layer->padding_left};
  const dnnl_dims_t end = {layer->padding_bottom, layer->padding_right};
  const dnnl_dims_t dilation = {0, 0};
  switch (layer->kind) {
  case CNEURAL_CONVOLUTION:
    return dnnl_convolution_forward_primitive_desc_create(
        out, engine, dnnl_forward_inference, convolution, *source, *weights, *bias, *destination, strides,
        dilation, begin, end, attributes);
  case CNEURAL_DENSE:
    return dnnl_inner_product_forward_primitive_desc_create(out, engine, dnnl_forward_inference, *source, *weights,
                                                            *bias, *destination, attributes);
  case CNEURAL_MAX_POOL:
  case CNEURAL_AVERAGE_POOL:
    return dnnl_pooling_forward_primitive_desc_create(
        out, engine, dnnl_forward_inference,
        layer->kind == CNEURAL_MAX_POOL ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding, *source,
        *destination, strides, kernel, dilation, begin, end, attributes);
  }
  return dnnl_invalid_arguments;
}

#else

static dnnl_status_t layer_primitive(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const cneural_layer *layer,
                                     dnnl_alg_kind_t convolution, const layout *source, const layout *weights,
                                     const layout *bias, const layout *destination,
                                     dnnl_primitive_attr_t attributes) {
  const dnnl_dims_t kernel = {layer->kernel_height, layer->kernel_width};
  const dnnl_dims_t strides = {layer->stride_height, layer->stride_width};
  const dnnl_dims_t begin = {layer->padding_top, layer->padding_left};
  const dnnl_dims_t end = {layer->padding_bottom, layer->padding_right};
  union {
    dnnl_convolution_desc_t convolution;
    dnnl_inner_product_desc_t dense;
    dnnl_pooling_desc_t pooling;
  } operation;
  dnnl_status_t status = dnnl_invalid_arguments;
  switch (layer->kind) {
  case CNEURAL_CONVOLUTION:
    status = dnnl_convolution_forward_desc_init(&operation.convolution, dnnl_forward_inference, convolution, source,
                                                weights, bias, destination, strides, begin, end);
    break;
  case CNEURAL_DENSE:
    status = dnnl_inner_product_forward_desc_init(&operation.dense, dnnl_forward_inference, source, weights, bias,
                                                  destination);
    break;
  case CNEURAL_MAX_POOL:
  case CNEURAL_AVERAGE_POOL:
    status = dnnl_pooling_forward_desc_init(
        &operation.pooling, dnnl_forward_inference,
        layer->kind == CNEURAL_MAX_POOL ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding, source, destination,
        strides, kernel, begin, end);
    break;
  }
  if (status == dnnl_success) status = dnnl_primitive_desc_create(out, &operation, attributes, engine, NULL);
  return status;
}

#endif

dnnl_status_t layer_descriptor(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const cneural_layer *layer,
                               const layout *source, const layout *weights, const layout *bias,
                               const layout *destination) {
  dnnl_primitive_attr_t attributes = NULL;
  *out = NULL;
  dnnl_status_t status = attributes_create(&attributes, layer->residual >= 0, layer->activation);
  // Winograd's way needs a quarter of the multiplications, and is exact but for rounding. oneDNN has it for 3 × 3
  // filters in float32 on some processors, and otherwise says so.
  dnnl_status_t described = dnnl_unimplemented;
  if (status == dnnl_success && layer->kind == CNEURAL_CONVOLUTION)
    described = layer_primitive(out, engine, layer, dnnl_convolution_winograd, source, weights, bias, destination,
                                attributes);
  if (status == dnnl_success && described != dnnl_success)
    described = layer_primitive(out, engine, layer, dnnl_convolution_direct, source, weights, bias, destination,
                                attributes);
  if (status == dnnl_success) status = described;
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}
