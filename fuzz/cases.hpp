// What the fuzzers make of bytes: a network, its images and their order, all of which fit each other; and how results are
// compared. It calls no entry but those that pack.
#pragma once
#include <cmath>

#include "../core/tests/support.hpp"
#include "bytes.hpp"

using namespace glassnet;
using Floats = std::vector<float>;

inline const std::vector<const Engine *> &all() {
    static const std::vector<const Engine *> found = engines();
    return found;
}
inline const Engine *any(Bytes &bytes) { return all()[size_t(bytes.whole(0, int64_t(all().size()) - 1))]; }

template <class T> bool same(const std::vector<T> &a, const std::vector<T> &b) {  // no number equals no number
    bool equal = a.size() == b.size();
    for (size_t k = 0; equal && k < a.size(); k++)
        equal = std::memcmp(&a[k], &b[k], sizeof(T)) == 0 || (std::isnan(double(a[k])) && std::isnan(double(b[k])));
    return equal;
}

// ---- networks and images ----------------------------------------------------------------------------------------

struct Case {
    std::vector<int32_t> sizes;
    Activation hidden;
    Loss loss;
    int64_t count, weights = 0;  // images; P
    bool finite = true;          // the weights
    Floats w;
    std::vector<uint8_t> images, labels;
    std::vector<uint32_t> order;

    int32_t layers() const { return int32_t(sizes.size()) - 1; }
    int32_t outputs() const { return sizes.back(); }
    Network<float> network(int64_t most) const { return {layers(), hidden, loss, int32_t(most), nullptr}; }
};
inline std::vector<uint8_t> some_images(Bytes &bytes, int64_t count, int64_t pixels) {
    std::vector<uint8_t> images(size_t(count * pixels));
    const int64_t inked = bytes.one_of<int64_t>({0, 1, 12, 128, 256});  // of 256 pixels
    for (uint8_t &byte : images) byte = int64_t(bytes.chance() % 256) < inked ? uint8_t(bytes.chance()) : 0;
    for (int64_t k = bytes.whole(0, 3); k > 0; k--) images[size_t(bytes.whole(0, count * pixels - 1))] = bytes.byte();
    return images;
}
inline float some_weight(Bytes &bytes, int kind) {
    const float even = float(int32_t(bytes.chance() >> 40)) * 0x1p-23f - 1;  // −1 … 1
    if (kind == 1) return even * 1e30f;
    if (kind == 2) return even * 1e-38f;
    if (kind == 3) {
        const uint32_t bits = uint32_t(bytes.chance());
        float x;
        std::memcpy(&x, &bits, sizeof x);
        return x;
    }
    return even;
}
inline Case some_case(Bytes &bytes, bool square = false) {
    Case c;
    const int32_t side = int32_t(bytes.whole(1, 30));
    c.sizes.push_back(square ? side * side
                             : bytes.one_of<int32_t>({side, side * side, 784, 255, 256, 257, 511, 1024, 8191, 8200}));
    const bool large = bytes.byte() == 255;
    if (large && !square) c.sizes[0] = int32_t(MOST_CUT_PIXELS + bytes.whole(0, 2));
    for (int64_t l = bytes.whole(0, 3); l > 0; l--) c.sizes.push_back(int32_t(bytes.whole(1, bytes.byte() % 4 ? 37 : 250)));
    c.sizes.push_back(int32_t(bytes.whole(1, 40)));
    if (c.sizes[0] > 2000) c.sizes[1] = std::min(c.sizes[1], large ? 2 : 17);
    c.hidden = bytes.one_of({SIGMOID, TANH, RELU});
    c.loss = bytes.one_of({SQUARED_ERROR, BINARY_CROSS_ENTROPY, CROSS_ENTROPY});
    c.count = bytes.whole(1, large ? 3 : 12);
    const int kind = int(bytes.one_of({0, 0, 0, 1, 2, 3}));
    for (size_t l = 1; l < c.sizes.size(); l++) c.weights += int64_t(c.sizes[l - 1] + 1) * c.sizes[l];
    for (int64_t k = 0; k < c.weights; k++) {
        c.w.push_back(some_weight(bytes, kind));
        c.finite &= std::isfinite(c.w.back());
    }
    c.images = some_images(bytes, c.count, c.sizes[0]);
    for (int64_t i = 0; i < c.count; i++) c.labels.push_back(uint8_t(bytes.whole(0, c.outputs() - 1)));
    for (int64_t i = bytes.whole(1, 2 * c.count); i > 0; i--) c.order.push_back(uint32_t(bytes.whole(0, c.count - 1)));
    return c;
}
inline Packed packed_by(const Engine *engine, Lender &lender, const uint8_t *images, int64_t count, int32_t pixels) {
    Packed packed{count, pixels, {}, lender.take<Pair>(engine->room(images, count, pixels)),
                  lender.take<Span>(uint64_t(count)), lender.take<Cut>(uint64_t(count) * (BANDS - 1))};
    engine->choose_bands(images, count, &packed);
    engine->pack(images, &packed, 0, count, 0);
    return packed;
}
