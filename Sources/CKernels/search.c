#include "vector.h"
#include <float.h>
#include <math.h>

/// Whether a hit comes after another in the answer: a lower score, or an equal one in a later row.
INLINED bool is_worse(ck_hit a, ck_hit b) { return a.score < b.score || (a.score == b.score && a.row > b.row); }

/// Puts `hit` at the root of a heap whose worst hit is its root, and sifts it down.
static void replace_worst(ck_hit *heap, size_t count, ck_hit hit) {
  size_t place = 0;
  while (2 * place + 1 < count) {
    size_t child = 2 * place + 1;
    if (child + 1 < count && is_worse(heap[child + 1], heap[child])) child++;
    if (!is_worse(heap[child], hit)) break;
    heap[place] = heap[child];
    place = child;
  }
  heap[place] = hit;
}

static void append_hit(ck_hit *heap, size_t count, ck_hit hit) {
  size_t place = count;
  while (place > 0 && is_worse(hit, heap[(place - 1) / 2])) {
    heap[place] = heap[(place - 1) / 2];
    place = (place - 1) / 2;
  }
  heap[place] = hit;
}

/// Keeps the `kept` highest of the scores seen so far in `hits`, of equal ones the lower rows, and returns how many
/// there are, `found` of which were there before. `hits` is a heap in between; NaN is left out. Score i is that of row
/// `rows`[i], or where `rows` is null of row `first_row` + i.
VECTORISED static size_t keep_highest(const float *restrict scores, size_t count, const uint32_t *rows,
                                      uint32_t first_row, ck_hit *hits, size_t kept, size_t found) {
  if (kept == 0) return 0;
  for (size_t start = 0; start < count; start += 64) {
    const size_t end = start + 64 < count ? start + 64 : count;
    if (found == kept) {
      // Nearly all blocks have nothing for the answer; this test is all that they cost.
      const float worst = hits[0].score;
      uint32_t reaches = 0;
      for (size_t i = start; i < end; i++) reaches |= scores[i] >= worst ? 1u : 0u;
      if (!reaches) continue;
    }
    for (size_t i = start; i < end; i++) {
      const ck_hit hit = {scores[i], rows ? rows[i] : first_row + (uint32_t)i};
      if (hit.score != hit.score) continue;
      if (found < kept)
        append_hit(hits, found++, hit);
      else if (is_worse(hits[0], hit))
        replace_worst(hits, found, hit);
    }
  }
  return found;
}

enum { QUERY_BLOCK = 64 };

VECTORISED void ck_keep_highest_of_queries(float *scores, size_t stride, size_t count, const uint32_t *rows,
                                           uint32_t first_row, const float *offsets, ck_hit *hits, size_t kept,
                                           size_t *founds, size_t first, size_t last) {
  if (kept == 0) return;
  for (size_t block = first; block < last; block += QUERY_BLOCK) {
    const size_t width = block + QUERY_BLOCK < last ? QUERY_BLOCK : last - block;
    float worst[QUERY_BLOCK];
    for (size_t q = 0; q < width; q++)
      worst[q] = founds[block + q] == kept ? hits[(block + q) * kept].score : -INFINITY;
    for (size_t r = 0; r < count; r++) {
      float *restrict row = scores + r * stride + block;
      const uint32_t number = rows ? rows[r] : first_row + (uint32_t)r;
      if (offsets)
        for (size_t q = 0; q < width; q++) row[q] -= offsets[number];
      // Nearly all rows have nothing for any answer; this test is all that they cost. NaN never passes.
      uint32_t reaches = 0;
      for (size_t q = 0; q < width; q++) reaches |= row[q] >= worst[q] ? 1u : 0u;
      if (!reaches) continue;
      for (size_t q = 0; q < width; q++) {
        if (!(row[q] >= worst[q])) continue;
        const ck_hit hit = {row[q], number};
        ck_hit *heap = hits + (block + q) * kept;
        size_t *found = &founds[block + q];
        if (*found < kept)
          append_hit(heap, (*found)++, hit);
        else if (is_worse(heap[0], hit))
          replace_worst(heap, *found, hit);
        if (*found == kept) worst[q] = heap[0].score;
      }
    }
  }
}

VECTORISED float ck_dot_bfloat16(const ck_bfloat16 *restrict a, const ck_bfloat16 *restrict b, size_t count) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += from_bfloat16(a[i]) * from_bfloat16(b[i]);
  return sum;
}

/// Asks for a row of `bytes` bytes that is needed soon, so that it is on its way meanwhile: rows that do not follow each
/// other are nothing that the CPU foresees.
INLINED void ask_for(const void *row, size_t bytes) {
  for (size_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch((const char *)row + byte);
}

VECTORISED void ck_score_rows(const float *restrict vectors, size_t stride, const uint32_t *rows,
                              const float *restrict query, size_t columns, float *restrict scores, size_t first,
                              size_t last) {
#pragma clang fp reassociate(on) contract(fast)
  for (size_t r = first; r < last; r++) {
    const float *restrict row = vectors + (rows ? (size_t)rows[r] : r) * stride;
    if (rows && r + 1 < last) ask_for(vectors + rows[r + 1] * stride, columns * sizeof *row);
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += row[c] * query[c];
    scores[r - first] = sum;
  }
}

VECTORISED void ck_score_rows_bfloat16(const ck_bfloat16 *restrict vectors, size_t stride, const uint32_t *rows,
                                       const float *restrict query, size_t columns, float *restrict scores,
                                       size_t first, size_t last) {
#pragma clang fp reassociate(on) contract(fast)
  for (size_t r = first; r < last; r++) {
    const ck_bfloat16 *restrict row = vectors + (rows ? (size_t)rows[r] : r) * stride;
    if (rows && r + 1 < last) ask_for(vectors + rows[r + 1] * stride, columns * sizeof *row);
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += from_bfloat16(row[c]) * query[c];
    scores[r - first] = sum;
  }
}

/// Adds a block of scores to the moments, in double precision; infinities and NaN count for nothing.
VECTORISED static void add_moments(const float *restrict scores, size_t count, ck_moments *moments) {
#pragma clang fp reassociate(on)
  double sum = 0, squares = 0, finite = 0;
  for (size_t i = 0; i < count; i++) {
    const int is_finite = fabsf(scores[i]) <= FLT_MAX;
    const double score = is_finite ? scores[i] : 0;
    sum += score;
    squares += score * score;
    finite += is_finite;
  }
  moments->count += finite;
  moments->sum += sum;
  moments->squares += squares;
}

/// scores[i] −= offsets[r], where r is `rows`[i], or where `rows` is null `first_row` + i.
VECTORISED static void lower_scores(float *scores, size_t count, const uint32_t *rows, uint32_t first_row,
                                    const float *offsets) {
  for (size_t i = 0; i < count; i++) scores[i] -= offsets[rows ? rows[i] : first_row + i];
}

enum { SCAN_BLOCK = 256 };

size_t ck_scan_rows(const float *vectors, size_t stride, const uint32_t *rows, const float *query, size_t columns,
                    const float *offsets, ck_hit *hits, size_t kept, ck_moments *moments, size_t first, size_t last) {
  float scores[SCAN_BLOCK];
  size_t found = 0;
  for (size_t start = first; start < last; start += SCAN_BLOCK) {
    const size_t end = start + SCAN_BLOCK < last ? start + SCAN_BLOCK : last;
    ck_score_rows(vectors, stride, rows, query, columns, scores, start, end);
    if (offsets) lower_scores(scores, end - start, rows ? rows + start : NULL, (uint32_t)start, offsets);
    found = keep_highest(scores, end - start, rows ? rows + start : NULL, (uint32_t)start, hits, kept, found);
    add_moments(scores, end - start, moments);
  }
  return found;
}

size_t ck_scan_rows_bfloat16(const ck_bfloat16 *vectors, size_t stride, const uint32_t *rows, const float *query,
                             size_t columns, const float *offsets, ck_hit *hits, size_t kept, ck_moments *moments,
                             size_t first, size_t last) {
  float scores[SCAN_BLOCK];
  size_t found = 0;
  for (size_t start = first; start < last; start += SCAN_BLOCK) {
    const size_t end = start + SCAN_BLOCK < last ? start + SCAN_BLOCK : last;
    ck_score_rows_bfloat16(vectors, stride, rows, query, columns, scores, start, end);
    if (offsets) lower_scores(scores, end - start, rows ? rows + start : NULL, (uint32_t)start, offsets);
    found = keep_highest(scores, end - start, rows ? rows + start : NULL, (uint32_t)start, hits, kept, found);
    add_moments(scores, end - start, moments);
  }
  return found;
}

VECTORISED uint64_t ck_read(const uint64_t *words, size_t count) {
  uint64_t all = 0;
  for (size_t i = 0; i < count; i++) all ^= words[i];
  return all;
}
