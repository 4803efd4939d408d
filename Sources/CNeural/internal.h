#ifndef CNEURAL_INTERNAL_H
#define CNEURAL_INTERNAL_H

// What differs between oneDNN 2 and oneDNN 3 is here and nowhere else: a memory descriptor is a value in
// 2 and an object in 3, and 3 creates primitive descriptors without an operation descriptor.

#include "CNeural.h"
#include <dnnl.h>

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t layout;
typedef const_dnnl_memory_desc_t layout_ref;
#else
typedef dnnl_memory_desc_t layout;
typedef const dnnl_memory_desc_t *layout_ref;
#endif

/// A 2-D layout with explicit strides, or (when `strides` is null) one that oneDNN may choose.
/// Release it with `layout_release`.
dnnl_status_t layout_create(layout *out, dnnl_dim_t rows, dnnl_dim_t columns, dnnl_data_type_t type,
                            const dnnl_dim_t *strides);
void layout_release(layout *value);
layout_ref layout_reference(const layout *value);

/// The descriptor of a product a · b → c; adds into c when `accumulate`.
///
/// oneDNN has several implementations of a product. The first whose name begins with `preferred` is taken, and
/// where there is none, or `preferred` is null, the one that oneDNN puts first.
dnnl_status_t product_descriptor(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const layout *a,
                                 const layout *b, const layout *c, bool accumulate, const char *preferred);

#endif
