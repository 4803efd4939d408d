#include "status.h"

clibzip_status clibzip_status_of(const zip_error_t *error) {
  switch (zip_error_code_zip(error)) {
    case ZIP_ER_MEMORY: return CLIBZIP_OUT_OF_MEMORY;
    case ZIP_ER_CRC: return CLIBZIP_WRONG_CHECKSUM;
    case ZIP_ER_ZLIB:
    case ZIP_ER_COMPRESSED_DATA:
    case ZIP_ER_EOF:
    case ZIP_ER_INCONS: return CLIBZIP_DAMAGED;
    default: return CLIBZIP_FAILED;
  }
}
