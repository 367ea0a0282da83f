// One image's way through a network: every step of the ledger with its value. It has no arithmetic of its own: the
// functions are training's, for a batch of one, so a trace shows the very numbers that an update would use.
//
// The values lie end to end in the ledger's order, each row by row:
//   x a1 | z2 a2 a2_1 | … | zL aL | t e s loss | d_aL d_zL d_wL−1 | d_a d_z d_w of the layer below | … d_w1
// Cross-entropy has c instead of s, and no d_aL; without a label (−1) they end at aL, the prediction.
//
//   T  float, or double for finite differences     sizes (layers + 1,)     weights (P,) the lecture's, end to end
#pragma once
#include "memory.hpp"
#include "train.hpp"

namespace glassnet::GLASSNET_ISA {

constexpr Rule ONE_IMAGE{SGD, CONSTANT, 0, 0, 0, 1, 0, 1};  // a batch of one, on its way back, that remembers nothing

template <class T> static int64_t steps_count(const int32_t *sizes, int32_t layers, Loss loss, bool labeled) {
    int64_t forward = 2 * int64_t(sizes[0]) + 1, backward = 0;
    for (int32_t l = 1; l <= layers; l++) {
        const bool top = l == layers;
        forward += int64_t(sizes[l]) * (top ? 2 : 3) + !top;
        backward += int64_t(sizes[l]) * (top && loss != SQUARED_ERROR ? 1 : 2);
        backward += int64_t(sizes[l]) * (int64_t(sizes[l - 1]) + 1);
    }
    return labeled ? forward + 3 * int64_t(sizes[layers]) + 1 + backward : forward;
}

template <class T> static uint64_t steps_bytes(const int32_t *sizes, int32_t layers) {
    Space space{nullptr};
    Network<T> network{layers, SIGMOID, SQUARED_ERROR, 1, nullptr};
    arrange_network(&space, &network, sizes, &ONE_IMAGE);
    space.take<T>(uint64_t(sizes[0]));
    return space.used;
}

// Write a column, and with a 1 below it; a panel of one image is a column already. Both return where the next begins.
template <class T> static T *column(T *out, const T *values, int64_t count) {
    for (int64_t k = 0; k < count; k++) out[k] = values[k];
    return out + count;
}
template <class T> static T *column_and_1(T *out, const T *values, int64_t count) {
    out = column(out, values, count);
    *out = 1;
    return out + 1;
}

// t, e, s or c, and the loss, from the top layer's z; its activations are written first.
template <class T> static T *loss_steps(const Network<T> *network, int32_t label, const T *z, T *out) {
    const Layer<T> *top = network->layer + network->layers - 1;
    const int64_t n = top->neurons;
    const T loss = output_loss<T>(network, 0, label, T(1));
    out = column(out, (const T *)top->a, n);
    T *t = out, *e = t + n, *terms = e + n;
    for (int64_t k = 0; k < n; k++) {
        t[k] = k == label;
        e[k] = top->a[k] - t[k];
        if (network->loss == SQUARED_ERROR) terms[k] = e[k] * e[k];
        if (network->loss == BINARY_CROSS_ENTROPY) {
            T lanes[SIXTEEN];
            store(lanes, binary_cross_entropy(every(z[k]), every(t[k])));
            terms[k] = lanes[0];
        }
        if (network->loss == CROSS_ENTROPY) terms[k] = k == label ? loss : 0;
    }
    terms[n] = loss;
    return terms + n + 1;
}

// From the top layer's d_z down: d_a, d_z and d_w of each layer.
template <class T> static void back_steps(const Network<T> *network, const T *x, const T *e, T *out) {
    const int32_t top = network->layers - 1;
    for (int32_t l = top; l >= 0; l--) {
        const Layer<T> *layer = network->layer + l;
        if (l < top) {
            carry_down(network, l, 0, 1);
            out = column(out, (const T *)layer->d_z, layer->neurons);  // d_a as yet
            multiply_by_slope(network, l, 0, 1);
        } else if (network->loss == SQUARED_ERROR) {
            for (int32_t k = 0; k < layer->neurons; k++) *out++ = e[k] + e[k];
        }
        out = column(out, (const T *)layer->d_z, layer->neurons);
        const T *entering = l == 0 ? x : layer[-1].a;
        for (int32_t i = 0; i < layer->neurons; i++) {  // a gradient is a sum that begins at 0, so never −0
            for (int32_t j = 0; j < layer->inputs; j++) *out++ = layer->d_z[i] * entering[j] + T(0);
            *out++ = layer->d_z[i] + T(0);
        }
    }
}

// The image as bytes, or as numbers 0 … 1 where those are null; memory: steps_bytes, out: steps_count.
template <class T>
static void steps(const int32_t *sizes, int32_t layers, Activation hidden, Loss loss, const T *weights,
                  const uint8_t *image, const T *numbers, int32_t label, void *memory, T *out) {
    Space space{(char *)memory};
    Network<T> network{layers, hidden, loss, 1, nullptr};
    arrange_network(&space, &network, sizes, &ONE_IMAGE);
    to_panels(weights, &network, W);
    T *x = space.take<T>(uint64_t(sizes[0]));
    for (int32_t j = 0; j < sizes[0]; j++) x[j] = image ? BYTES<T>.value[image[j]] : numbers[j];
    out = column_and_1(column(out, (const T *)x, sizes[0]), (const T *)x, sizes[0]);

    for (int32_t l = 0; l < layers; l++) {
        const Layer<T> *layer = network.layer + l;
        const T *entering = l == 0 ? x : layer[-1].a;
        dense<true>(Inputs<T>{entering, SIXTEEN, SIXTEEN}, 0, 1, layer->inputs, layer->neurons, (const T *)layer->w,
                    layer->a, 1);
        out = column(out, (const T *)layer->a, layer->neurons);
        if (l + 1 == layers) break;
        activate_all(layer, 1, hidden, 0, 1);
        out = column_and_1(column(out, (const T *)layer->a, layer->neurons), (const T *)layer->a, layer->neurons);
    }
    const Layer<T> *top = network.layer + layers - 1;
    if (label < 0) {
        finish(&network, 0, 1);
        column(out, (const T *)top->a, top->neurons);
        return;
    }
    const T *z = out - top->neurons, *e = out + 2 * top->neurons;
    back_steps(&network, (const T *)x, e, loss_steps(&network, label, z, out));
}

}  // namespace glassnet::GLASSNET_ISA
