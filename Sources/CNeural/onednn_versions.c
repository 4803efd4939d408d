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
  dnnl_status_t status = attributes_create(&attributes, accumulate);
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
