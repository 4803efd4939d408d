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

/// The engine and the stream that all computation shares, made at the first call; called with the lock held.
dnnl_status_t shared_engine(dnnl_engine_t *engine, dnnl_stream_t *stream);
/// One compute call runs at a time.
void compute_lock(void);
void compute_unlock(void);
cneural_status status_of(dnnl_status_t status);

/// A 2-D layout with explicit strides, or (when `strides` is null) one that oneDNN may choose.
/// Release it with `layout_release`.
dnnl_status_t layout_create(layout *out, dnnl_dim_t rows, dnnl_dim_t columns, dnnl_data_type_t type,
                            const dnnl_dim_t *strides);
/// The same for `rank` dimensions, at most DNNL_MAX_NDIMS.
dnnl_status_t layout_create_ranked(layout *out, int rank, const dnnl_dim_t *sizes, dnnl_data_type_t type,
                                   const dnnl_dim_t *strides);
/// A layout of one's own that is equal to `value`; `*out` must be released before.
dnnl_status_t layout_copy(layout *out, layout_ref value);
void layout_release(layout *value);
layout_ref layout_reference(const layout *value);

/// The descriptor of a product a · b → c; adds into c when `accumulate`.
///
/// oneDNN has several implementations of a product. The first whose name begins with `preferred` is taken, and
/// where there is none, or `preferred` is null, the one that oneDNN puts first.
dnnl_status_t product_descriptor(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const layout *a,
                                 const layout *b, const layout *c, bool accumulate, const char *preferred);

/// The descriptor of a layer: `weights` and `bias` are null for pooling. Where `destination` belongs to a layer
/// with a residual, the result is added to what the destination holds, before the activation.
dnnl_status_t layer_descriptor(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const cneural_layer *layer,
                               const layout *source, const layout *weights, const layout *bias,
                               const layout *destination);

#endif
