// Writing an archive: libzip takes the members from callbacks and gives the archive to one.

#include "CLibzip.h"
#include "status.h"
#include <errno.h>
#include <stdlib.h>
#include <zip.h>

typedef struct {
  const clibzip_member *member;
  uint64_t position;
  zip_error_t error;
} input;

/// The source of a member's bytes, which live as long as `state`, an `input`.
static zip_int64_t read_member(void *state, void *data, zip_uint64_t length, zip_source_cmd_t command) {
  input *in = state;
  switch (command) {
    case ZIP_SOURCE_OPEN: in->position = 0; return 0;
    case ZIP_SOURCE_READ: {
      uint64_t left = in->member->size - in->position;
      size_t count = (size_t)(length < left ? length : left);
      if (count > 0) in->member->copy(in->member->context, in->position, data, count);
      in->position += count;
      return (zip_int64_t)count;
    }
    case ZIP_SOURCE_STAT: {
      zip_stat_t *status = ZIP_SOURCE_GET_ARGS(zip_stat_t, data, length, &in->error);
      if (!status) return -1;
      zip_stat_init(status);
      status->size = in->member->size;
      status->valid = ZIP_STAT_SIZE;
      return sizeof(*status);
    }
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&in->error, data, length);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE: return 0;
    case ZIP_SOURCE_SUPPORTS: return ZIP_SOURCE_SUPPORTS_READABLE;
    default: zip_error_set(&in->error, ZIP_ER_OPNOTSUPP, 0); return -1;
  }
}

typedef struct {
  clibzip_output write;
  void *context;
  uint64_t position;
  zip_error_t error;
} output;

/// The source, in libzip's words, that an archive is written to: a file that does not exist yet. libzip wants
/// it to be readable as well, and never reads.
static zip_int64_t write_archive(void *state, void *data, zip_uint64_t length, zip_source_cmd_t command) {
  output *out = state;
  switch (command) {
    case ZIP_SOURCE_STAT: zip_error_set(&out->error, ZIP_ER_READ, ENOENT); return -1;
    case ZIP_SOURCE_BEGIN_WRITE: out->position = 0; return 0;
    case ZIP_SOURCE_WRITE:
      if (!out->write(out->context, out->position, data, (size_t)length)) {
        zip_error_set(&out->error, ZIP_ER_WRITE, 0);
        return -1;
      }
      out->position += length;
      return (zip_int64_t)length;
    case ZIP_SOURCE_SEEK_WRITE: {
      zip_source_args_seek_t *place = ZIP_SOURCE_GET_ARGS(zip_source_args_seek_t, data, length, &out->error);
      // libzip goes back to a header and on to the end of what it has written, both from the start.
      if (!place) return -1;
      if (place->whence != SEEK_SET || place->offset < 0) {
        zip_error_set(&out->error, ZIP_ER_INVAL, 0);
        return -1;
      }
      out->position = (uint64_t)place->offset;
      return 0;
    }
    case ZIP_SOURCE_TELL_WRITE: return (zip_int64_t)out->position;
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&out->error, data, length);
    case ZIP_SOURCE_COMMIT_WRITE:
    case ZIP_SOURCE_ROLLBACK_WRITE:
    case ZIP_SOURCE_FREE: return 0;
    case ZIP_SOURCE_SUPPORTS: return ZIP_SOURCE_SUPPORTS_WRITABLE;
    default: zip_error_set(&out->error, ZIP_ER_OPNOTSUPP, 0); return -1;
  }
}

static bool add(zip_t *archive, input *in) {
  enum { JANUARY_1980 = 0x0021 };
  zip_source_t *source = zip_source_function(archive, read_member, in);
  if (!source) return false;
  zip_int64_t index = zip_file_add(archive, in->member->name, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  zip_int32_t method = in->member->deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
  return zip_set_file_compression(archive, (zip_uint64_t)index, method, 6) == 0 &&
         zip_file_set_dostime(archive, (zip_uint64_t)index, 0, JANUARY_1980, 0) == 0;
}

clibzip_status clibzip_write(const clibzip_member *members, size_t count, clibzip_output write,
                             void *context) {
  output out = {.write = write, .context = context};
  input *inputs = calloc(count, sizeof(*inputs));
  if (!inputs) return CLIBZIP_OUT_OF_MEMORY;
  zip_error_t error;
  zip_error_init(&error);
  zip_error_init(&out.error);
  clibzip_status status = CLIBZIP_OK;
  zip_t *archive = NULL;
  zip_source_t *source = zip_source_function_create(write_archive, &out, &error);
  if (source) archive = zip_open_from_source(source, ZIP_CREATE, &error);
  if (!archive) {
    if (source) zip_source_free(source);
    status = clibzip_status_of(&error);
  }
  for (size_t i = 0; i < count && status == CLIBZIP_OK; i++) {
    inputs[i].member = &members[i];
    zip_error_init(&inputs[i].error);
    if (!add(archive, &inputs[i])) status = clibzip_status_of(zip_get_error(archive));
  }
  if (status == CLIBZIP_OK && zip_close(archive) != 0) status = clibzip_status_of(zip_get_error(archive));
  if (archive && status != CLIBZIP_OK) zip_discard(archive);
  zip_error_fini(&error);
  free(inputs);
  return status;
}
