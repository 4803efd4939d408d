#ifndef CCURL_LIBRARY_H
#define CCURL_LIBRARY_H

// The part of libcurl's binary interface that is used here, as its documentation states it: numbers of
// options and results never change. Where libcurl's own header is installed, library.c compares them with it.

typedef struct ccurl_list ccurl_list;

enum {
  GLOBAL_DEFAULT = 3,

  PROTOCOL_HTTP = 1,
  PROTOCOL_HTTPS = 2,

  OPTION_LOW_SPEED_LIMIT = 19,
  OPTION_LOW_SPEED_TIME = 20,
  OPTION_NOPROGRESS = 43,
  OPTION_CONNECTTIMEOUT = 78,
  OPTION_BUFFERSIZE = 98,
  OPTION_NOSIGNAL = 99,
  OPTION_PROTOCOLS = 181,
  OPTION_WRITEDATA = 10001,
  OPTION_URL = 10002,
  OPTION_ERRORBUFFER = 10010,
  OPTION_USERAGENT = 10018,
  OPTION_HTTPHEADER = 10023,
  OPTION_HEADERDATA = 10029,
  OPTION_XFERINFODATA = 10057,
  OPTION_WRITEFUNCTION = 20011,
  OPTION_HEADERFUNCTION = 20079,
  OPTION_XFERINFOFUNCTION = 20219,

  RESULT_OK = 0,
  RESULT_URL_MALFORMAT = 3,
  RESULT_COULDNT_RESOLVE_HOST = 6,
  RESULT_COULDNT_CONNECT = 7,
  RESULT_HTTP2 = 16,
  RESULT_PARTIAL_FILE = 18,
  RESULT_OUT_OF_MEMORY = 27,
  RESULT_OPERATION_TIMEDOUT = 28,
  RESULT_GOT_NOTHING = 52,
  RESULT_SEND_ERROR = 55,
  RESULT_RECV_ERROR = 56,
  RESULT_PEER_FAILED_VERIFICATION = 60,
  RESULT_SSL_CACERT_BADFILE = 77,
  RESULT_HTTP2_STREAM = 92,
};

/// The functions of the library. The types of the arguments after `option` are as the option has them: `long`
/// for the numbers, pointers for all else.
typedef struct {
  void *(*easy_init)(void);
  int (*easy_setopt)(void *handle, int option, ...);
  int (*easy_perform)(void *handle);
  void (*easy_cleanup)(void *handle);
  const char *(*easy_strerror)(int result);
  ccurl_list *(*slist_append)(ccurl_list *list, const char *string);
  void (*slist_free_all)(ccurl_list *list);
} ccurl_library;

/// The library, loaded once for the process; NULL where there is none.
const ccurl_library *ccurl_load(void);

#endif
