// Forward propagation for a block of images: z = w · a with the 1 below, and the activations. It knows no target.
//
// The order of additions, binding for every neuron and every kind of image: the inputs' products from the first input
// to the last (blank pixels left out), then the bias. Each sum belongs to one image and one neuron.
//
//   shapes as in engine.hpp; i an image's place in the block, p a panel of neurons, j an input
#pragma once
#include "images.hpp"

namespace glassnet::GLASSNET_ISA {

// How many images share a row of weights while it is in a register; their sums must fit the registers, too.
constexpr int TOGETHER = REGISTER == 16 ? 2 : 4;

// Where the value of input j of image i lies: at[i · image + (j / 16) · panel + j % 16].
template <class T> struct Inputs {
    const T *at;
    int64_t image, panel;
};

// out[i] = Σ_j in[j of i] · w[j], then + bias, for IMAGES images from i on and one panel: w (inputs (+ 1), 16).
template <int IMAGES, bool BIAS, class T>
INLINE void dense_sums(Inputs<T> in, int64_t i, int32_t inputs, const T *w, T *out) {
    Lanes<T> sum[IMAGES];
#pragma GCC unroll 4
    for (int k = 0; k < IMAGES; k++) sum[k] = every<T>(0);
    const T *a = in.at + i * in.image;
    for (int32_t left = inputs; left > 0; left -= SIXTEEN, a += in.panel) {
        const int32_t here = left < SIXTEEN ? left : SIXTEEN;
        for (int32_t j = 0; j < here; j++, w += SIXTEEN) {
            const Lanes<T> row = load(w);
#pragma GCC unroll 4
            for (int k = 0; k < IMAGES; k++) sum[k] = sum[k] + row * every<T>(a[k * in.image + j]);
        }
    }
#pragma GCC unroll 4
    for (int k = 0; k < IMAGES; k++) store(out + (i + k) * SIXTEEN, BIAS ? sum[k] + load(w) : sum[k]);
}

// All panels for images first … last − 1: w (panels, inputs + BIAS, 16), out (panels, images, 16).
template <bool BIAS, class T>
static void dense(Inputs<T> in, int64_t first, int64_t last, int32_t inputs, int32_t neurons, const T *w, T *out,
                  int64_t images) {
    for (int64_t p = 0; p < panels(neurons); p++) {
        const T *panel = w + p * (inputs + BIAS) * SIXTEEN;
        T *sums = out + p * images * SIXTEEN;
        int64_t i = first;
        for (; i + TOGETHER <= last; i += TOGETHER) dense_sums<TOGETHER, BIAS>(in, i, inputs, panel, sums);
        for (; i < last; i++) dense_sums<1, BIAS>(in, i, inputs, panel, sums);
    }
}

// ---- the first layer, from packed images ------------------------------------------------------------------------

// One more inked pixel for a sum: the row moves on by the pair's gap.
template <class T> INLINE Lanes<T> with_pixel(Lanes<T> sum, const T *&row, Pair pair) {
    row += int64_t(pair.gap) * SIXTEEN;
    return sum + load(row) * every<T>(BYTES<T>.value[pair.value]);
}

// Two images in one panel at once, so that one's sum can be added to while the other's addition is still under way.
template <class T> INLINE void inked_sums(const T *w, int64_t bias, Ink one, Ink two, T *out_one, T *out_two) {
    Lanes<T> sum_one = every<T>(0), sum_two = every<T>(0);
    const T *row_one = w, *row_two = w;
    const int64_t both = smaller(one.count, two.count);
    int64_t k = 0;
#pragma GCC unroll 4
    for (; k < both; k++) {
        sum_one = with_pixel(sum_one, row_one, one.pair[k]);
        sum_two = with_pixel(sum_two, row_two, two.pair[k]);
    }
    for (int64_t rest = k; rest < one.count; rest++) sum_one = with_pixel(sum_one, row_one, one.pair[rest]);
    for (int64_t rest = k; rest < two.count; rest++) sum_two = with_pixel(sum_two, row_two, two.pair[rest]);
    store(out_one, sum_one + load(w + bias * SIXTEEN));
    store(out_two, sum_two + load(w + bias * SIXTEEN));
}

// Several panels of one image at once, so that its pairs are read once for all of them. Their sums must fit the registers,
// and the rows of as many bands as are done in one go the cache.
constexpr int ABREAST = REGISTER / 8;
template <int PANELS> constexpr int IN_ONE_GO = PANELS == 1 ? BANDS : 16 / PANELS;

// Call work<PANELS>(p) for panels p, p + PANELS, … up to `end`: as many abreast as go, then half as many, down to one.
template <int PANELS = ABREAST, class Work> INLINE void abreast(int64_t p, int64_t end, Work work) {
    for (; p + PANELS <= end; p += PANELS) work.template operator()<PANELS>(p);
    if constexpr (PANELS > 1) abreast<PANELS / 2>(p, end, work);
}

// The sums of bands b … c − 1 are added to what the bands before them gave: row by row, as if in one go. w and out
// begin at the first panel, size and images · 16 apart.
template <int PANELS, class T>
INLINE void inked_sums_abreast(const T *w, int64_t size, Ink ink, int b, int c, int64_t bias, T *out, int64_t images) {
    Lanes<T> sum[PANELS];
#pragma GCC unroll 8
    for (int p = 0; p < PANELS; p++) sum[p] = b ? load(out + p * images * SIXTEEN) : every<T>(0);
    const T *row = w + ink.pixel * SIXTEEN;
#pragma GCC unroll 2
    for (int64_t k = 0; k < ink.count; k++) {
        row += int64_t(ink.pair[k].gap) * SIXTEEN;
        const Lanes<T> x = every<T>(BYTES<T>.value[ink.pair[k].value]);
#pragma GCC unroll 8
        for (int p = 0; p < PANELS; p++) sum[p] = sum[p] + load(row + p * size) * x;
    }
#pragma GCC unroll 8
    for (int p = 0; p < PANELS; p++)
        store(out + p * images * SIXTEEN, c == BANDS ? sum[p] + load(w + p * size + bias * SIXTEEN) : sum[p]);
}

// Which image stands at place i of a block.
struct Places {
    const uint32_t *order;  // or null: image `from` + i
    int64_t from;
    INLINE_MEMBER int64_t operator()(int64_t i) const { return order ? int64_t(order[i]) : from + i; }
};

// For images first … last − 1 and panels p … q − 1.
template <class T>
static void packed_sums(const Layer<T> *layer, int64_t images, const Packed *packed, Places place, int64_t first,
                        int64_t last, int64_t p, int64_t q) {
    const int64_t size = (layer->inputs + 1) * SIXTEEN, start = p;
    const auto ask_ahead = [&](int64_t i) __attribute__((always_inline)) {
        if (i + SPANS_AHEAD < last) {
            prefetch_span(packed, place(i + SPANS_AHEAD));
            if (q - start > 1) prefetch_cuts(packed, place(i + SPANS_AHEAD));
        }
        if (i + AHEAD < last) prefetch(packed, place(i + AHEAD));
    };
    const auto one_by_one = [&]<int PANELS>(int64_t p, int64_t from) __attribute__((always_inline)) {
        const int go = last - from > 1 ? IN_ONE_GO<PANELS> : BANDS;
        for (int b = 0; b < BANDS; b += go)
            for (int64_t i = from; i < last; i++) {
                if (p == start && b == 0) ask_ahead(i);
                inked_sums_abreast<PANELS>(layer->w + p * size, size, ink(packed, place(i), b, b + go), b, b + go,
                                           layer->inputs, layer->a + (p * images + i) * SIXTEEN, images);
            }
    };
    abreast(p, q, [&]<int PANELS>(int64_t p) __attribute__((always_inline)) {
        int64_t i = first;
        if constexpr (PANELS == 1)
            for (; i + 2 <= last; i += 2) {
                if (p == start) ask_ahead(i), ask_ahead(i + 1);
                T *z = layer->a + (p * images + i) * SIXTEEN;
                inked_sums(layer->w + p * size, layer->inputs, ink(packed, place(i)), ink(packed, place(i + 1)), z,
                           z + SIXTEEN);
            }
        one_by_one.template operator()<PANELS>(p, i);
    });
}

// ---- the first layer, from bytes --------------------------------------------------------------------------------

// Bytes that are seen once are not packed: blank groups of eight are left out, pixels within a group are not.
constexpr int32_t MOST_GROUPS = 1024;
struct Groups {
    int32_t count = 0;
    uint16_t group[MOST_GROUPS];
};
INLINE void inked_groups(const uint8_t *image, int32_t groups, Groups *found) {
    int32_t count = 0;
    for (int32_t g = 0; g < groups; g++) {  // written always, kept if inked: no branch to guess wrong
        found->group[count] = uint16_t(g);
        count += eight_bytes(image + 8 * g) != 0;
    }
    found->count = count;
}
template <class T> INLINE Lanes<T> group_sum(Lanes<T> sum, const T *w, const uint8_t *image, int32_t group) {
    const uint8_t *byte = image + 8 * group;
    const T *row = w + int64_t(group) * 8 * SIXTEEN;
#pragma GCC unroll 8
    for (int k = 0; k < 8; k++) sum = sum + load(row + k * SIXTEEN) * every<T>(BYTES<T>.value[byte[k]]);
    return sum;
}
template <class T> INLINE Lanes<T> byte_sum(Lanes<T> sum, const T *w, const uint8_t *image, int32_t from, int32_t to) {
    for (int32_t j = from; j < to; j++)
        if (image[j]) sum = sum + load(w + int64_t(j) * SIXTEEN) * every<T>(BYTES<T>.value[image[j]]);
    return sum + load(w + int64_t(to) * SIXTEEN);
}
template <class T>
static void byte_sums(const Layer<T> *layer, int64_t images, const uint8_t *bytes, int64_t first, int64_t last) {
    const int32_t pixels = layer->inputs;
    const int32_t groups = pixels / 8 < MOST_GROUPS ? pixels / 8 : MOST_GROUPS;
    Groups one, two;
    for (int64_t i = first; i < last; i += 2) {
        const int64_t j = i + 1 < last ? i + 1 : i;
        const uint8_t *image_one = bytes + i * pixels, *image_two = bytes + j * pixels;
        inked_groups(image_one, groups, &one);
        inked_groups(image_two, groups, &two);
        const int32_t both = one.count < two.count ? one.count : two.count;
        for (int64_t p = 0; p < panels(layer->neurons); p++) {
            const T *w = layer->w + p * (pixels + 1) * SIXTEEN;
            T *z = layer->a + p * images * SIXTEEN;
            Lanes<T> sum_one = every<T>(0), sum_two = every<T>(0);
            int32_t k = 0;
            for (; k < both; k++) {
                sum_one = group_sum(sum_one, w, image_one, one.group[k]);
                sum_two = group_sum(sum_two, w, image_two, two.group[k]);
            }
            for (int32_t r = k; r < one.count; r++) sum_one = group_sum(sum_one, w, image_one, one.group[r]);
            for (int32_t r = k; r < two.count; r++) sum_two = group_sum(sum_two, w, image_two, two.group[r]);
            store(z + i * SIXTEEN, byte_sum(sum_one, w, image_one, 8 * groups, pixels));
            store(z + j * SIXTEEN, byte_sum(sum_two, w, image_two, 8 * groups, pixels));
        }
    }
}

// ---- activations and the layers above ---------------------------------------------------------------------------

template <class T> INLINE Lanes<T> activate(Activation activation, Lanes<T> z) {
    if (activation == SIGMOID) return each([](V<T> x) __attribute__((always_inline)) { return sigmoid<T>(x); }, z);
    if (activation == TANH) return each([](V<T> x) __attribute__((always_inline)) { return tanh<T>(x); }, z);
    return each([](V<T> x) __attribute__((always_inline)) { return x < T(0) ? V<T>{} : x; }, z);
}
template <class T>
static void activate_all(const Layer<T> *layer, int64_t images, Activation activation, int64_t first, int64_t last) {
    for (int64_t p = 0; p < panels(layer->neurons); p++) {
        T *a = layer->a + p * images * SIXTEEN;
        for (int64_t i = first; i < last; i++) store(a + i * SIXTEEN, activate(activation, load(a + i * SIXTEEN)));
    }
}

// Output k of image i, wherever its panel is.
template <class T> INLINE T &entry(T *panels, int64_t images, int64_t i, int64_t k) {
    return panels[(k / SIXTEEN * images + i) * SIXTEEN + k % SIXTEEN];
}

// Softmax of image i, in place: e^(z − max), divided by their sum (from the first output to the last).
// Returns ln Σ e^(z − max) + max, with which the cross-entropy is that minus the target's z.
template <class T> static T softmax(const Layer<T> *layer, int64_t images, int64_t i) {
    T most = entry(layer->a, images, i, 0), total = 0;
    for (int64_t k = 1; k < layer->neurons; k++) {
        const T z = entry(layer->a, images, i, k);
        most = z > most ? z : most;
    }
    for (int64_t p = 0; p < panels(layer->neurons); p++) {
        T *z = layer->a + (p * images + i) * SIXTEEN;
        store(z, each([](V<T> x) __attribute__((always_inline)) { return exp<T>(x); }, load(z) - every<T>(most)));
    }
    for (int64_t k = 0; k < layer->neurons; k++) total += entry(layer->a, images, i, k);
    for (int64_t p = 0; p < panels(layer->neurons); p++) {
        T *a = layer->a + (p * images + i) * SIXTEEN;
        store(a, load(a) / every<T>(total));
    }
    return log_of(total) + most;
}

// From the first layer's z to the last layer's z: activations of the hidden layers and the layers above the first.
template <class T> static void upward(const Network<T> *network, int64_t first, int64_t last) {
    const int64_t images = network->images;
    for (int32_t l = 1; l < network->layers; l++) {
        const Layer<T> *below = network->layer + l - 1, *layer = network->layer + l;
        activate_all(below, images, network->hidden, first, last);
        dense<true>(Inputs<T>{below->a, SIXTEEN, images * SIXTEEN}, first, last, layer->inputs, layer->neurons,
                    layer->w, layer->a, images);
    }
}

template <class T> static void finish(const Network<T> *network, int64_t first, int64_t last) {
    const Layer<T> *top = network->layer + network->layers - 1;
    if (network->loss == CROSS_ENTROPY)
        for (int64_t i = first; i < last; i++) softmax(top, network->images, i);
    else activate_all(top, network->images, SIGMOID, first, last);
}

static void forward_packed(const Network<float> *network, const Packed *images, const uint32_t *order, int64_t first,
                           int64_t last, bool sums_only) {
    const int64_t all = panels(network->layer->neurons);
    packed_sums(network->layer, network->images, images, {order, first}, 0, last - first, 0, all);
    upward(network, 0, last - first);
    if (!sums_only) finish(network, 0, last - first);
}
static void forward_bytes(const Network<float> *network, const uint8_t *images, int64_t count, bool sums_only) {
    byte_sums(network->layer, network->images, images, 0, count);
    upward(network, 0, count);
    if (!sums_only) finish(network, 0, count);
}
// Floats 0 … 1, (count, pixels): every pixel is multiplied, blank or not.
template <class T> static void forward_numbers(const Network<T> *network, const T *images, int64_t count, bool sums_only) {
    const Layer<T> *layer = network->layer;
    dense<true>(Inputs<T>{images, layer->inputs, SIXTEEN}, 0, count, layer->inputs, layer->neurons, layer->w, layer->a,
                network->images);
    upward(network, 0, count);
    if (!sums_only) finish(network, 0, count);
}

// Whether every number of an array is one, and none infinite: asked of the weights before each use, since they may be
// edited in place. At the speed of memory: 11,000 weights take less than a microsecond.
static bool all_finite(const float *numbers, int64_t count) {
    I<float> bad[4] = {};
    int64_t k = 0;
    for (const int64_t step = 4 * REGISTER / 4; k + step <= count; k += step) {
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) {
            V<float> x;
            __builtin_memcpy(&x, numbers + k + r * REGISTER / 4, REGISTER);
            bad[r] |= (I<float>)(x - x);  // 0, whose bits are all 0, but ∞ − ∞ is no number
        }
    }
    bad[0] |= bad[1] | bad[2] | bad[3];
    int32_t found = 0;
    for (int lane = 0; lane < REGISTER / 4; lane++) found |= bad[0][lane];
    for (; k < count; k++) found |= !is_finite(numbers[k]);
    return found == 0;
}

// ---- one image, from the lecture's own layout -------------------------------------------------------------------

// The sums of eight neurons side by side, each in its own order: w[r] a row (inputs + 1), a[k] the value of input
// place[k]. The last place is the 1's, so w's bias is the last product; that it also ends the loop keeps compilers from
// adding up several inputs at a time, for which they would gather weights one by one.
constexpr int SUMS = 8;
INLINE void sums_of_rows(const float *const *w, const int32_t *place, const float *a, int32_t inputs, float *z) {
    float sum[SUMS] = {};
    for (int64_t k = 0;; k++) {
        const int64_t j = place[k];
#pragma GCC unroll 8
        for (int r = 0; r < SUMS; r++) sum[r] += w[r][j] * a[k];
        if (j == inputs) break;
    }
    for (int r = 0; r < SUMS; r++) z[r] = sum[r];
}

// Turning w1 over would take longer than using it: the same sums in the same order, neuron by neuron, from
// w1, w2, … (neurons, inputs + 1) as they are. `image` holds bytes, or floats 0 … 1 if it is null; `room` is for
// room_for_one(most inputs or neurons of a layer) floats; out (outputs,). Returns whether all weights are finite: asked row by
// row, just before the row is used, that costs half as much as asked before.
static bool forward_one(const Network<float> *network, const float *const *weights, const uint8_t *image,
                        const float *floats, float *room, float *out) {
    const int32_t pixels = network->layer[0].inputs;
    int32_t most = 0;
    for (int32_t l = 0; l < network->layers; l++) {
        const Layer<float> *layer = network->layer + l;
        most = layer->inputs > most ? layer->inputs : most;
        most = layer->neurons > most ? layer->neurons : most;
    }
    float *a = room, *z = a + most + SIXTEEN;
    int32_t *place = (int32_t *)(z + most + SIXTEEN), count = 0;
    for (int32_t j = 0; j < pixels;) {
        if (image && j + 8 <= pixels && eight_bytes(image + j) == 0) j += 8;
        else for (const int32_t end = j + 8 < pixels ? j + 8 : pixels; j < end; j++) {
            const float x = image ? BYTES<float>.value[image[j]] : floats[j];
            place[count] = j, a[count] = x;  // written always, kept if inked
            count += x != 0;
        }
    }
    bool finite = true;
    for (int32_t l = 0; l < network->layers; l++) {
        const Layer<float> *layer = network->layer + l;
        if (l > 0)
            for (count = 0; count < layer->inputs; count++) place[count] = count;
        place[count] = layer->inputs, a[count] = 1;
        for (int64_t i = 0; i < layer->neurons; i += SUMS) {
            const int64_t columns = layer->inputs + 1;
            const float *w[SUMS];
            for (int r = 0; r < SUMS; r++) w[r] = weights[l] + smaller(i + r, layer->neurons - 1) * columns;
            finite &= all_finite(w[0], smaller(SUMS, layer->neurons - i) * columns);
            sums_of_rows(w, place, a, layer->inputs, z + i);
        }
        const bool top = l + 1 == network->layers;
        if (top && network->loss == CROSS_ENTROPY) {
            Layer<float> one = *layer;
            one.a = z;
            softmax(&one, 1, 0);
        } else {
            for (int64_t i = 0; i < layer->neurons; i += SIXTEEN)
                store(z + i, activate(top ? SIGMOID : network->hidden, load(z + i)));
        }
        float *kept = a;
        a = z, z = kept;
    }
    for (int32_t i = 0; i < network->layer[network->layers - 1].neurons; i++) out[i] = a[i];
    return finite;
}

}  // namespace glassnet::GLASSNET_ISA
