#ifndef CLIBZIP_STATUS_H
#define CLIBZIP_STATUS_H

#include "CLibzip.h"
#include <zip.h>

/// What of libzip's errors callers tell apart; never `CLIBZIP_OK`.
clibzip_status clibzip_status_of(const zip_error_t *error);

#endif
