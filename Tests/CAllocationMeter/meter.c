#include "CAllocationMeter.h"
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)
#include <errno.h>
#include <malloc.h>
#include <stdint.h>

// glibc's own functions under the names that it keeps for programs like this one.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static __thread intptr_t held, peak;

static void *taken(void *block) {
  if (block) held += (intptr_t)malloc_usable_size(block);
  if (held > peak) peak = held;
  return block;
}

static void given(void *block) {
  if (block) held -= (intptr_t)malloc_usable_size(block);
}

void *malloc(size_t size) { return taken(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return taken(__libc_calloc(count, size)); }

void *realloc(void *block, size_t size) {
  intptr_t before = block ? (intptr_t)malloc_usable_size(block) : 0;
  void *result = __libc_realloc(block, size);
  if (result || size == 0) held -= before;
  return taken(result);
}

void *memalign(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  void *block = taken(__libc_memalign(alignment, size));
  if (!block) return ENOMEM;
  *result = block;
  return 0;
}

void free(void *block) {
  given(block);
  __libc_free(block);
}

bool allocation_meter_works(void) { return true; }
void allocation_meter_start(void) { held = peak = 0; }
size_t allocation_meter_peak(void) { return (size_t)peak; }
#else
bool allocation_meter_works(void) { return false; }
void allocation_meter_start(void) {}
size_t allocation_meter_peak(void) { return 0; }
#endif
