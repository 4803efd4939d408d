#define _GNU_SOURCE
#include "CNeural.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

// oneDNN brings an OpenMP runtime with it (libgomp or libomp). Both export GOMP_parallel, the entry point
// that GCC's `#pragma omp parallel` compiles to; calling it runs our loops on the very threads that oneDNN
// uses. It is looked up at run time, so nothing needs to be linked or installed for it.

typedef void (*gomp_parallel)(void (*)(void *), void *, unsigned, unsigned);

static gomp_parallel parallel_region;
static void (*set_thread_count)(int);
static int (*get_thread_count)(void);
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void look_up(void) {
  parallel_region = (gomp_parallel)dlsym(RTLD_DEFAULT, "GOMP_parallel");
  set_thread_count = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  get_thread_count = (int (*)(void))dlsym(RTLD_DEFAULT, "omp_get_max_threads");
}

void cneural_set_thread_count(int count) {
  pthread_once(&once, look_up);
  if (set_thread_count && count > 0) set_thread_count(count);
}

int cneural_thread_count(void) {
  pthread_once(&once, look_up);
  return get_thread_count ? get_thread_count() : 1;
}

typedef struct {
  void (*body)(void *, int);
  void *context;
  int parts;
  atomic_int next;
} work;

static void take_parts(void *pointer) {
  work *shared = pointer;
  for (;;) {
    const int part = atomic_fetch_add_explicit(&shared->next, 1, memory_order_relaxed);
    if (part >= shared->parts) return;
    shared->body(shared->context, part);
  }
}

void cneural_parallel(int parts, void (*body)(void *context, int part), void *context) {
  pthread_once(&once, look_up);
  const int threads = cneural_thread_count();
  if (parts <= 1 || threads <= 1 || !parallel_region) {
    for (int part = 0; part < parts; part++) body(context, part);
    return;
  }
  work shared = {body, context, parts, 0};
  // Always the same team: libgomp ends threads when a team shrinks. Spare threads find no part.
  parallel_region(take_parts, &shared, (unsigned)threads, 0);
}
