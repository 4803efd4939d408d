#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

#ifdef __APPLE__
#define VIPS_FILE "libvips.42.dylib"
#define GOBJECT_FILE "libgobject-2.0.0.dylib"
#else
#define VIPS_FILE "libvips.so.42"
#define GOBJECT_FILE "libgobject-2.0.so.0"
#endif

// Homebrew's folders are not among those that the loader searches on its own.
static const char *const folders[] = {
    "",
#ifdef __APPLE__
    "/opt/homebrew/lib/",
    "/usr/local/lib/",
#endif
};

static vips_library library;
static atomic_bool is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#ifdef CIMAGING_COMPARE
// Compiled, never linked: a prototype that differs from the header's is an error.
#define FIND(member, handle, name) \
  do {                             \
    (void)(handle);                \
    library.member = name;         \
  } while (0)
#else
/// Looks up a function; the lookup has failed once one is missing.
#define FIND(member, handle, name)                                 \
  do {                                                             \
    library.member = (__typeof__(library.member))dlsym(handle, #name); \
    if (!library.member) return false;                             \
  } while (0)
#endif

static bool find_functions(void *vips, void *gobject) {
  FIND(jpegload, vips, vips_jpegload_buffer);
  FIND(pngload, vips, vips_pngload_buffer);
  FIND(webpload, vips, vips_webpload_buffer);
  FIND(gifload, vips, vips_gifload_buffer);
  FIND(tiffload, vips, vips_tiffload_buffer);
  FIND(heifload, vips, vips_heifload_buffer);
  FIND(svgload, vips, vips_svgload_buffer);
  FIND(operation_block_set, vips, vips_operation_block_set);
  FIND(type_find, vips, vips_type_find);
  FIND(image_get_width, vips, vips_image_get_width);
  FIND(image_get_height, vips, vips_image_get_height);
  FIND(image_get_bands, vips, vips_image_get_bands);
  FIND(image_get_format, vips, vips_image_get_format);
  FIND(image_get_interpretation, vips, vips_image_get_interpretation);
  FIND(image_get_orientation, vips, vips_image_get_orientation);
  FIND(image_hasalpha, vips, vips_image_hasalpha);
  FIND(image_get_typeof, vips, vips_image_get_typeof);
  FIND(image_get_blob, vips, vips_image_get_blob);
  FIND(region_new, vips, vips_region_new);
  FIND(region_fetch, vips, vips_region_fetch);
  FIND(icc_transform, vips, vips_icc_transform);
  FIND(colourspace_issupported, vips, vips_colourspace_issupported);
  FIND(colourspace, vips, vips_colourspace);
  FIND(array_double_newv, vips, vips_array_double_newv);
  FIND(area_unref, vips, vips_area_unref);
  FIND(flatten, vips, vips_flatten);
  FIND(extract_band, vips, vips_extract_band);
  FIND(cast, vips, vips_cast);
  FIND(image_new_from_memory, vips, vips_image_new_from_memory);
  FIND(copy, vips, vips_copy);
  FIND(resize, vips, vips_resize);
  FIND(jpegsave, vips, vips_jpegsave_buffer);
  FIND(error_clear, vips, vips_error_clear);
  FIND(thread_shutdown, vips, vips_thread_shutdown);
  FIND(object_unref, gobject, g_object_unref);
  FIND(free, gobject, g_free);
  return true;
}

/// Warnings of libvips go to standard error unless someone takes them.
static void ignore(const char *domain, int level, const char *message, void *context) {
  (void)domain, (void)level, (void)message, (void)context;
}

/// Starts the library: nothing is cached, since no photo is decoded twice; one thread works on a photo, since
/// there are many photos; and loaders that libvips does not trust with files from anywhere are refused.
static bool start(void *vips, void *gobject) {
  int (*init)(const char *) = (int (*)(const char *))dlsym(vips, "vips_init");
  void (*block_untrusted)(int) = (void (*)(int))dlsym(vips, "vips_block_untrusted_set");
  void (*concurrency)(int) = (void (*)(int))dlsym(vips, "vips_concurrency_set");
  void (*cache_operations)(int) = (void (*)(int))dlsym(vips, "vips_cache_set_max");
  unsigned (*take_log)(const char *, int, void (*)(const char *, int, const char *, void *), void *) =
      (unsigned (*)(const char *, int, void (*)(const char *, int, const char *, void *), void *))dlsym(
          gobject, "g_log_set_handler");
  if (!init || !block_untrusted || !concurrency || !cache_operations || !take_log) return false;
  const int warnings_and_less = 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7;
  take_log("VIPS", warnings_and_less, ignore, NULL);
  if (init("vse") != 0) return false;
  block_untrusted(1);
  concurrency(1);
  cache_operations(0);
  return true;
}

/// Opens a library in the first folder that has it.
static void *open_library(const char *folder, const char *name) {
  char path[64];
  size_t length = 0;
  for (const char *part = folder; *part && length < sizeof path - 1; part++) path[length++] = *part;
  for (const char *part = name; *part && length < sizeof path - 1; part++) path[length++] = *part;
  path[length] = 0;
  return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static void load(void) {
  for (size_t index = 0; index < sizeof folders / sizeof folders[0]; index++) {
    void *vips = open_library(folders[index], VIPS_FILE);
    if (!vips) continue;
    void *gobject = open_library(folders[index], GOBJECT_FILE);
    if (gobject && find_functions(vips, gobject) && start(vips, gobject)) {
      atomic_store(&is_loaded, true);
      return;
    }
    // Neither is closed: types of GObject are registered for good.
  }
}

const vips_library *cimaging_load(void) {
  pthread_once(&once, load);
  return cimaging_is_loaded() ? &library : NULL;
}

bool cimaging_is_loaded(void) { return atomic_load(&is_loaded); }
