#include "format.h"

#include <string.h>

static bool starts(const uint8_t *bytes, size_t count, size_t offset, const char *magic, size_t length) {
  return count >= offset + length && memcmp(bytes + offset, magic, length) == 0;
}

/// Whether a file in boxes of ISO's says that it is one of HEIF's kinds.
static bool is_heif(const uint8_t *bytes, size_t count) {
  static const char *const brands[] = {"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif", "avis"};
  if (!starts(bytes, count, 4, "ftyp", 4)) return false;
  for (size_t index = 0; index < sizeof brands / sizeof brands[0]; index++) {
    if (starts(bytes, count, 8, brands[index], 4)) return true;
  }
  return false;
}

cimaging_format cimaging_format_of(const void *data, size_t count) {
  const uint8_t *bytes = data;
  if (starts(bytes, count, 0, "\xFF\xD8\xFF", 3)) return CIMAGING_JPEG;
  if (starts(bytes, count, 0, "\x89PNG\r\n\x1A\n", 8)) return CIMAGING_PNG;
  if (starts(bytes, count, 0, "RIFF", 4) && starts(bytes, count, 8, "WEBP", 4)) return CIMAGING_WEBP;
  if (starts(bytes, count, 0, "GIF87a", 6) || starts(bytes, count, 0, "GIF89a", 6)) return CIMAGING_GIF;
  // The last two are BigTIFF's.
  if (starts(bytes, count, 0, "II*\0", 4) || starts(bytes, count, 0, "MM\0*", 4) ||
      starts(bytes, count, 0, "II+\0", 4) || starts(bytes, count, 0, "MM\0+", 4)) {
    return CIMAGING_TIFF;
  }
  return is_heif(bytes, count) ? CIMAGING_HEIF : CIMAGING_UNKNOWN;
}

size_t cimaging_scans(const uint8_t *bytes, size_t count, size_t limit) {
  // Within the data of a scan a byte of 0xFF is always followed by a zero or a restart marker.
  size_t scans = 0;
  const uint8_t *place = bytes;
  const uint8_t *end = bytes + count;
  while (scans < limit && (place = memchr(place, 0xFF, (size_t)(end - place))) && ++place < end) {
    if (*place == 0xDA) scans++;
  }
  return scans;
}

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/// Whether the text, of one byte a letter or of two, has "sRGB" in it.
static bool names_srgb(const uint8_t *text, size_t count) {
  static const uint8_t wide[] = {0, 's', 0, 'R', 0, 'G', 0, 'B'};
  for (size_t place = 0; place < count; place++) {
    if (starts(text, count, place, "sRGB", 4) || starts(text, count, place, (const char *)wide, sizeof wide)) {
      return true;
    }
  }
  return false;
}

bool cimaging_is_srgb_profile(const uint8_t *bytes, size_t count) {
  // The header has 128 bytes, the kind of colours at 16; then come the number of tags and, 12 bytes for each, its
  // name, place and size.
  if (count < 132 || !starts(bytes, count, 16, "RGB ", 4)) return false;
  const uint32_t tags = big_endian(bytes + 128);
  for (size_t index = 0; index < tags && 132 + 12 * (index + 1) <= count; index++) {
    const uint8_t *tag = bytes + 132 + 12 * index;
    if (memcmp(tag, "desc", 4) != 0) continue;
    const size_t place = big_endian(tag + 4), size = big_endian(tag + 8);
    return place <= count && size <= count - place && size <= 1 << 16 && names_srgb(bytes + place, size);
  }
  return false;
}

static uint64_t little_endian(const uint8_t *bytes, int count) {
  uint64_t value = 0;
  for (int index = 0; index < count; index++) value |= (uint64_t)bytes[index] << (8 * index);
  return value;
}

uint64_t cimaging_webp_pixels(const uint8_t *bytes, size_t count) {
  // Behind "RIFF", a size and "WEBP" stands the first chunk: its name, its size, and what is read here.
  if (count < 30) return 0;
  if (starts(bytes, count, 12, "VP8X", 4)) {
    return (little_endian(bytes + 24, 3) + 1) * (little_endian(bytes + 27, 3) + 1);
  }
  if (starts(bytes, count, 12, "VP8L", 4)) {
    const uint64_t sides = little_endian(bytes + 21, 4);
    return ((sides & 0x3FFF) + 1) * ((sides >> 14 & 0x3FFF) + 1);
  }
  if (starts(bytes, count, 12, "VP8 ", 4)) {
    return (little_endian(bytes + 26, 2) & 0x3FFF) * (little_endian(bytes + 28, 2) & 0x3FFF);
  }
  return 0;
}
