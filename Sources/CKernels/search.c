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

VECTORISED size_t ck_keep_highest(const float *restrict scores, size_t count, const uint32_t *rows,
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

VECTORISED float ck_dot_bfloat16(const ck_bfloat16 *restrict a, const float *restrict b, size_t count) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += from_bfloat16(a[i]) * b[i];
  return sum;
}

VECTORISED float ck_dot_bfloat16_pair(const ck_bfloat16 *restrict a, const ck_bfloat16 *restrict b, size_t count) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += from_bfloat16(a[i]) * from_bfloat16(b[i]);
  return sum;
}

VECTORISED void ck_score_rows(const float *restrict vectors, size_t stride, const uint32_t *rows,
                              const float *restrict query, size_t columns, float *restrict scores, size_t first,
                              size_t last) {
#pragma clang fp reassociate(on) contract(fast)
  for (size_t r = first; r < last; r++) {
    const float *restrict row = vectors + (rows ? (size_t)rows[r] : r) * stride;
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
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += from_bfloat16(row[c]) * query[c];
    scores[r - first] = sum;
  }
}

VECTORISED void ck_add_moments(const float *restrict scores, size_t count, ck_moments *moments) {
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

enum { SCAN_BLOCK = 256 };

size_t ck_scan_rows(const float *vectors, size_t stride, const uint32_t *rows, const float *query, size_t columns,
                    ck_hit *hits, size_t kept, ck_moments *moments, size_t first, size_t last) {
  float scores[SCAN_BLOCK];
  size_t found = 0;
  for (size_t start = first; start < last; start += SCAN_BLOCK) {
    const size_t end = start + SCAN_BLOCK < last ? start + SCAN_BLOCK : last;
    ck_score_rows(vectors, stride, rows, query, columns, scores, start, end);
    found = ck_keep_highest(scores, end - start, rows ? rows + start : NULL, (uint32_t)start, hits, kept, found);
    ck_add_moments(scores, end - start, moments);
  }
  return found;
}

size_t ck_scan_rows_bfloat16(const ck_bfloat16 *vectors, size_t stride, const uint32_t *rows, const float *query,
                             size_t columns, ck_hit *hits, size_t kept, ck_moments *moments, size_t first,
                             size_t last) {
  float scores[SCAN_BLOCK];
  size_t found = 0;
  for (size_t start = first; start < last; start += SCAN_BLOCK) {
    const size_t end = start + SCAN_BLOCK < last ? start + SCAN_BLOCK : last;
    ck_score_rows_bfloat16(vectors, stride, rows, query, columns, scores, start, end);
    found = ck_keep_highest(scores, end - start, rows ? rows + start : NULL, (uint32_t)start, hits, kept, found);
    ck_add_moments(scores, end - start, moments);
  }
  return found;
}

VECTORISED uint64_t ck_read(const uint64_t *words, size_t count) {
  uint64_t all = 0;
  for (size_t i = 0; i < count; i++) all ^= words[i];
  return all;
}
