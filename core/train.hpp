// Training: one update for each batch, in phases that any number of threads may share. It keeps no threads itself.
//
//   sum_panels  the first layer's z for some of its panels, if it has enough   reads weights, writes a
//   examine     forward, loss and the way back for some of the batch's images  reads weights, writes a, d_z, losses
//   improve     gradient and update for some of the weights                    reads a, d_z, writes weights
//
// After each phase everybody waits for everybody, after the first if there was one. No sum is ever shared: an image's
// sums belong to the part that examines it (of the first layer, also to the part that its panel belongs to), a weight's
// gradient (over the images, in the batch's order) to the part that improves it. So the number of parts changes no bit,
// and nothing has to be reduced.
#pragma once
#include "backward.hpp"
#include "distort.hpp"
#include "optimizer.hpp"

namespace glassnet::GLASSNET_ISA {

struct Batch {
    const uint32_t *order;  // (count,) image numbers
    int64_t count, update;  // update: its number, from 1
};
INLINE Batch batch_of(const Job *job, int64_t batch) {
    const int64_t first = batch * job->rule.batch_size;
    return {job->order + first, smaller(job->rule.batch_size, job->visits - first), job->update + batch + 1};
}
INLINE bool is_distorted(const Job *job) { return is_change(&job->distortion); }
// Piece `part` of `parts` of 0 … total − 1 begins here and ends where the next begins.
INLINE int64_t share(int64_t total, int64_t part, int64_t parts) { return total * part / parts; }

// The images that a part examines: first … last − 1 of the batch. Distorted ones are shared out in undivided groups.
struct Stretch {
    int64_t first, last;
};
INLINE Stretch stretch_of(const Job *job, Batch batch, int32_t part, int32_t parts) {
    const int64_t group = is_distorted(job) ? SIXTEEN : 1, groups = (batch.count + group - 1) / group;
    return {share(groups, part, parts) * group, smaller(share(groups, part + 1, parts) * group, batch.count)};
}

// Ask for what a part will examine first in the next batch, while this one's gradient is worked out: where the images
// lie at the beginning of it, the images at its end. A batch of one is over too soon for that: its next image is asked
// for at once, and where the sixteenth lies. (INLINE, since GCC takes a function that asks for memory alone to do nothing,
// and leaves out its calls.)
enum Question { WHERE, WHAT };
INLINE void ask_for_next(const Job *job, int64_t number, int32_t part, int32_t parts, Question question) {
    if (is_distorted(job) || (number + 1) * job->rule.batch_size >= job->visits) return;
    const Batch next = batch_of(job, number + 1);
    if (job->rule.batch_size == 1) {
        if (question == WHAT) return;
        prefetch(&job->images, next.order[0]);
        if (number + SPANS_AHEAD < job->visits) prefetch_span(&job->images, job->order[number + SPANS_AHEAD]);
        return;
    }
    const Stretch some = stretch_of(job, next, part, parts);
    for (int64_t i = some.first; i < smaller(some.last, some.first + (question == WHERE ? SPANS_AHEAD : AHEAD)); i++)
        if (question == WHERE) prefetch_span(&job->images, next.order[i]);
        else prefetch(&job->images, next.order[i]);
}

// ---- phase one --------------------------------------------------------------------------------------------------

// Whether each part sums up those panels of the first layer that it improves: no processor then has to fetch from another
// what that has just written. A layer of few panels is shared out image by image.
INLINE bool is_shared_by_panels(const Job *job, int32_t parts) {
    const int64_t all = panels(job->network.layer->neurons);
    return parts > 1 && !is_distorted(job) && (all % parts == 0 || all >= 4 * parts);
}
// Returns whether there was such a phase: for every part, or for none.
static bool sum_panels(const Job *job, int64_t number, int32_t part, int32_t parts) {
    if (!is_shared_by_panels(job, parts)) return false;
    const Network<float> *network = &job->network;
    const Batch batch = batch_of(job, number);
    const int64_t all = panels(network->layer->neurons);
    packed_sums(network->layer, network->images, &job->images, {batch.order, 0}, 0, batch.count, share(all, part, parts),
                share(all, part + 1, parts));
    return true;
}

// The bands before which `improve_first` cuts images, a bit each: a single panel is cut between its parts alone.
INLINE uint32_t cuts_asked_for(const Job *job, int32_t parts) {
    uint32_t asked = 0;
    for (int32_t part = 1; part < parts; part++) asked |= 1u << share(BANDS, part, parts);
    return panels(job->network.layer->neurons) == 1 ? asked : ~0u;
}

static void examine(const Job *job, int64_t number, int32_t part, int32_t parts) {
    const Network<float> *network = &job->network;
    const int64_t all = panels(network->layer->neurons);
    const Batch batch = batch_of(job, number);
    const auto [first, last] = stretch_of(job, batch, part, parts);
    if (first == last) return;
    if (is_distorted(job)) {
        distort(job, batch.order, batch.update, first, last, part, cuts_asked_for(job, parts));
        packed_sums(network->layer, network->images, &job->changed, {nullptr, 0}, first, last, 0, all);
    } else if (!is_shared_by_panels(job, parts)) {
        packed_sums(network->layer, network->images, &job->images, {batch.order, 0}, first, last, 0, all);
    }
    upward(network, first, last);
    for (int64_t i = first; i < last; i++)
        job->image_losses[i] = output_loss<float>(network, i, job->labels[batch.order[i]], float(batch.count));
    downward(network, first, last);
}

// ---- phase two --------------------------------------------------------------------------------------------------

// The images that a batch's gradient runs over.
struct Sight {
    const Packed *packed;
    Places place;
};

// Gradient of the rows for the pixels in bands b … c − 1, several panels abreast: g[j] = Σ_i x[j of i] · d_z[i], i rising.
// g (band's pixels, 16) begins at the first band's first pixel, one panel after the other; d_z (images, 16) is the first
// panel's, `stride` numbers from one to the next.
template <int PANELS>
static void inked_gradient(Sight sight, int64_t count, int b, int c, const float *d_z, int64_t stride, float *g) {
    const int64_t from = sight.packed->band[b], size = (sight.packed->band[c] - from) * SIXTEEN;
    // some of the images were examined by another part, and no part has seen where they are cut
    const auto ask_where = [&](int64_t i) __attribute__((always_inline)) {
        if (i >= count || c - b == BANDS) return;
        prefetch_span(sight.packed, sight.place(i));
        prefetch_cuts(sight.packed, sight.place(i));
    };
    for (int64_t i = 0; i < SPANS_AHEAD; i++) ask_where(i);
    for (int64_t k = 0; k < PANELS * size; k++) g[k] = 0;
    for (int64_t i = 0; i < count; i++) {
        ask_where(i + SPANS_AHEAD);
        if (i + AHEAD < count) prefetch(sight.packed, sight.place(i + AHEAD));
        const Ink some = ink(sight.packed, sight.place(i), b, c);
        Lanes<float> d[PANELS];
#pragma GCC unroll 8
        for (int p = 0; p < PANELS; p++) d[p] = load(d_z + p * stride + i * SIXTEEN);
        float *row = g + (some.pixel - from) * SIXTEEN;
#pragma GCC unroll 4
        for (int64_t k = 0; k < some.count; k++) {
            row += int64_t(some.pair[k].gap) * SIXTEEN;
            const Lanes<float> x = every(BYTES<float>.value[some.pair[k].value]);
#pragma GCC unroll 8
            for (int p = 0; p < PANELS; p++) store(row + p * size, load(row + p * size) + x * d[p]);
        }
    }
}

// Plain SGD with a batch of one: only the rows of inked pixels change, so only they are touched.
INLINE bool is_alone(const Job *job, Batch batch) {
    return job->rule.optimizer == SGD && batch.count == 1 && job->rule.average == 0;
}
template <int PANELS>
static void learn_one(Sight sight, int b, int c, const float *d_z, int64_t stride, float rate, float *w, int64_t size) {
    const Ink some = ink(sight.packed, sight.place(0), b, c);
    Lanes<float> d[PANELS];
#pragma GCC unroll 8
    for (int p = 0; p < PANELS; p++) d[p] = load(d_z + p * stride);
    const Lanes<float> r = every(rate);
    float *row = w + some.pixel * SIXTEEN;
    for (int64_t k = 0; k < some.count; k++) {
        row += int64_t(some.pair[k].gap) * SIXTEEN;
        const Lanes<float> x = every(BYTES<float>.value[some.pair[k].value]);
#pragma GCC unroll 8
        for (int p = 0; p < PANELS; p++) store(row + p * size, load(row + p * size) - r * (x * d[p]));
    }
}

// Gradient of ROWS rows of a panel from input j on: a (images, 16) the inputs' panel, d_z (images, 16); the bias has
// a = 1.
template <int ROWS> INLINE void dense_gradient(const float *a, int64_t count, const float *d_z, float *g) {
    Lanes<float> sum[ROWS];
#pragma GCC unroll 4
    for (int r = 0; r < ROWS; r++) sum[r] = every(0.0f);
    for (int64_t i = 0; i < count; i++) {
        const Lanes<float> d = load(d_z + i * SIXTEEN);
#pragma GCC unroll 4
        for (int r = 0; r < ROWS; r++) sum[r] = sum[r] + (a ? every(a[i * SIXTEEN + r]) * d : d);
    }
#pragma GCC unroll 4
    for (int r = 0; r < ROWS; r++) store(g + r * SIXTEEN, sum[r]);
}
static void bias_gradient(int64_t count, const float *d_z, float *g) { dense_gradient<1>(nullptr, count, d_z, g); }

static void improve_first(const Job *job, int64_t number, int32_t part, int32_t parts) {
    const Batch batch = batch_of(job, number);
    const Layer<float> *layer = job->network.layer;
    const int64_t stride = job->network.images * SIXTEEN, rows = layer->inputs + 1;
    const Sight sight = is_distorted(job) ? Sight{&job->changed, {nullptr, 0}} : Sight{&job->images, {batch.order, 0}};
    const bool alone = is_alone(job, batch);
    const float rate = float(learning_rate(&job->rule, batch.update));
    const int32_t *band = sight.packed->band;
    float *g = job->rows + part * job->row_floats;
    const auto improve_bands = [&]<int PANELS>(int64_t p, int first, int last) __attribute__((always_inline)) {
        const float *d_z = layer->d_z + p * stride;
        for (int b = first, c; b < last; b = c) {
            c = int(smaller(alone ? BANDS : b + IN_ONE_GO<PANELS>, last));
            if (alone) {
                learn_one<PANELS>(sight, b, c, d_z, stride, rate, layer->w + p * rows * SIXTEEN, rows * SIXTEEN);
                continue;
            }
            inked_gradient<PANELS>(sight, batch.count, b, c, d_z, stride, g);
            const int64_t size = int64_t(band[c] - band[b]) * SIXTEEN;
            for (int64_t q = 0; q < PANELS; q++)
                apply(&job->rule, batch.update, layer, ((p + q) * rows + band[b]) * SIXTEEN, size, g + q * size);
        }
        if (last < BANDS) return;
        for (int64_t q = 0; q < PANELS; q++) {
            bias_gradient(batch.count, d_z + q * stride, g);
            apply(&job->rule, batch.update, layer, ((p + q + 1) * rows - 1) * SIXTEEN, SIXTEEN, g);
        }
    };
    // the work is panels × bands: the rest of a panel that the part before has begun, whole panels, the beginning of one
    const int64_t units = panels(layer->neurons) * BANDS;
    const int64_t begin = share(units, part, parts), end = share(units, part + 1, parts);
    const int64_t whole = (begin + BANDS - 1) / BANDS, broken = end / BANDS;
    if (whole > broken) return improve_bands.template operator()<1>(broken, int(begin % BANDS), int(end % BANDS));
    if (begin % BANDS) improve_bands.template operator()<1>(whole - 1, int(begin % BANDS), BANDS);
    abreast(whole, broken, [&]<int PANELS>(int64_t p) __attribute__((always_inline)) {
        improve_bands.template operator()<PANELS>(p, 0, BANDS);
    });
    if (end % BANDS) improve_bands.template operator()<1>(broken, 0, int(end % BANDS));
}

// Copy rows j … last − 1 of panel p of w to `back`, turned over.
template <class T> static void turn_over(const Layer<T> *layer, int64_t p, int64_t first, int64_t last) {
    const int64_t here = smaller(layer->neurons - p * SIXTEEN, SIXTEEN);
    const T *w = layer->w + p * (layer->inputs + 1) * SIXTEEN;
    for (int64_t j = first; j < last; j++)
        for (int64_t k = 0; k < here; k++)
            layer->back[(j / SIXTEEN * layer->neurons + p * SIXTEEN + k) * SIXTEEN + j % SIXTEEN] =
                w[j * SIXTEEN + k];
}

static void improve_above(const Job *job, int32_t number, Batch batch, int32_t part, int32_t parts) {
    const Layer<float> *layer = job->network.layer + number, *below = layer - 1;
    const int64_t images = job->network.images, rows = layer->inputs + 1, chunks = panels(rows);
    float *g = job->rows + part * job->row_floats;
    for (int64_t unit = share(panels(layer->neurons) * chunks, part, parts);
         unit < share(panels(layer->neurons) * chunks, part + 1, parts); unit++) {  // sixteen rows of a panel
        const int64_t p = unit / chunks, first = unit % chunks * SIXTEEN, last = smaller(first + SIXTEEN, rows);
        const int64_t inputs = smaller(last, layer->inputs);  // the row after them is the bias
        const float *d_z = layer->d_z + p * images * SIXTEEN, *a = below->a + first * images;
        int64_t j = first;
        for (; j + TOGETHER <= inputs; j += TOGETHER)
            dense_gradient<TOGETHER>(a + (j - first), batch.count, d_z, g + (j - first) * SIXTEEN);
        for (; j < inputs; j++) dense_gradient<1>(a + (j - first), batch.count, d_z, g + (j - first) * SIXTEEN);
        if (j < last) bias_gradient(batch.count, d_z, g + (j - first) * SIXTEEN);
        apply(&job->rule, batch.update, layer, (p * rows + first) * SIXTEEN, (last - first) * SIXTEEN, g);
        if (job->rule.optimizer != GRADIENT) turn_over(layer, p, first, inputs);
    }
}

// The same for a layer above: the numbers of w and, in the same products, of w turned over.
static void learn_one_above(const Job *job, int32_t number, Batch batch, int32_t part, int32_t parts) {
    const Layer<float> *layer = job->network.layer + number, *below = layer - 1;
    const int64_t images = job->network.images, rows = layer->inputs + 1;
    const Lanes<float> rate = every(float(learning_rate(&job->rule, batch.update)));
    for (int64_t p = share(panels(layer->neurons), part, parts); p < share(panels(layer->neurons), part + 1, parts); p++) {
        const float *d_z = layer->d_z + p * images * SIXTEEN;
        const Lanes<float> d = load(d_z);
        float *w = layer->w + p * rows * SIXTEEN;
        for (int64_t j = 0; j < layer->inputs; j++, w += SIXTEEN)
            store(w, load(w) - rate * (every(below->a[j / SIXTEEN * images * SIXTEEN + j % SIXTEEN]) * d));
        store(w, load(w) - rate * d);
        for (int64_t q = 0; q < panels(layer->inputs); q++) {
            const Lanes<float> a = load(below->a + q * images * SIXTEEN) * first_lanes<float>(layer->inputs - q * SIXTEEN);
            float *back = layer->back + (q * layer->neurons + p * SIXTEEN) * SIXTEEN;
            for (int64_t k = 0; k < smaller(layer->neurons - p * SIXTEEN, SIXTEEN); k++)
                store(back + k * SIXTEEN, load(back + k * SIXTEEN) - rate * (a * every(d_z[k])));
        }
    }
}

static void improve(const Job *job, int64_t number, int32_t part, int32_t parts) {
    const Batch batch = batch_of(job, number);
    if (part == 0) {
        float sum = 0;
        for (int64_t i = 0; i < batch.count; i++) sum += job->image_losses[i];
        job->losses[number] = sum / float(batch.count);
    }
    ask_for_next(job, number, part, parts, WHERE);
    improve_first(job, number, part, parts);
    for (int32_t l = 1; l < job->network.layers; l++)
        if (is_alone(job, batch)) learn_one_above(job, l, batch, part, parts);
        else improve_above(job, l, batch, part, parts);
    ask_for_next(job, number, part, parts, WHAT);
}

// ---- layouts ----------------------------------------------------------------------------------------------------

template <class T> INLINE T *array_of(const Layer<T> *layer, int32_t which) {
    return which == W ? layer->w : which == M ? layer->m : which == V_MEMORY ? layer->v : layer->average;
}
template <class T> static void to_panels(const T *weights, const Network<T> *network, int32_t which) {
    for (int32_t l = 0; l < network->layers; l++) {
        const Layer<T> *layer = network->layer + l;
        const int64_t rows = layer->inputs + 1;
        T *to = array_of(layer, which);
        for (int64_t p = 0; p < panels(layer->neurons); p++, to += rows * SIXTEEN) {
            const int64_t here = smaller(layer->neurons - p * SIXTEEN, SIXTEEN);
            const T *from = weights + p * SIXTEEN * rows;
            for (int64_t j = 0; j < rows; j++)  // whole rows of a panel: what is written lies together
                for (int64_t k = 0; k < SIXTEEN; k++) to[j * SIXTEEN + k] = k < here ? from[k * rows + j] : T(0);
        }
        weights += layer->neurons * rows;
        if (which != W || !layer->back) continue;
        for (int64_t k = 0; k < panels(layer->inputs) * layer->neurons * SIXTEEN; k++) layer->back[k] = 0;
        for (int64_t p = 0; p < panels(layer->neurons); p++) turn_over(layer, p, 0, layer->inputs);
    }
}
static void from_panels(const Network<float> *network, int32_t which, float *weights) {
    for (int32_t l = 0; l < network->layers; l++) {
        const Layer<float> *layer = network->layer + l;
        const int64_t rows = layer->inputs + 1;
        const float *from = array_of(layer, which);
        for (int64_t i = 0; i < layer->neurons; i++)
            for (int64_t j = 0; j < rows; j++)
                *weights++ = from[(i / SIXTEEN * rows + j) * SIXTEEN + i % SIXTEEN];
    }
}

}  // namespace glassnet::GLASSNET_ISA
