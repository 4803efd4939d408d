#define _GNU_SOURCE  // posix_memalign

#include "internal.h"

#include <stdlib.h>
#include <string.h>

// Primitives are made once for each shape and kept: making one costs more than a small product.
// Everything below is guarded by `compute_lock`: primitives share one scratchpad and keep their memory objects.

typedef struct {
  cneural_product key;
  layout a, b, c;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  dnnl_memory_t memory_a, memory_b, memory_c, memory_scratch;
  // From plain to packed B; made when B is first packed.
  layout plain_b;
  dnnl_memory_t memory_plain_b;
  dnnl_primitive_t packing;
  size_t scratch_size, packed_size;
  bool used;
} entry;

enum { table_size = 4096, table_limit = 2048 };

static dnnl_engine_t engine;
static dnnl_stream_t stream;
static entry *table;
static size_t entry_count;
static void *scratch;
static size_t scratch_capacity;

static void entry_release(entry *e) {
  if (e->memory_a) dnnl_memory_destroy(e->memory_a);
  if (e->memory_b) dnnl_memory_destroy(e->memory_b);
  if (e->memory_c) dnnl_memory_destroy(e->memory_c);
  if (e->memory_scratch) dnnl_memory_destroy(e->memory_scratch);
  if (e->memory_plain_b) dnnl_memory_destroy(e->memory_plain_b);
  if (e->packing) dnnl_primitive_destroy(e->packing);
  if (e->primitive) dnnl_primitive_destroy(e->primitive);
  if (e->descriptor) dnnl_primitive_desc_destroy(e->descriptor);
  layout_release(&e->a);
  layout_release(&e->b);
  layout_release(&e->c);
  layout_release(&e->plain_b);
  memset(e, 0, sizeof *e);
}

static bool is_valid(const cneural_product *p) {
  if (p->m <= 0 || p->n <= 0 || p->k <= 0) return false;
  if (p->a_stride < (p->transpose_a ? p->m : p->k)) return false;
  if (p->b_stride < (p->transpose_b ? p->k : p->n)) return false;
  return p->c_stride >= p->n;
}

static dnnl_status_t plain_b(layout *out, const cneural_product *p, dnnl_data_type_t type) {
  const dnnl_dim_t strides[2] = {p->transpose_b ? 1 : p->b_stride, p->transpose_b ? p->b_stride : 1};
  return layout_create(out, p->k, p->n, type, strides);
}

/// The implementation to take where there are several.
///
/// When B is not packed, oneDNN's "gemm" does the products of a training step 5 to 25 % faster than the blocked
/// kernel ("brg") that oneDNN 2.6 puts first, but for transposed B in float32, where it is 10 % slower (AMD Zen 5,
/// 2 threads).
static const char *preferred(const cneural_product *p) {
  const bool blocked_is_faster = p->packed_b || (p->input_type == CNEURAL_FLOAT32 && p->transpose_b);
  return blocked_is_faster ? NULL : "gemm";
}

static dnnl_status_t entry_create(entry *e, const cneural_product *p) {
  const dnnl_data_type_t type = p->input_type == CNEURAL_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
  const dnnl_dim_t a_strides[2] = {p->transpose_a ? 1 : p->a_stride, p->transpose_a ? p->a_stride : 1};
  const dnnl_dim_t c_strides[2] = {p->c_stride, 1};
  dnnl_status_t s = layout_create(&e->a, p->m, p->k, type, a_strides);
  if (s == dnnl_success)
    s = p->packed_b ? layout_create(&e->b, p->k, p->n, type, NULL) : plain_b(&e->b, p, type);
  if (s == dnnl_success) s = layout_create(&e->c, p->m, p->n, dnnl_f32, c_strides);
  if (s == dnnl_success)
    s = product_descriptor(&e->descriptor, engine, &e->a, &e->b, &e->c, p->accumulate, preferred(p));
  if (s == dnnl_success) s = dnnl_primitive_create(&e->primitive, e->descriptor);
  if (s != dnnl_success) return s;

  layout_ref chosen_b = dnnl_primitive_desc_query_md(e->descriptor, dnnl_query_weights_md, 0);
  layout_ref scratchpad = dnnl_primitive_desc_query_md(e->descriptor, dnnl_query_scratchpad_md, 0);
  e->packed_size = dnnl_memory_desc_get_size(chosen_b);
  e->scratch_size = scratchpad ? dnnl_memory_desc_get_size(scratchpad) : 0;
  s = dnnl_memory_create(&e->memory_a, layout_reference(&e->a), engine, DNNL_MEMORY_NONE);
  if (s == dnnl_success) s = dnnl_memory_create(&e->memory_b, chosen_b, engine, DNNL_MEMORY_NONE);
  if (s == dnnl_success)
    s = dnnl_memory_create(&e->memory_c, layout_reference(&e->c), engine, DNNL_MEMORY_NONE);
  if (s == dnnl_success && e->scratch_size > 0)
    s = dnnl_memory_create(&e->memory_scratch, scratchpad, engine, DNNL_MEMORY_NONE);
  return s;
}

/// Forgets every primitive when there are too many, so that endless new shapes cannot fill the memory.
static void bound_table(void) {
  if (entry_count < table_limit) return;
  for (size_t i = 0; i < table_size; i++)
    if (table[i].used) entry_release(&table[i]);
  entry_count = 0;
}

static dnnl_status_t prepare(void) {
  if (engine && stream && table) return dnnl_success;
  dnnl_status_t s = shared_engine(&engine, &stream);
  if (s == dnnl_success && !table && !(table = calloc(table_size, sizeof *table))) s = dnnl_out_of_memory;
  return s;
}

static cneural_product canonical(const cneural_product *p) {
  cneural_product key;
  memset(&key, 0, sizeof key);  // so that padding compares equal
  key.m = p->m, key.n = p->n, key.k = p->k;
  key.a_stride = p->a_stride, key.b_stride = p->b_stride, key.c_stride = p->c_stride;
  key.input_type = p->input_type;
  key.transpose_a = p->transpose_a, key.transpose_b = p->transpose_b;
  key.accumulate = p->accumulate, key.packed_b = p->packed_b;
  return key;
}

static cneural_status find(const cneural_product *p, entry **out) {
  if (!is_valid(p)) return CNEURAL_INVALID_ARGUMENT;
  dnnl_status_t s = prepare();
  if (s != dnnl_success) return status_of(s);
  const cneural_product key = canonical(p);
  uint64_t hash = 1469598103934665603u;  // FNV-1a
  for (size_t i = 0; i < sizeof key; i++)
    hash = (hash ^ ((const unsigned char *)&key)[i]) * 1099511628211u;
  size_t slot = hash % table_size;
  while (table[slot].used && memcmp(&table[slot].key, &key, sizeof key) != 0) slot = (slot + 1) % table_size;
  if (!table[slot].used) {
    if (entry_count >= table_limit) {
      bound_table();
      slot = hash % table_size;
    }
    s = entry_create(&table[slot], &key);
    if (s != dnnl_success) {
      entry_release(&table[slot]);
      return status_of(s);
    }
    table[slot].key = key;
    table[slot].used = true;
    entry_count++;
  }
  *out = &table[slot];
  return CNEURAL_OK;
}

static cneural_status provide_scratch(entry *e) {
  if (e->scratch_size == 0) return CNEURAL_OK;
  if (e->scratch_size > scratch_capacity) {
    void *larger = NULL;
    if (posix_memalign(&larger, 64, e->scratch_size) != 0) return CNEURAL_OUT_OF_MEMORY;
    free(scratch);
    scratch = larger;
    scratch_capacity = e->scratch_size;
  }
  return status_of(dnnl_memory_set_data_handle(e->memory_scratch, scratch));
}

static cneural_status execute(entry *e, const void *a, const void *b, float *c) {
  // oneDNN takes inputs without const, and only reads them.
  dnnl_status_t s = dnnl_memory_set_data_handle(e->memory_a, (void *)a);
  if (s == dnnl_success) s = dnnl_memory_set_data_handle(e->memory_b, (void *)b);
  if (s == dnnl_success) s = dnnl_memory_set_data_handle(e->memory_c, c);
  if (s != dnnl_success) return status_of(s);
  cneural_status status = provide_scratch(e);
  if (status != CNEURAL_OK) return status;
  dnnl_exec_arg_t arguments[4] = {
      {DNNL_ARG_SRC, e->memory_a}, {DNNL_ARG_WEIGHTS, e->memory_b}, {DNNL_ARG_DST, e->memory_c}};
  int count = 3;
  if (e->memory_scratch) {
    arguments[count].arg = DNNL_ARG_SCRATCHPAD;
    arguments[count++].memory = e->memory_scratch;
  }
  s = dnnl_primitive_execute(e->primitive, stream, count, arguments);
  if (s == dnnl_success) s = dnnl_stream_wait(stream);
  return status_of(s);
}

cneural_status cneural_multiply(const cneural_product *product, const void *a, const void *b, float *c) {
  if (!a || !b || !c) return CNEURAL_INVALID_ARGUMENT;
  compute_lock();
  entry *e = NULL;
  cneural_status status = find(product, &e);
  if (status == CNEURAL_OK) status = execute(e, a, b, c);
  compute_unlock();
  return status;
}

size_t cneural_packed_size(const cneural_product *product) {
  compute_lock();
  entry *e = NULL;
  cneural_product packed = *product;
  packed.packed_b = true;
  const size_t size = find(&packed, &e) == CNEURAL_OK ? e->packed_size : 0;
  compute_unlock();
  return size;
}

/// Makes the reorder from the plain layout of B to the packed one, once for each shape.
static dnnl_status_t prepare_packing(entry *e, const cneural_product *p) {
  if (e->packing) return dnnl_success;
  const dnnl_data_type_t type = p->input_type == CNEURAL_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
  layout_ref chosen = dnnl_primitive_desc_query_md(e->descriptor, dnnl_query_weights_md, 0);
  dnnl_primitive_desc_t descriptor = NULL;
  layout_release(&e->plain_b);
  dnnl_status_t s = plain_b(&e->plain_b, p, type);
  if (s == dnnl_success && !e->memory_plain_b)
    s = dnnl_memory_create(&e->memory_plain_b, layout_reference(&e->plain_b), engine, DNNL_MEMORY_NONE);
  if (s == dnnl_success)
    s = dnnl_reorder_primitive_desc_create(&descriptor, layout_reference(&e->plain_b), engine, chosen, engine,
                                           NULL);
  if (s == dnnl_success) s = dnnl_primitive_create(&e->packing, descriptor);
  if (descriptor) dnnl_primitive_desc_destroy(descriptor);
  return s;
}

static dnnl_status_t pack(entry *e, const cneural_product *p, const void *b, void *packed) {
  dnnl_status_t s = prepare_packing(e, p);
  // oneDNN takes inputs without const, and only reads them.
  if (s == dnnl_success) s = dnnl_memory_set_data_handle(e->memory_plain_b, (void *)b);
  if (s == dnnl_success) s = dnnl_memory_set_data_handle(e->memory_b, packed);
  dnnl_exec_arg_t arguments[2] = {{DNNL_ARG_FROM, e->memory_plain_b}, {DNNL_ARG_TO, e->memory_b}};
  if (s == dnnl_success) s = dnnl_primitive_execute(e->packing, stream, 2, arguments);
  return s == dnnl_success ? dnnl_stream_wait(stream) : s;
}

cneural_status cneural_pack(const cneural_product *product, const void *b, void *packed) {
  if (!b || !packed) return CNEURAL_INVALID_ARGUMENT;
  compute_lock();
  entry *e = NULL;
  cneural_product description = *product;
  description.packed_b = true;
  cneural_status status = find(&description, &e);
  if (status == CNEURAL_OK) status = status_of(pack(e, product, b, packed));
  compute_unlock();
  return status;
}

int cneural_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}

bool cneural_has_native_bfloat16(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") && dnnl_get_effective_cpu_isa() >= dnnl_cpu_isa_avx512_core_bf16;
#else
  return false;
#endif
}
