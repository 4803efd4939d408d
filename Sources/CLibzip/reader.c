// Reading one entry.
//
// libzip looks for the directory of an archive wherever something in its last 64 KB resembles one, and version
// 1.7 reads all that it finds: a hostile file of that size keeps it busy for a second, or shows it another
// directory than it shows others. It also tells no one where the bytes of an entry begin. So the directory is read
// elsewhere, strictly, and libzip is given a small archive made here, around the bytes of the one entry:
//
//   central header | local header | bytes of the entry | zeros, as far as libzip searches | end record
//
// Nothing is copied: a source of libzip can be made of fragments.

#include "CLibzip.h"
#include "status.h"
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum {
  LOCAL_HEADER = 30,
  CENTRAL_HEADER = 46,
  ZIP64_FIELD = 20,
  END_RECORD = 22,
  NAME = 1,
  // The longest comment that can follow an end record, and a record of zip64 that can precede it.
  SEARCHED = 0xFFFF + END_RECORD + 20,
};

struct clibzip_reader {
  zip_t *archive;
  zip_file_t *file;
  uint8_t head[CENTRAL_HEADER + NAME + ZIP64_FIELD + LOCAL_HEADER + NAME];
  uint8_t tail[END_RECORD];
};

static uint8_t *put(uint8_t *place, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++) *place++ = (uint8_t)(value >> (8 * i));
  return place;
}

/// Version needed, flags (the name is UTF-8), method, time and date (1 January 1980).
static uint8_t *put_description(uint8_t *place, bool deflated) {
  place = put(place, 45, 2);
  place = put(place, 0x0800, 2);
  place = put(place, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 2);
  return put(place, 0x00210000, 4);
}

/// The headers of an archive of one entry. Sizes always stand in a field of zip64, which has room for all.
static void put_headers(clibzip_reader *reader, const clibzip_entry *entry) {
  uint8_t *place = put(reader->head, 0x02014b50, 4);
  place = put(place, 45, 2);
  place = put_description(place, entry->deflated);
  place = put(place, entry->crc32, 4);
  place = put(place, 0xFFFFFFFF, 4);
  place = put(place, 0xFFFFFFFF, 4);
  place = put(place, NAME, 2);
  place = put(place, ZIP64_FIELD, 2);
  // No comment, the first disk, no attributes.
  place = put(place, 0, 8);
  place = put(place, 0, 2);
  place = put(place, CENTRAL_HEADER + NAME + ZIP64_FIELD, 4);
  place = put(place, 'x', NAME);
  place = put(place, 0x0001, 2);
  place = put(place, ZIP64_FIELD - 4, 2);
  place = put(place, entry->uncompressed_size, 8);
  place = put(place, entry->compressed_size, 8);

  // Of the local header libzip wants only the lengths of its name and fields; the sizes are given above.
  place = put(place, 0x04034b50, 4);
  place = put_description(place, entry->deflated);
  place = put(place, entry->crc32, 4);
  place = put(place, 0, 8);
  place = put(place, NAME, 2);
  place = put(place, 0, 2);
  put(place, 'x', NAME);

  place = put(reader->tail, 0x06054b50, 4);
  place = put(place, 0, 4);
  place = put(place, 1, 2);
  place = put(place, 1, 2);
  place = put(place, CENTRAL_HEADER + NAME + ZIP64_FIELD, 4);
  place = put(place, 0, 4);
  put(place, 0, 2);
}

clibzip_status clibzip_reader_open(clibzip_reader **result, const clibzip_entry *entry) {
  static uint8_t zeros[SEARCHED];
  clibzip_reader *reader = calloc(1, sizeof(*reader));
  if (!reader) return CLIBZIP_OUT_OF_MEMORY;
  put_headers(reader, entry);
  // libzip asks for pointers to bytes that can be written and, as the archive is only read, never writes.
  zip_uint8_t *data = (zip_uint8_t *)(uintptr_t)entry->data;
  zip_buffer_fragment_t fragments[4] = {{reader->head, sizeof(reader->head)}};
  int count = 1;
  // An empty fragment makes libzip 1.7 lose its place.
  if (entry->compressed_size > 0) fragments[count++] = (zip_buffer_fragment_t){data, entry->compressed_size};
  fragments[count++] = (zip_buffer_fragment_t){zeros, sizeof(zeros)};
  fragments[count++] = (zip_buffer_fragment_t){reader->tail, sizeof(reader->tail)};
  zip_error_t error;
  zip_error_init(&error);
  clibzip_status status = CLIBZIP_OK;
  zip_source_t *source = zip_source_buffer_fragment_create(fragments, (zip_uint64_t)count, 0, &error);
  if (source) reader->archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (!reader->archive) {
    if (source) zip_source_free(source);
    status = clibzip_status_of(&error);
  } else {
    reader->file = zip_fopen_index(reader->archive, 0, 0);
    if (!reader->file) status = clibzip_status_of(zip_get_error(reader->archive));
  }
  zip_error_fini(&error);
  if (status == CLIBZIP_OK) {
    *result = reader;
  } else {
    clibzip_reader_close(reader);
  }
  return status;
}

clibzip_status clibzip_reader_read(clibzip_reader *reader, void *buffer, size_t capacity, size_t *count) {
  zip_int64_t got = zip_fread(reader->file, buffer, capacity);
  *count = got > 0 ? (size_t)got : 0;
  return got < 0 ? clibzip_status_of(zip_file_get_error(reader->file)) : CLIBZIP_OK;
}

void clibzip_reader_close(clibzip_reader *reader) {
  if (reader->file) zip_fclose(reader->file);
  if (reader->archive) zip_discard(reader->archive);
  free(reader);
}
