#ifndef CLIBZIP_H
#define CLIBZIP_H

// The one door to libzip. Nothing else in the project names it.
//
// Ownership: callers own every buffer that they pass and keep it, unchanged, for as long as stated; what a
// function here makes is released by its counterpart.
// Threads: two readers may be used on two threads, one reader on one thread at a time.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CLIBZIP_OK = 0,
  CLIBZIP_OUT_OF_MEMORY = 1,
  /// The compressed bytes are not what their method makes.
  CLIBZIP_DAMAGED = 2,
  /// The bytes are not those that the checksum was taken of.
  CLIBZIP_WRONG_CHECKSUM = 3,
  CLIBZIP_FAILED = 4,
} clibzip_status;

/// The bytes of one entry of an archive, as they stand in the file, and what its directory says of them.
typedef struct {
  /// `compressed_size` bytes, which must stay until the reader is closed.
  const void *data;
  uint64_t compressed_size;
  uint64_t uncompressed_size;
  /// The CRC-32 of the uncompressed bytes.
  uint32_t crc32;
  /// Whether the bytes are deflated; otherwise they are stored as they are.
  bool deflated;
} clibzip_entry;

typedef struct clibzip_reader clibzip_reader;

/// Begins to read an entry and puts a reader into `reader`, to be released with `clibzip_reader_close`; on
/// failure there is nothing to release.
clibzip_status clibzip_reader_open(clibzip_reader **reader, const clibzip_entry *entry);

/// Writes the next uncompressed bytes, at most `capacity` and at least one until the end, to `buffer` and
/// their number into `count`. At the end, where `count` is 0, it compares the checksum and the size.
clibzip_status clibzip_reader_read(clibzip_reader *reader, void *buffer, size_t capacity, size_t *count);

void clibzip_reader_close(clibzip_reader *reader);

/// A file to be written into an archive.
typedef struct {
  /// Its name, at most 65535 bytes of UTF-8 and a zero. No two members may have the same.
  const char *name;
  /// The number of its bytes.
  uint64_t size;
  /// Whether to deflate its bytes; otherwise they are stored as they are.
  bool deflated;
  /// Called with `context` to write `count` of the bytes, those from `offset` on, to `buffer`. It is asked for
  /// all bytes once, in order.
  void (*copy)(void *context, uint64_t offset, void *buffer, size_t count);
  void *context;
} clibzip_member;

/// Called with the caller's context to write `count` bytes at `offset` of the archive, which may have been
/// written before; returns false when it cannot, which ends the writing.
typedef bool (*clibzip_output)(void *context, uint64_t offset, const void *bytes, size_t count);

/// Writes an archive of `count` members, at least one, in their order. All are dated 1 January 1980, so that
/// the same members give the same bytes.
clibzip_status clibzip_write(const clibzip_member *members, size_t count, clibzip_output write, void *context);

#ifdef __cplusplus
}
#endif
#endif
