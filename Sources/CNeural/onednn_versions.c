#include "internal.h"

#include <string.h>

dnnl_status_t layout_create(layout *out, dnnl_dim_t rows, dnnl_dim_t columns, dnnl_data_type_t type,
                            const dnnl_dim_t *strides) {
  dnnl_dims_t sizes = {rows, columns};
#if DNNL_VERSION_MAJOR >= 3
  if (!strides) return dnnl_memory_desc_create_with_tag(out, 2, sizes, type, dnnl_format_tag_any);
  dnnl_dims_t steps = {strides[0], strides[1]};
  return dnnl_memory_desc_create_with_strides(out, 2, sizes, type, steps);
#else
  if (!strides) return dnnl_memory_desc_init_by_tag(out, 2, sizes, type, dnnl_format_tag_any);
  dnnl_dims_t steps = {strides[0], strides[1]};
  return dnnl_memory_desc_init_by_strides(out, 2, sizes, type, steps);
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

static dnnl_status_t attributes_create(dnnl_primitive_attr_t *attributes, bool accumulate) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return status;
  // Our own scratchpad: oneDNN's would be one per primitive, or tied to the creating thread.
  status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (status != dnnl_success || !accumulate) return status;
  dnnl_post_ops_t operations = NULL;
  status = dnnl_post_ops_create(&operations);
  if (status != dnnl_success) return status;
#if DNNL_VERSION_MAJOR >= 3
  status = dnnl_post_ops_append_sum(operations, 1.0f, 0, dnnl_data_type_undef);
#else
  status = dnnl_post_ops_append_sum(operations, 1.0f);
#endif
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
  dnnl_post_ops_destroy(operations);
  return status;
}

dnnl_status_t product_descriptor(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const layout *a,
                                 const layout *b, const layout *c, bool accumulate) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = attributes_create(&attributes, accumulate);
  if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
    status = dnnl_matmul_primitive_desc_create(out, engine, *a, *b, NULL, *c, attributes);
#else
    dnnl_matmul_desc_t operation;
    status = dnnl_matmul_desc_init(&operation, a, b, NULL, c);
    if (status == dnnl_success)
      status = dnnl_primitive_desc_create(out, &operation, attributes, engine, NULL);
#endif
  }
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}
