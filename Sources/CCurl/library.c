#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#if __has_include(<curl/curl.h>)
#include <curl/curl.h>
#define SAME(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), "libcurl has another number: " #theirs)
SAME(GLOBAL_DEFAULT, CURL_GLOBAL_DEFAULT);
SAME(PROTOCOL_HTTP, CURLPROTO_HTTP);
SAME(PROTOCOL_HTTPS, CURLPROTO_HTTPS);
SAME(OPTION_LOW_SPEED_LIMIT, CURLOPT_LOW_SPEED_LIMIT);
SAME(OPTION_LOW_SPEED_TIME, CURLOPT_LOW_SPEED_TIME);
SAME(OPTION_NOPROGRESS, CURLOPT_NOPROGRESS);
SAME(OPTION_CONNECTTIMEOUT, CURLOPT_CONNECTTIMEOUT);
SAME(OPTION_BUFFERSIZE, CURLOPT_BUFFERSIZE);
SAME(OPTION_NOSIGNAL, CURLOPT_NOSIGNAL);
SAME(OPTION_PROTOCOLS, CURLOPT_PROTOCOLS);
SAME(OPTION_WRITEDATA, CURLOPT_WRITEDATA);
SAME(OPTION_URL, CURLOPT_URL);
SAME(OPTION_ERRORBUFFER, CURLOPT_ERRORBUFFER);
SAME(OPTION_USERAGENT, CURLOPT_USERAGENT);
SAME(OPTION_HTTPHEADER, CURLOPT_HTTPHEADER);
SAME(OPTION_HEADERDATA, CURLOPT_HEADERDATA);
SAME(OPTION_XFERINFODATA, CURLOPT_XFERINFODATA);
SAME(OPTION_WRITEFUNCTION, CURLOPT_WRITEFUNCTION);
SAME(OPTION_HEADERFUNCTION, CURLOPT_HEADERFUNCTION);
SAME(OPTION_XFERINFOFUNCTION, CURLOPT_XFERINFOFUNCTION);
SAME(RESULT_OK, CURLE_OK);
SAME(RESULT_URL_MALFORMAT, CURLE_URL_MALFORMAT);
SAME(RESULT_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_HOST);
SAME(RESULT_COULDNT_CONNECT, CURLE_COULDNT_CONNECT);
SAME(RESULT_HTTP2, CURLE_HTTP2);
SAME(RESULT_PARTIAL_FILE, CURLE_PARTIAL_FILE);
SAME(RESULT_OUT_OF_MEMORY, CURLE_OUT_OF_MEMORY);
SAME(RESULT_OPERATION_TIMEDOUT, CURLE_OPERATION_TIMEDOUT);
SAME(RESULT_GOT_NOTHING, CURLE_GOT_NOTHING);
SAME(RESULT_SEND_ERROR, CURLE_SEND_ERROR);
SAME(RESULT_RECV_ERROR, CURLE_RECV_ERROR);
SAME(RESULT_PEER_FAILED_VERIFICATION, CURLE_PEER_FAILED_VERIFICATION);
SAME(RESULT_SSL_CACERT_BADFILE, CURLE_SSL_CACERT_BADFILE);
SAME(RESULT_HTTP2_STREAM, CURLE_HTTP2_STREAM);
#endif

static const char *const names[] = {
#ifdef __APPLE__
    "/usr/lib/libcurl.4.dylib",
#else
    "libcurl.so.4",
    // Debian's other builds of the same interface.
    "libcurl-gnutls.so.4",
    "libcurl-nss.so.4",
#endif
};

static ccurl_library library;
static bool is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// Whether all functions were found and the library could be initialised.
static bool look_up(void *handle) {
  int (*global_init)(long) = (int (*)(long))dlsym(handle, "curl_global_init");
  library.easy_init = (void *(*)(void))dlsym(handle, "curl_easy_init");
  library.easy_setopt = (int (*)(void *, int, ...))dlsym(handle, "curl_easy_setopt");
  library.easy_perform = (int (*)(void *))dlsym(handle, "curl_easy_perform");
  library.easy_cleanup = (void (*)(void *))dlsym(handle, "curl_easy_cleanup");
  library.easy_strerror = (const char *(*)(int))dlsym(handle, "curl_easy_strerror");
  library.slist_append = (ccurl_list * (*)(ccurl_list *, const char *)) dlsym(handle, "curl_slist_append");
  library.slist_free_all = (void (*)(ccurl_list *))dlsym(handle, "curl_slist_free_all");
  return global_init && library.easy_init && library.easy_setopt && library.easy_perform &&
         library.easy_cleanup && library.easy_strerror && library.slist_append && library.slist_free_all &&
         global_init(GLOBAL_DEFAULT) == RESULT_OK;
}

static void load(void) {
  for (size_t index = 0; index < sizeof names / sizeof names[0] && !is_loaded; index++) {
    void *handle = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
    if (!handle) continue;
    is_loaded = look_up(handle);
    // What was initialised stays until the process ends.
    if (!is_loaded) dlclose(handle);
  }
}

const ccurl_library *ccurl_load(void) {
  pthread_once(&once, load);
  return is_loaded ? &library : NULL;
}
