#include "CHNSW.h"

// hnswlib's own distances are not used, so that it need not be compiled for one CPU.
#define NO_MANUAL_VECTORIZATION
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#endif
#include <fstream>
#include <hnswlib/hnswlib.h>
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#include <cstring>
#include <new>

namespace {

/// What the graph keeps in the place of a vector. Points stand in hnswlib's memory at any address.
using Row = uint32_t;

Row row_at(const void *point) {
  Row row;
  std::memcpy(&row, point, sizeof row);
  return row;
}

/// −(a · b) of the vectors of two rows.
float distance(const void *a, const void *b, const void *parameter) {
  const auto &table = *static_cast<const ck_table *>(parameter);
  const size_t first = row_at(a) * table.columns, second = row_at(b) * table.columns;
  if (table.is_bfloat16) {
    const auto *values = static_cast<const ck_bfloat16 *>(table.values);
    return -ck_dot_bfloat16(values + first, values + second, table.columns);
  }
  const auto *values = static_cast<const float *>(table.values);
  return -ck_dot(values + first, values + second, table.columns);
}

class Space : public hnswlib::SpaceInterface<float> {
 public:
  explicit Space(const ck_table &table) : table(table) {}
  size_t get_data_size() override { return sizeof(Row); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
  void *get_dist_func_param() override { return &table; }

  ck_table table;
};

/// Calls `body` and turns what it throws into a status; `failure` for what is not `std::bad_alloc`.
template <typename Body> chnsw_status guarded(chnsw_status failure, Body body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return CHNSW_OUT_OF_MEMORY;
  } catch (...) {
    return failure;
  }
}

}  // namespace

struct chnsw_graph {
  chnsw_graph(const ck_table &table, size_t capacity, size_t links, size_t construction, size_t seed)
      : space(table), graph(&space, capacity, links, construction, seed) {}

  Space space;
  hnswlib::HierarchicalNSW<float> graph;
};

chnsw_status chnsw_create(const ck_table *table, size_t capacity, size_t links, size_t construction, size_t seed,
                          chnsw_graph **graph) {
  if (capacity == 0 || links < 2 || links > 10000) return CHNSW_FAILED;
  // hnswlib says with a `std::runtime_error` that memory is out.
  return guarded(CHNSW_OUT_OF_MEMORY, [&] {
    *graph = new chnsw_graph(*table, capacity, links, construction, seed);
    return CHNSW_OK;
  });
}

chnsw_status chnsw_add(chnsw_graph *graph, uint32_t row) {
  if (row >= graph->space.table.rows) return CHNSW_FAILED;
  return guarded(CHNSW_FAILED, [&] {
    graph->graph.addPoint(&row, row);
    return CHNSW_OK;
  });
}

size_t chnsw_count(const chnsw_graph *graph) { return graph->graph.cur_element_count; }

uint32_t chnsw_entry(const chnsw_graph *graph) { return graph->graph.enterpoint_node_; }

uint32_t chnsw_row(const chnsw_graph *graph, uint32_t node) {
  return row_at(graph->graph.getDataByInternalId(node));
}

size_t chnsw_height(const chnsw_graph *graph, uint32_t node) {
  return static_cast<size_t>(graph->graph.element_levels_[node]) + 1;
}

size_t chnsw_links(const chnsw_graph *graph, uint32_t node, size_t layer, const uint32_t **links) {
  auto *list = graph->graph.get_linklist_at_level(node, static_cast<int>(layer));
  // The number of links comes first, in a word of its own.
  *links = list + 1;
  return graph->graph.getListCount(list);
}

void chnsw_free(chnsw_graph *graph) { delete graph; }
