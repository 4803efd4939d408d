#include "internal.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static dnnl_engine_t engine;
static dnnl_stream_t stream;

void compute_lock(void) { pthread_mutex_lock(&lock); }

void compute_unlock(void) { pthread_mutex_unlock(&lock); }

dnnl_status_t shared_engine(dnnl_engine_t *engine_out, dnnl_stream_t *stream_out) {
  dnnl_status_t s = dnnl_success;
  if (!engine) s = dnnl_engine_create(&engine, dnnl_cpu, 0);
  if (s == dnnl_success && !stream) s = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
  *engine_out = engine;
  *stream_out = stream;
  return s;
}

cneural_status status_of(dnnl_status_t status) {
  switch (status) {
  case dnnl_success: return CNEURAL_OK;
  case dnnl_out_of_memory: return CNEURAL_OUT_OF_MEMORY;
  case dnnl_invalid_arguments: return CNEURAL_INVALID_ARGUMENT;
  case dnnl_unimplemented: return CNEURAL_UNSUPPORTED;
  default: return CNEURAL_FAILED;
  }
}
