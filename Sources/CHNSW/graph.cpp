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
#include <memory>
#include <new>

namespace {

/// What the graph keeps in the place of a vector.
struct Point {
  uint32_t row;
};

/// No table has so many rows: marks a point that is a query.
constexpr uint32_t query_row = UINT32_MAX;

/// A query in the place of a point; what hnswlib copies of it is never used.
struct QueryPoint {
  Point point;
  const float *values;
};

/// −(a · b) of two points, at most one of them a query.
float distance(const void *a, const void *b, const void *parameter) {
  const auto &table = *static_cast<const chnsw_table *>(parameter);
  // Points stand in hnswlib's memory at any address.
  Point first, second;
  std::memcpy(&first, a, sizeof first);
  std::memcpy(&second, b, sizeof second);
  if (second.row == query_row) {
    std::swap(a, b);
    std::swap(first, second);
  }
  const size_t columns = table.columns;
  if (first.row == query_row) {
    const float *query = static_cast<const QueryPoint *>(a)->values;
    if (table.is_bfloat16)
      return -ck_dot_bfloat16(static_cast<const ck_bfloat16 *>(table.values) + second.row * columns, query, columns);
    return -ck_dot(query, static_cast<const float *>(table.values) + second.row * columns, columns);
  }
  if (table.is_bfloat16) {
    const auto *values = static_cast<const ck_bfloat16 *>(table.values);
    return -ck_dot_bfloat16_pair(values + first.row * columns, values + second.row * columns, columns);
  }
  const auto *values = static_cast<const float *>(table.values);
  return -ck_dot(values + first.row * columns, values + second.row * columns, columns);
}

class Space : public hnswlib::SpaceInterface<float> {
 public:
  explicit Space(const chnsw_table &table) : table(table) {}
  size_t get_data_size() override { return sizeof(Point); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
  void *get_dist_func_param() override { return &table; }

  chnsw_table table;
};

using Graph = hnswlib::HierarchicalNSW<float>;

/// Calls `body` and turns what it throws into a status.
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
  explicit chnsw_graph(const chnsw_table &table) : space(table) {}

  Space space;
  std::unique_ptr<Graph> graph;
};

chnsw_status chnsw_create(const chnsw_table *table, size_t capacity, size_t links, size_t construction,
                          size_t seed, chnsw_graph **result) {
  if (table->rows >= query_row || capacity == 0 || links < 2 || links > 10000) return CHNSW_FAILED;
  return guarded(CHNSW_OUT_OF_MEMORY, [&] {
    auto made = std::make_unique<chnsw_graph>(*table);
    made->graph = std::make_unique<Graph>(&made->space, capacity, links, construction, seed);
    *result = made.release();
    return CHNSW_OK;
  });
}

chnsw_status chnsw_add(chnsw_graph *graph, uint32_t row) {
  if (row >= graph->space.table.rows) return CHNSW_FAILED;
  return guarded(CHNSW_FAILED, [&] {
    const Point point = {row};
    graph->graph->addPoint(&point, row);
    return CHNSW_OK;
  });
}

void chnsw_set_breadth(chnsw_graph *graph, size_t breadth) { graph->graph->setEf(breadth); }

chnsw_status chnsw_search(const chnsw_graph *graph, const float *query, size_t count, ck_hit *hits,
                          size_t *found) {
  *found = 0;
  if (count == 0) return CHNSW_OK;
  return guarded(CHNSW_FAILED, [&] {
    const QueryPoint point = {{query_row}, query};
    auto nearest = graph->graph->searchKnn(&point, count);
    const size_t size = nearest.size();
    // The farthest comes first.
    for (size_t place = size; place > 0; place--) {
      hits[place - 1] = {-nearest.top().first, static_cast<uint32_t>(nearest.top().second)};
      nearest.pop();
    }
    *found = size;
    return CHNSW_OK;
  });
}

chnsw_status chnsw_save(chnsw_graph *graph, const char *path) {
  return guarded(CHNSW_CANNOT_WRITE, [&] {
    Graph &saved = *graph->graph;
    saved.saveIndex(path);
    // hnswlib does not look whether its stream could write; a file that is too short shows it.
    size_t expected = saved.cur_element_count * saved.size_data_per_element_;
    for (size_t i = 0; i < saved.cur_element_count; i++)
      expected += sizeof(unsigned int) +
                  (saved.element_levels_[i] > 0 ? saved.size_links_per_element_ * saved.element_levels_[i] : 0);
    std::ifstream written(path, std::ios::binary | std::ios::ate);
    const auto end = written.tellg();
    // A header of numbers comes first.
    return written && end > 0 && static_cast<size_t>(end) > expected && static_cast<size_t>(end) < expected + 256
               ? CHNSW_OK
               : CHNSW_CANNOT_WRITE;
  });
}

chnsw_status chnsw_load(const char *path, const chnsw_table *table, chnsw_graph **result) {
  if (table->rows >= query_row) return CHNSW_FAILED;
  return guarded(CHNSW_CANNOT_READ, [&] {
    auto made = std::make_unique<chnsw_graph>(*table);
    made->graph = std::make_unique<Graph>(&made->space, std::string(path));
    Graph &graph = *made->graph;
    // hnswlib 0.6 leaves it as it comes; we delete nothing.
    graph.num_deleted_ = 0;
    if (graph.size_data_per_element_ < graph.label_offset_ + sizeof(hnswlib::labeltype)) return CHNSW_CANNOT_READ;
    for (size_t i = 0; i < graph.cur_element_count; i++) {
      Point point;
      std::memcpy(&point, graph.getDataByInternalId(static_cast<hnswlib::tableint>(i)), sizeof point);
      if (point.row >= table->rows) return CHNSW_CANNOT_READ;
    }
    *result = made.release();
    return CHNSW_OK;
  });
}

size_t chnsw_count(const chnsw_graph *graph) { return graph->graph->cur_element_count; }

void chnsw_free(chnsw_graph *graph) { delete graph; }
