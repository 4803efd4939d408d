#define _GNU_SOURCE
#include "CCurl.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "library.h"

/// Enough that a fast network is not slowed by calls, and little to hold.
enum { BUFFER_BYTES = 256 << 10 };

typedef struct {
  const ccurl_handlers *handlers;
  bool stopped;
} transfer;

/// What libcurl's callbacks return for bytes that were taken, or to stop: any other number.
static size_t taken(transfer *state, bool goes_on, size_t count) {
  if (goes_on) return count;
  state->stopped = true;
  return count + 1;
}

static size_t take_head_line(char *bytes, size_t size, size_t count, void *context) {
  transfer *state = context;
  const ccurl_handlers *handlers = state->handlers;
  return taken(state, handlers->head_line(handlers->context, bytes, size * count), size * count);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
  transfer *state = context;
  const ccurl_handlers *handlers = state->handlers;
  if (size * count == 0) return 0;
  return taken(state, handlers->body(handlers->context, bytes, size * count), size * count);
}

static int take_wait(void *context, int64_t total, int64_t now, int64_t total_up, int64_t now_up) {
  (void)total, (void)now, (void)total_up, (void)now_up;
  transfer *state = context;
  const ccurl_handlers *handlers = state->handlers;
  if (handlers->wait(handlers->context)) return 0;
  state->stopped = true;
  return 1;
}

static ccurl_status status_of(int result, bool stopped) {
  if (stopped) return CCURL_STOPPED;
  switch (result) {
    case RESULT_OK: return CCURL_OK;
    case RESULT_URL_MALFORMAT: return CCURL_BAD_ADDRESS;
    case RESULT_COULDNT_RESOLVE_HOST: return CCURL_UNKNOWN_HOST;
    case RESULT_COULDNT_CONNECT: return CCURL_NO_CONNECTION;
    case RESULT_OPERATION_TIMEDOUT: return CCURL_TIMED_OUT;
    case RESULT_HTTP2:
    case RESULT_PARTIAL_FILE:
    case RESULT_GOT_NOTHING:
    case RESULT_SEND_ERROR:
    case RESULT_RECV_ERROR:
    case RESULT_HTTP2_STREAM: return CCURL_BROKEN;
    case RESULT_PEER_FAILED_VERIFICATION:
    case RESULT_SSL_CACERT_BADFILE: return CCURL_UNTRUSTED;
    case RESULT_OUT_OF_MEMORY: return CCURL_OUT_OF_MEMORY;
    default: return CCURL_FAILED;
  }
}

/// Whether all options could be set.
static bool set_up(
    const ccurl_library *curl, void *handle, const ccurl_request *request, ccurl_list *headers, transfer *state,
    char *message) {
  return curl->easy_setopt(handle, OPTION_ERRORBUFFER, message) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_URL, request->address) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_PROTOCOLS, (long)(PROTOCOL_HTTP | PROTOCOL_HTTPS)) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_USERAGENT, request->user_agent) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_HTTPHEADER, headers) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_BUFFERSIZE, (long)BUFFER_BYTES) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_CONNECTTIMEOUT, request->connect_seconds) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_LOW_SPEED_LIMIT, 1L) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_LOW_SPEED_TIME, request->stall_seconds) == RESULT_OK &&
         // Signals are the process's own affair; see block_broken_pipe.
         curl->easy_setopt(handle, OPTION_NOSIGNAL, 1L) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_HEADERFUNCTION, take_head_line) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_HEADERDATA, state) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_WRITEFUNCTION, take_body) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_WRITEDATA, state) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_XFERINFOFUNCTION, take_wait) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_XFERINFODATA, state) == RESULT_OK &&
         curl->easy_setopt(handle, OPTION_NOPROGRESS, 0L) == RESULT_OK;
}

/// Keeps a connection that the host has closed from ending the process: TLS libraries write to sockets without
/// MSG_NOSIGNAL. Puts the signals that were blocked before into `previous`. Darwin's sockets raise no signal.
static void block_broken_pipe(sigset_t *previous) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, previous);
}

/// Forgets a signal that has come meanwhile, unless the caller had blocked it, too.
static void unblock_broken_pipe(const sigset_t *previous) {
#ifndef __APPLE__
  if (!sigismember(previous, SIGPIPE)) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    const struct timespec at_once = {0, 0};
    sigtimedwait(&signals, NULL, &at_once);
  }
#endif
  pthread_sigmask(SIG_SETMASK, previous, NULL);
}

/// The headers as a list of libcurl's, NULL without headers or memory.
static ccurl_list *list_of(const ccurl_library *curl, const ccurl_request *request) {
  ccurl_list *list = NULL;
  for (size_t index = 0; index < request->header_count; index++) {
    ccurl_list *longer = curl->slist_append(list, request->headers[index]);
    if (!longer) {
      curl->slist_free_all(list);
      return NULL;
    }
    list = longer;
  }
  return list;
}

ccurl_status ccurl_get(const ccurl_request *request, const ccurl_handlers *handlers, char *message) {
  message[0] = 0;
  const ccurl_library *curl = ccurl_load();
  if (!curl) return CCURL_NO_LIBRARY;
  sigset_t previous;
  block_broken_pipe(&previous);
  void *handle = curl->easy_init();
  ccurl_list *headers = list_of(curl, request);
  ccurl_status status = CCURL_OUT_OF_MEMORY;
  transfer state = {handlers, false};
  if (handle && (headers || request->header_count == 0) &&
      set_up(curl, handle, request, headers, &state, message)) {
    const int result = curl->easy_perform(handle);
    status = status_of(result, state.stopped);
    if (result != RESULT_OK && message[0] == 0) {
      strncpy(message, curl->easy_strerror(result), CCURL_MESSAGE_SIZE - 1);
      message[CCURL_MESSAGE_SIZE - 1] = 0;
    }
  }
  // This closes the connection, for which TLS writes, too.
  if (handle) curl->easy_cleanup(handle);
  curl->slist_free_all(headers);
  unblock_broken_pipe(&previous);
  return status;
}
