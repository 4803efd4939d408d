#ifndef CHNSW_H
#define CHNSW_H

// The one door to hnswlib: approximate nearest neighbours by a graph (Malkov and Yashunin 2016, arXiv:1603.09320).
//
// A graph has links between rows and no vectors: these stay where they are, in the caller's table, which must live and
// not change for as long as the graph. Distances are our own dot products (CKernels). No exception leaves a function.
// Ownership: `chnsw_create` and `chnsw_load` give a graph that `chnsw_free` takes back.

#include <CKernels.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CHNSW_OK = 0,
  CHNSW_OUT_OF_MEMORY = 1,
  CHNSW_CANNOT_WRITE = 2,
  CHNSW_CANNOT_READ = 3,
  CHNSW_FAILED = 4,
} chnsw_status;

/// A table of vectors: row r begins `r · columns` numbers behind `values`, float32 or bfloat16.
typedef struct {
  const void *values;
  size_t rows, columns;
  bool is_bfloat16;
} chnsw_table;

typedef struct chnsw_graph chnsw_graph;

/// An empty graph for at most `capacity` rows of `table`: `links` neighbours of a row on the upper layers, twice as
/// many on the lowest; `construction` candidates are kept when a row is added; `seed` decides the layers.
chnsw_status chnsw_create(const chnsw_table *table, size_t capacity, size_t links, size_t construction,
                          size_t seed, chnsw_graph **graph);

/// Adds a row of the table. Several threads may add at once, but none may search then.
chnsw_status chnsw_add(chnsw_graph *graph, uint32_t row);

/// How many candidates a search keeps: more find more and take longer. Not while a thread searches.
void chnsw_set_breadth(chnsw_graph *graph, size_t breadth);

/// The `count` rows found with the highest dot product with `query` [columns], the best first, in `hits`, which has
/// room for them; `found` receives how many. Several threads may search at once.
chnsw_status chnsw_search(const chnsw_graph *graph, const float *query, size_t count, ck_hit *hits,
                          size_t *found);

/// Writes the graph to a file, which is read by `chnsw_load` only. A disk that is full is noticed.
chnsw_status chnsw_save(chnsw_graph *graph, const char *path);

/// Reads a graph of rows of `table`. The file must be one that `chnsw_save` wrote, unchanged: the caller compares its
/// checksum first. The sizes in it are checked nevertheless, and the rows.
chnsw_status chnsw_load(const char *path, const chnsw_table *table, chnsw_graph **graph);

/// The number of rows in the graph.
size_t chnsw_count(const chnsw_graph *graph);

void chnsw_free(chnsw_graph *graph);

#ifdef __cplusplus
}
#endif
#endif
