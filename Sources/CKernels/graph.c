#include "vector.h"
#include <math.h>

// The search of Malkov and Yashunin (2016, arXiv:1603.09320), algorithms 2 and 5. What takes the time is waiting for
// vectors to come from memory, so all new neighbours of a node are listed first and scored together, each while the
// next ones are on their way.

/// Marks a candidate whose links were followed; node numbers are below it.
static const uint32_t followed = UINT32_C(1) << 31;

enum { NODES_AT_ONCE = 64 };

/// scores[i] = the vector of nodes[i] · query; NaN, which only damaged vectors give, counts as −∞.
static void score_nodes(const ck_graph *graph, const ck_table *table, const float *query, const uint32_t *nodes,
                        size_t count, float *scores) {
  uint32_t rows[NODES_AT_ONCE];
  for (size_t i = 0; i < count; i++) rows[i] = graph->rows[nodes[i]];
  if (table->is_bfloat16)
    ck_score_rows_bfloat16(table->values, table->columns, rows, query, table->columns, scores, 0, count);
  else
    ck_score_rows(table->values, table->columns, rows, query, table->columns, scores, 0, count);
  for (size_t i = 0; i < count; i++) scores[i] = scores[i] == scores[i] ? scores[i] : -INFINITY;
}

/// The node that is reached from `start` in a layer by going to the best neighbour for as long as that is better.
static ck_hit climb(const ck_graph *graph, const ck_layer *layer, const ck_table *table, const float *query,
                    ck_hit start) {
  float scores[NODES_AT_ONCE];
  for (ck_hit best = start;; start = best) {
    // The sum of a place and NODES_AT_ONCE may be more than 32 bits hold.
    const size_t end = layer->begins[start.row + 1];
    for (size_t first = layer->begins[start.row]; first < end; first += NODES_AT_ONCE) {
      const size_t count = end - first < NODES_AT_ONCE ? end - first : NODES_AT_ONCE;
      score_nodes(graph, table, query, layer->links + first, count, scores);
      for (size_t i = 0; i < count; i++)
        if (scores[i] > best.score) best = (ck_hit){scores[i], layer->links[first + i]};
    }
    if (best.row == start.row) return best;
  }
}

/// The best candidates so far, the best first.
typedef struct {
  ck_hit *hits;
  size_t count, breadth;
  /// All before this one were followed.
  size_t next;
} beam;

static void insert(beam *beam, ck_hit hit) {
  if (beam->count == beam->breadth && hit.score <= beam->hits[beam->count - 1].score) return;
  size_t place = 0;
  for (size_t end = beam->count; place < end;) {
    const size_t middle = (place + end) / 2;
    if (beam->hits[middle].score >= hit.score)
      place = middle + 1;
    else
      end = middle;
  }
  if (beam->count < beam->breadth) beam->count++;
  memmove(beam->hits + place + 1, beam->hits + place, (beam->count - 1 - place) * sizeof(ck_hit));
  beam->hits[place] = hit;
  if (place < beam->next) beam->next = place;
}

/// Lists links of a node that were not seen yet, from the `first` on, at most NODES_AT_ONCE; returns where to go on.
static uint32_t list_unseen(const ck_layer *layer, uint32_t first, uint32_t end, uint32_t *seen, uint32_t *nodes,
                            size_t *count) {
  *count = 0;
  for (; first < end && *count < NODES_AT_ONCE; first++) {
    const uint32_t node = layer->links[first];
    const uint32_t bit = UINT32_C(1) << node % 32;
    if (seen[node / 32] & bit) continue;
    seen[node / 32] |= bit;
    nodes[(*count)++] = node;
  }
  return first;
}

size_t ck_search_graph(const ck_graph *graph, const ck_table *table, const float *query, size_t breadth,
                       ck_hit *hits, uint32_t *seen) {
  if (graph->layer_count == 0 || graph->layers[0].nodes == 0 || breadth == 0) return 0;
  uint32_t nodes[NODES_AT_ONCE] = {0};
  float scores[NODES_AT_ONCE];
  score_nodes(graph, table, query, nodes, 1, scores);
  ck_hit entry = {scores[0], 0};
  for (size_t layer = graph->layer_count - 1; layer > 0; layer--)
    entry = climb(graph, &graph->layers[layer], table, query, entry);

  const ck_layer *lowest = &graph->layers[0];
  memset(seen, 0, (lowest->nodes + 31) / 32 * sizeof *seen);
  seen[entry.row / 32] |= UINT32_C(1) << entry.row % 32;
  beam best = {hits, 0, breadth, 0};
  insert(&best, entry);
  while (best.next < best.count) {
    ck_hit *candidate = &hits[best.next++];
    if (candidate->row & followed) continue;
    const uint32_t node = candidate->row;
    candidate->row |= followed;
    for (uint32_t first = lowest->begins[node], end = lowest->begins[node + 1]; first < end;) {
      size_t count;
      first = list_unseen(lowest, first, end, seen, nodes, &count);
      score_nodes(graph, table, query, nodes, count, scores);
      for (size_t i = 0; i < count; i++) insert(&best, (ck_hit){scores[i], nodes[i]});
    }
  }
  for (size_t i = 0; i < best.count; i++) hits[i].row = graph->rows[hits[i].row & ~followed];
  return best.count;
}
