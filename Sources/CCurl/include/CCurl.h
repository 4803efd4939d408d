#ifndef CCURL_H
#define CCURL_H

// The one door to libcurl. Nothing else in the project names it.
//
// The library is looked up when the first request is made, under the names that it has had since 2006 (its
// binary interface has number 4 since then): nothing needs it to be built, and no command that downloads
// nothing waits for it and the two dozen libraries that it loads.
//
// Ownership: callers own every buffer that they pass, and what handlers are given is valid only within their
// call; nothing is kept after a call returns.
// Threads: requests may be made on several threads; all handlers of a request are called on its own thread.

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  /// The answer came whole, as far as its own framing (a length, chunks) tells.
  CCURL_OK = 0,
  /// There is no libcurl on this machine.
  CCURL_NO_LIBRARY = 1,
  /// The address is none, or not of http or https.
  CCURL_BAD_ADDRESS = 2,
  CCURL_UNKNOWN_HOST = 3,
  /// The host is known but takes no connection.
  CCURL_NO_CONNECTION = 4,
  /// No connection within `connect_seconds`, or not a byte for `stall_seconds`.
  CCURL_TIMED_OUT = 5,
  /// The connection ended before the answer did.
  CCURL_BROKEN = 6,
  /// The host cannot prove who it is.
  CCURL_UNTRUSTED = 7,
  /// A handler has returned false.
  CCURL_STOPPED = 8,
  CCURL_OUT_OF_MEMORY = 9,
  /// What came is not HTTP, no TLS could be agreed on, or anything else; see `message`.
  CCURL_FAILED = 10,
} ccurl_status;

/// A GET. Redirects are not followed, bodies not decoded, and only http and https are spoken. A proxy that the
/// environment names (`http_proxy`, `https_proxy`, `no_proxy`) is used.
typedef struct {
  /// Ends with a zero byte, as all strings here.
  const char *address;
  const char *user_agent;
  /// `header_count` lines such as "Range: bytes=5-".
  const char *const *headers;
  size_t header_count;
  long connect_seconds;
  long stall_seconds;
} ccurl_request;

/// Called with `context`, in the order in which the answer comes. Each returns whether to go on.
typedef struct {
  void *context;
  /// A line of a head: a status line, a header or the empty line at the end, `count` bytes with their line
  /// break. Heads of 1xx come before that of the answer, and trailers after the body.
  bool (*head_line)(void *context, const char *bytes, size_t count);
  /// The next `count` bytes of the body, never none.
  bool (*body)(void *context, const void *bytes, size_t count);
  /// Called about once a second or more often, also while nothing comes.
  bool (*wait)(void *context);
} ccurl_handlers;

/// The bytes of a message, its zero byte included.
enum { CCURL_MESSAGE_SIZE = 256 };

/// Makes a request and blocks until its answer has come whole, it fails or a handler stops it. `message` has
/// room for `CCURL_MESSAGE_SIZE` bytes; what libcurl says of a failure is put there, or the empty string.
ccurl_status ccurl_get(const ccurl_request *request, const ccurl_handlers *handlers, char *message);

#ifdef __cplusplus
}
#endif
#endif
