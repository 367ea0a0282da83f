// The loss and the way back: each image's loss, and d_z of every layer. The gradients d_w follow in train.hpp.
//
//   e = a − t; the loss of an image adds its outputs' terms from the first output to the last
//   d_z is that of the batch's mean loss: it is divided by the number of images once, at the output
#pragma once
#include "forward.hpp"

namespace glassnet::GLASSNET_ISA {

// −t ln a − (1 − t) ln (1 − a) = ln(1 + e^z) − t·z, written so that no e^z overflows.
template <class T> INLINE Lanes<T> binary_cross_entropy(Lanes<T> z, Lanes<T> t) {
    return each([](V<T> x) __attribute__((always_inline)) {
               const V<T> positive = x < T(0) ? V<T>{} : x;
               const V<T> minus = x < T(0) ? x : -x;
               return positive + log_one_plus<T>(exp<T>(minus));
           }, z) - t * z;
}

// Loss of image i from the last layer's z (in `a`, which becomes the prediction), and its d_z; `count` images share
// the mean. `label` is the output that should be 1, all others 0.
template <class T>
static T output_loss(const Network<T> *network, int64_t i, int64_t label, T count) {
    const Layer<T> *top = network->layer + network->layers - 1;
    const int64_t images = network->images;
    const Loss kind = network->loss;
    const Lanes<T> zero = every<T>(0), one = every<T>(1);
    T loss = 0;
    if (kind == CROSS_ENTROPY) {
        const T target_z = entry(top->a, images, i, label);
        loss = softmax(top, images, i) - target_z;
    }
    for (int64_t p = 0; p < panels(top->neurons); p++) {
        T *at = top->a + (p * images + i) * SIXTEEN;
        const int64_t here = smaller(top->neurons - p * SIXTEEN, SIXTEEN);
        const Lanes<T> z = load(at), a = kind == CROSS_ENTROPY ? z : activate(SIGMOID, z);
        const Lanes<T> t = one_at<T>(label - p * SIXTEEN), e = a - t;
        T terms[SIXTEEN];
        Lanes<T> d_z = e;  // both pairs with cross-entropy: the derivatives of loss and activation multiply to a − t
        if (kind == SQUARED_ERROR) {
            store(terms, e * e);
            d_z = (e + e) * a * (one - a);  // d_a = 2e, times the sigmoid's slope
        } else if (kind == BINARY_CROSS_ENTROPY) {
            store(terms, binary_cross_entropy(z, t));
        }
        store(at, a);
        if (top->d_z)  // 0 in idle lanes, and never −0
            store(top->d_z + (p * images + i) * SIXTEEN, first_lanes<T>(here) * (d_z / every<T>(count)) + zero);
        if (kind != CROSS_ENTROPY)
            for (int64_t k = 0; k < here; k++) loss += terms[k];
    }
    return loss;
}

// The activation's slope at its value a (relu's a is above 0 where its z is), times d_a.
template <class T> INLINE Lanes<T> times_slope(Activation activation, Lanes<T> d_a, Lanes<T> a) {
    const Lanes<T> one = every<T>(1);
    if (activation == SIGMOID) return d_a * a * (one - a);
    if (activation == TANH) return d_a * (one - a * a);
    return each([](V<T> d, V<T> v) __attribute__((always_inline)) { return v > T(0) ? d : V<T>{}; }, d_a, a);
}

// d_a of hidden layer l, written where its d_z follows: w.T · d_z of the layer above. A sum runs over the neurons
// above, from the first to the last.
template <class T> static void carry_down(const Network<T> *network, int32_t l, int64_t first, int64_t last) {
    const Layer<T> *layer = network->layer + l, *above = layer + 1;
    dense<false>(Inputs<T>{above->d_z, SIXTEEN, network->images * SIXTEEN}, first, last, above->neurons, layer->neurons,
                 (const T *)above->back, layer->d_z, network->images);
}
// d_z = d_a times the activation's slope.
template <class T> static void multiply_by_slope(const Network<T> *network, int32_t l, int64_t first, int64_t last) {
    const Layer<T> *layer = network->layer + l;
    for (int64_t p = 0; p < panels(layer->neurons); p++)
        for (int64_t i = first; i < last; i++) {
            const int64_t at = (p * network->images + i) * SIXTEEN;
            store(layer->d_z + at, times_slope(network->hidden, load(layer->d_z + at), load(layer->a + at)));
        }
}

// d_z of the hidden layers, from the last but one to the first.
template <class T> static void downward(const Network<T> *network, int64_t first, int64_t last) {
    for (int32_t l = network->layers - 2; l >= 0; l--) {
        carry_down(network, l, first, last);
        multiply_by_slope(network, l, first, last);
    }
}

// Losses (count,) of the block that forward has left sums for; its sums become predictions.
static void losses(const Network<float> *network, const uint8_t *labels, int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++) out[i] = output_loss<float>(network, i, labels[i], 1.0f);
}

}  // namespace glassnet::GLASSNET_ISA
