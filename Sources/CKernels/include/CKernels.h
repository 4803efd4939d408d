#ifndef CKERNELS_H
#define CKERNELS_H

// Our own vectorised loops. They need no library and keep no state.
//
// Ownership: callers own every buffer. Sizes are element counts. Matrices are row-major; a stride is the
// number of elements from one row to the next. Buffers named differently may not overlap unless said so.
// Every function works on a range of rows or elements, so that callers can spread ranges over threads;
// results never depend on how a range was split, except where a partial sum is returned.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint16_t ck_bfloat16;

// MARK: Conversion

/// Rounds to nearest even. NaN stays NaN.
void ck_to_bfloat16(const float *source, ck_bfloat16 *target, size_t count);
void ck_from_bfloat16(const ck_bfloat16 *source, float *target, size_t count);

// MARK: Reductions

/// Σ (g + decay · θ)², in double precision; with decay 0 `parameters` is not read and may be null.
double ck_sum_of_squares(const float *values, const float *parameters, float decay, size_t count);
/// Σ a·b in float32, several accumulators.
float ck_dot(const float *a, const float *b, size_t count);
/// Whether every value is finite.
bool ck_all_finite(const float *values, size_t count);
/// out[c] = Σ over rows of source[r, c] for c in first..<last. `source` is float32 or bfloat16.
void ck_column_sums(const float *source, size_t rows, size_t stride, size_t first, size_t last, float *out);
void ck_column_sums_bfloat16(const ck_bfloat16 *source, size_t rows, size_t stride, size_t first,
                             size_t last, float *out);
/// out[c] += Σ over rows of a[r, c] · b[r, c] for c in first..<last.
void ck_add_column_dots(const float *a, size_t a_stride, const float *b, size_t b_stride, size_t rows,
                        size_t first, size_t last, float *out);
void ck_add_column_dots_bfloat16(const ck_bfloat16 *a, size_t a_stride, const float *b, size_t b_stride,
                                 size_t rows, size_t first, size_t last, float *out);

// MARK: Rows

/// target[r] = source[index[r]] for rows first..<last, `columns` elements of `element_bytes` each.
void ck_gather_rows(const void *source, size_t source_stride, const int32_t *index, void *target,
                    size_t target_stride, size_t columns, size_t element_bytes, size_t first, size_t last);
/// target[index[r], c] += source[r, c] for all rows, for columns first..<last (split by columns, so that
/// equal indices never meet on two threads).
void ck_scatter_add(const float *source, size_t source_stride, const int32_t *index, size_t rows,
                    float *target, size_t target_stride, size_t first, size_t last);
void ck_scatter_add_bfloat16(const ck_bfloat16 *source, size_t source_stride, const int32_t *index,
                             size_t rows, float *target, size_t target_stride, size_t first, size_t last);
/// values[r] += bias, for rows first..<last.
void ck_add_bias(float *values, size_t stride, const float *bias, size_t columns, size_t first, size_t last);
/// values[r, c] *= factor, for rows first..<last.
void ck_scale(float *values, size_t stride, float factor, size_t columns, size_t first, size_t last);
/// values[r, c] = max(0, values[r, c]), for rows first..<last; NaN stays NaN.
void ck_rectify(float *values, size_t stride, size_t columns, size_t first, size_t last);
/// The gradient of the above: 0 where the rectified value is not positive.
void ck_rectify_backward(float *gradient, size_t stride, const float *rectified, size_t rectified_stride,
                         size_t columns, size_t first, size_t last);
/// target[r] = source[r] / ‖source[r]‖₂, norms[r] = ‖source[r]‖₂. A row of zeros stays zero (norm 0).
/// `target` may be `source`.
void ck_normalize_rows(const float *source, size_t source_stride, float *target, size_t target_stride,
                       float *norms, size_t columns, size_t first, size_t last);
/// The gradient of the above: gradient ← (gradient − y (y · gradient)) / norm, in place; 0 where norm is 0.
void ck_normalize_rows_backward(float *gradient, size_t gradient_stride, const float *normalized,
                                size_t normalized_stride, const float *norms, size_t columns, size_t first,
                                size_t last);

// MARK: Gated recurrent unit, linear before reset

/// One time step for batch rows first..<last, `dim` = D.
/// input: rows of x·W, [any, 3D], gates in the order r | u | c; batch row b uses row input_index[b].
/// recurrent: h·U, [B, 3D], gates in the order c | r | u; null at the first step, where h is zero.
/// bias [3D] (r | u | c); hidden_bias [D] or null. previous: h before the step [B, D], null at the first.
/// state [B, D] receives h after it; state_bfloat16 too, when it is not null.
/// gates [B, 3D] receives r | u | c and candidate [B, D] receives hU + b_h; both may be null (inference).
void ck_gru_forward(const float *input, size_t input_stride, const int32_t *input_index,
                    const float *recurrent, const float *bias, const float *hidden_bias,
                    const float *previous, float *state, ck_bfloat16 *state_bfloat16, float *gates,
                    float *candidate, size_t dim, size_t first, size_t last);
/// Its gradient. dL/dh after the step is state_gradient + carried [B, D]; carried receives the part of dL/dh
/// before it that does not pass through U. gate_gradient [B, 3D] receives the gradients before the
/// nonlinearities of (hU + b_h) | r | u, and candidate_gradient [B, D] that of c. They go to the places for
/// bfloat16 instead when these are not null.
void ck_gru_backward(const float *state_gradient, float *carried, const float *gates,
                     const float *candidate, const float *previous, float *gate_gradient,
                     float *candidate_gradient, ck_bfloat16 *gate_gradient_bfloat16,
                     ck_bfloat16 *candidate_gradient_bfloat16, size_t dim, size_t first, size_t last);

// MARK: Long short-term memory

/// As ck_gru_forward; gates in the order i | f | o | g in input, recurrent, bias and gates [B, 4D].
/// peepholes [3, D] (i, f, o) or null. previous_cell and cell: c before and after the step [B, D].
void ck_lstm_forward(const float *input, size_t input_stride, const int32_t *input_index,
                     const float *recurrent, const float *bias, const float *peepholes,
                     const float *previous_cell, float *cell, float *state, ck_bfloat16 *state_bfloat16,
                     float *gates, size_t dim, size_t first, size_t last);
/// state_gradient [B, D]: dL/dh after the step (read). cell_gradient [B, D]: dL/dc after the step, receives
/// dL/dc before it. gate_gradient [B, 4D] or gate_gradient_bfloat16 receives the gradients
/// before the nonlinearities.
void ck_lstm_backward(const float *state_gradient, float *cell_gradient, const float *gates,
                      const float *cell, const float *previous_cell, const float *peepholes,
                      float *gate_gradient, ck_bfloat16 *gate_gradient_bfloat16, size_t dim, size_t first,
                      size_t last);

// MARK: Pooling over time

/// All of these work on places first..<last of `n` places; `states` is [time, n], and so is `others`, the states
/// of a second direction, or null. What is pooled is the mean of both.

/// pooled[e] = the mean over time.
void ck_pool_mean(const float *states, const float *others, size_t time, size_t n, float *pooled, size_t first,
                  size_t last);
/// pooled[e] = the largest over time, steps[e] = the first step that has it. NaN is larger than every number.
void ck_pool_max(const float *states, const float *others, size_t time, size_t n, float *pooled, int32_t *steps,
                 size_t first, size_t last);
/// states[t, e] = scale · gradient[e] where t is steps[e], else 0.
void ck_pool_max_backward(const float *gradient, const int32_t *steps, float scale, size_t time, size_t n,
                          float *states, size_t first, size_t last);
/// sorted[·, e] = the values over time, the largest first, equal ones in their order; steps[k, e] = the step of
/// the k-th. Both [time, n]. NaN stays anywhere. O(time · log² time).
void ck_sort_over_time(const float *states, const float *others, size_t time, size_t n, float *sorted,
                       int32_t *steps, size_t first, size_t last);
/// pooled[e] = Σ over k of weights[k] · sorted[k, e].
void ck_weigh_steps(const float *sorted, const float *weights, size_t time, size_t n, float *pooled, size_t first,
                    size_t last);
/// states[steps[k, e], e] = scale · weights[k] · gradient[e], for all k: each column of `steps` is a permutation
/// of 0..<time, as ck_sort_over_time makes it, so that all of states' columns are written.
void ck_weigh_steps_backward(const float *gradient, const int32_t *steps, const float *weights, float scale,
                             size_t time, size_t n, float *states, size_t first, size_t last);

// MARK: Noise

/// target[r, c] = source[r, c] · scale, or 0 where the upper 32 bits of the random number at r · columns + c are
/// below `threshold`, for rows first..<last. Written to `rounded` instead when that is not null; `target` may be
/// `source`, with the same stride.
void ck_dropout(const float *source, size_t source_stride, float *target, ck_bfloat16 *rounded,
                size_t target_stride, size_t columns, uint64_t key, uint32_t threshold, float scale, size_t first,
                size_t last);
/// Adds to each value of rows first..<last a normal number times `deviation` times the root mean square of its row.
void ck_add_normal_noise(float *values, size_t stride, size_t columns, uint64_t key, float deviation, size_t first,
                         size_t last);

// MARK: Losses

// Scores S are contiguous [B, B], images by sentences; pair i stands at S_ii. S_ij is a negative where
// group[i] ≠ group[j]; other places off the diagonal count nowhere and get no gradient.

/// Which negatives of a row or column count: those above the threshold, and those equal to it up to the place
/// `last`. Thresholds are the bits of scores, changed so that their order as integers is that of the scores.
typedef struct {
  int32_t threshold, last;
} ck_selection;

/// Selects for rows first..<last the `kept` ≥ 1 largest negatives of each, all where there are not so many; of
/// equal ones the first, and any NaN before all numbers.
void ck_select_rows(const float *scores, const int32_t *group, size_t kept, ck_selection *selection,
                    size_t batch, size_t first, size_t last);
/// The same for columns first..<last.
void ck_select_columns(const float *scores, const int32_t *group, size_t kept, ck_selection *selection,
                       size_t batch, size_t first, size_t last);

/// For rows first..<last: adds the hinges of both directions,
/// max(0, margin − S_ii + S_ij) over the selected negatives of rows and max(0, margin − S_jj + S_ij) over those
/// of columns, to the returned sum, writes dL/dS_ij for j ≠ i times `scale`, and counts the active hinges of the
/// row (in row_count[i]) and of each column (added to column_count[j], which the caller sums over ranges and
/// clears).
double ck_hinges(const float *scores, const float *diagonal, const int32_t *group, const ck_selection *rows,
                 const ck_selection *columns, float margin, float scale, float *gradient, float *row_count,
                 float *column_count, size_t batch, size_t first, size_t last);

/// For rows first..<last: maximum[i] = the largest of S_ii and the row's negatives, and
/// sum[i] = Σ over the negatives of e^(scale · (S_ij − maximum[i])). NaN among them makes the sum NaN.
void ck_softmax_rows(const float *scores, const int32_t *group, float scale, float *maximum, double *sum,
                     size_t batch, size_t first, size_t last);
/// The same for columns first..<last.
void ck_softmax_columns(const float *scores, const int32_t *group, float scale, float *maximum, double *sum,
                        size_t batch, size_t first, size_t last);
/// For rows first..<last: with p_ij = weight · (e^(scale · (S_ij − row_maximum[i])) · row_factor[i] +
/// e^(scale · (S_ij − column_maximum[j])) · column_factor[j]) for negatives, else 0, writes
/// gradient_ij = scale · p_ij and along[i] = Σ_j p_ij · S_ij.
void ck_softmax_gradient(const float *scores, const int32_t *group, float scale, float weight,
                         const float *row_maximum, const float *row_factor, const float *column_maximum,
                         const float *column_factor, float *gradient, double *along, size_t batch,
                         size_t first, size_t last);

/// For rows first..<last, over the negatives with logits l_ij = scale · S_ij + bias: cost[i] = Σ_j log(1 + e^l),
/// p_ij = weight · σ(l_ij), gradient_ij = scale · p_ij (0 elsewhere), along[i] = Σ_j p_ij · S_ij and
/// total[i] = Σ_j p_ij.
void ck_sigmoid_negatives(const float *scores, const int32_t *group, float scale, float bias, float weight,
                          float *gradient, double *cost, double *along, double *total, size_t batch,
                          size_t first, size_t last);

// MARK: Adam

typedef struct {
  float rate;                  // step size with the bias correction of the moments in it
  float first_decay, first_gain;    // m ← first_decay · m + first_gain · g
  float second_decay, second_gain;  // v ← second_decay · v + second_gain · g²
  float epsilon;               // θ ← θ − rate · m / (√v + epsilon)
  float gradient_scale;        // clipping: g ← gradient_scale · (g + decay · θ)
  float decay;
  float shrinkage;             // decoupled decay: θ ← θ − shrinkage · θ before the step
} ck_adam_step;

/// One update of `count` parameters. parameters_bfloat16, when not null, receives the rounded parameters.
void ck_adam(const ck_adam_step *step, float *parameters, const float *gradients, float *first_moments,
             float *second_moments, ck_bfloat16 *parameters_bfloat16, size_t count);

/// average ← average + weight · (values − average).
void ck_move_average(float *average, const float *values, float weight, size_t count);

// MARK: Ranking

/// Over a tile of scores [rows, columns]: row_count[r] += number of columns with score − column_offset[c] ≥
/// row_threshold[r]; column_count[c] += number of rows (first..<last) with score − row_offset[r] ≥
/// column_threshold[c].
void ck_count_at_least(const float *scores, size_t stride, const float *row_offset, const float *column_offset,
                       const float *row_threshold, const float *column_threshold, int32_t *row_count,
                       int32_t *column_count, size_t columns, size_t first, size_t last);

/// For rows first..<last: keeps in largest [rows, kept], each row in descending order, the largest of what is there
/// and the row's scores.
void ck_keep_largest_of_rows(const float *scores, size_t stride, size_t columns, float *largest, size_t kept,
                             size_t first, size_t last);
/// The same for columns first..<last; largest [kept, columns] has rows that are largest_stride apart.
void ck_keep_largest_of_columns(const float *scores, size_t stride, size_t rows, float *largest,
                                size_t largest_stride, size_t kept, size_t first, size_t last);

/// For rows first..<last: maximum[r] ← the larger of it and the row's scores, and sum[r] ← Σ e^(scale · (score −
/// maximum[r])) over the row's scores and those that sum[r] had. Begin with −∞ and 0; scores are finite.
void ck_add_exponentials_of_rows(const float *scores, size_t stride, size_t columns, float scale, float *maximum,
                                 double *sum, size_t first, size_t last);
/// The same for columns first..<last.
void ck_add_exponentials_of_columns(const float *scores, size_t stride, size_t rows, float scale, float *maximum,
                                    double *sum, size_t first, size_t last);

// MARK: Search

/// A row and its score.
typedef struct {
  float score;
  uint32_t row;
} ck_hit;

/// Σ 1, Σ score and Σ score² of the finite scores of a scan.
typedef struct {
  double count, sum, squares;
} ck_moments;

/// Σ a·b in float32.
float ck_dot_bfloat16(const ck_bfloat16 *a, const ck_bfloat16 *b, size_t count);

/// For each query q in first..<last: keeps the `kept` highest of the scores seen so far in `hits` + q · `kept`, of
/// equal ones the lower rows; founds[q] says how many there are, before and after. They are a heap in between; NaN is
/// left out. scores[i · stride + q] for i < `count` is that of row r, which is `rows`[i], or where `rows` is null
/// `first_row` + i; it is first lowered by `offsets`[r], unless that is null.
void ck_keep_highest_of_queries(float *scores, size_t stride, size_t count, const uint32_t *rows, uint32_t first_row,
                                const float *offsets, ck_hit *hits, size_t kept, size_t *founds, size_t first,
                                size_t last);

/// scores[r − first] = row · query for r in first..<last, where the row is `vectors`[`rows`[r]], or where `rows` is
/// null `vectors`[r]. Every row is summed in the same order, so that equal rows score equally.
void ck_score_rows(const float *vectors, size_t stride, const uint32_t *rows, const float *query, size_t columns,
                   float *scores, size_t first, size_t last);
void ck_score_rows_bfloat16(const ck_bfloat16 *vectors, size_t stride, const uint32_t *rows, const float *query,
                            size_t columns, float *scores, size_t first, size_t last);

/// All together: scores rows first..<last, lowers the scores by `offsets`, one for each of the vectors, unless it is
/// null, keeps the highest in `hits` (room for `kept`), adds all to `moments`, and returns the number kept.
size_t ck_scan_rows(const float *vectors, size_t stride, const uint32_t *rows, const float *query, size_t columns,
                    const float *offsets, ck_hit *hits, size_t kept, ck_moments *moments, size_t first, size_t last);
size_t ck_scan_rows_bfloat16(const ck_bfloat16 *vectors, size_t stride, const uint32_t *rows, const float *query,
                             size_t columns, const float *offsets, ck_hit *hits, size_t kept, ck_moments *moments,
                             size_t first, size_t last);

/// A table of vectors: row r begins `r · columns` numbers behind `values`, float32 or bfloat16.
typedef struct {
  const void *values;
  size_t rows, columns;
  bool is_bfloat16;
} ck_table;

/// A layer of a graph of neighbours: it has nodes 0..<`nodes`, and node n has the links begins[n]..<begins[n + 1].
typedef struct {
  size_t nodes;
  const uint32_t *begins, *links;
} ck_layer;

/// A graph of neighbours (HNSW) over rows of a table. Nodes of upper layers come first, so that a layer has all nodes
/// that the layer above it has; the lowest layer is the first and has all, fewer than 2³¹.
typedef struct {
  /// The row of each node.
  const uint32_t *rows;
  size_t layer_count;
  const ck_layer *layers;
} ck_graph;

/// Searches from node 0 on for rows with high dot products with `query` [columns], keeping the `breadth` best: they
/// come out in `hits`, which has room for them, the best first; returns how many. `seen` is memory for a bit for each
/// node, in whole words; several threads may search with memory of their own.
///
/// Nothing of the graph is checked here; Retrieval's LayeredLinks does: `begins` has nodes + 1 numbers that never fall, links
/// are below the `nodes` of their layer, rows below those of the table, and no upper layer is empty or has more nodes than
/// the one below it.
size_t ck_search_graph(const ck_graph *graph, const ck_table *table, const float *query, size_t breadth, ck_hit *hits,
                       uint32_t *seen);

/// The exclusive or of all words: reads memory and does nothing else, to measure how fast that is.
uint64_t ck_read(const uint64_t *words, size_t count);

#ifdef __cplusplus
}
#endif
#endif
