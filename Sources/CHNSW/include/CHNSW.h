#ifndef CHNSW_H
#define CHNSW_H

// The one door to hnswlib, which makes graphs of near neighbours (Malkov and Yashunin 2016, arXiv:1603.09320).
//
// A graph has links between rows and no vectors: these stay where they are, in the caller's table, which must live and
// not change for as long as the graph. Distances are our own dot products (CKernels). No exception leaves a function.
// A graph that is finished is copied out, link by link, and searched by `ck_search_graph`.
// Ownership: `chnsw_create` gives a graph that `chnsw_free` takes back.

#include <CKernels.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CHNSW_OK = 0,
  CHNSW_OUT_OF_MEMORY = 1,
  CHNSW_FAILED = 2,
} chnsw_status;

typedef struct chnsw_graph chnsw_graph;

/// An empty graph for at most `capacity` rows of `table`: `links` neighbours of a row on the upper layers, twice as
/// many on the lowest; `construction` candidates are kept when a row is added; `seed` decides the layers.
chnsw_status chnsw_create(const ck_table *table, size_t capacity, size_t links, size_t construction, size_t seed,
                          chnsw_graph **graph);

/// Adds a row of the table. Several threads may add at once.
chnsw_status chnsw_add(chnsw_graph *graph, uint32_t row);

// What follows is for graphs to which no thread adds. Nodes are numbered from 0 on, as they were added.

/// The number of nodes.
size_t chnsw_count(const chnsw_graph *graph);

/// The node on the uppermost layer where searches begin; of no meaning in an empty graph.
uint32_t chnsw_entry(const chnsw_graph *graph);

/// The row of a node.
uint32_t chnsw_row(const chnsw_graph *graph, uint32_t node);

/// How many layers a node is in, the lowest ones, at least 1.
size_t chnsw_height(const chnsw_graph *graph, uint32_t node);

/// The number of links of a node in a layer that it is in, 0 being the lowest; `links` receives where they stand.
size_t chnsw_links(const chnsw_graph *graph, uint32_t node, size_t layer, const uint32_t **links);

void chnsw_free(chnsw_graph *graph);

#ifdef __cplusplus
}
#endif
#endif
