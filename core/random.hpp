// Random numbers: Philox4x64-10 as NumPy has it, and what is drawn from it. There is no other source of chance.
//
// A number has an address: key = the seed, counter = (block, image, epoch, stream), 64 bits each; a block is four
// words. NumPy advances the counter before its first block, so blocks count from 1. To repeat any of it in Python:
//     np.random.Philox(key=seed, counter=[0, image, epoch, stream]).random_raw(4)
// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
#pragma once
#include "numbers.hpp"

namespace glassnet::GLASSNET_ISA {

enum Stream : uint64_t { WEIGHTS = 0, ORDER = 1, DISTORTION = 2 };

struct Block {
    uint64_t word[4];
};

// The 128-bit product of a and b, made from 32-bit halves, since WebAssembly has no wider multiplication.
struct Product {
    uint64_t high, low;
};
INLINE Product product(uint64_t a, uint64_t b) {
    constexpr uint64_t LOW = 0xFFFFFFFF;
    const uint64_t low = (a & LOW) * (b & LOW);
    const uint64_t middle = (a >> 32) * (b & LOW) + (low >> 32);
    const uint64_t carry = (a & LOW) * (b >> 32) + (middle & LOW);
    return {(a >> 32) * (b >> 32) + (middle >> 32) + (carry >> 32), a * b};
}

// Four random words; ten rounds, each two multiplications crossed over.
INLINE Block random_block(uint64_t seed, uint64_t stream, uint64_t epoch, uint64_t image, uint64_t block) {
    uint64_t c0 = block, c1 = image, c2 = epoch, c3 = stream, key0 = seed, key1 = 0;
    for (int round = 0; round < 10; round++) {
        const Product p = product(c0, 0xD2E7470EE14C6C93), q = product(c2, 0xCA5A826395121157);
        c0 = q.high ^ c1 ^ key0, c1 = q.low, c2 = p.high ^ c3 ^ key1, c3 = p.low;
        key0 += 0x9E3779B97F4A7C15, key1 += 0xBB67AE8584CAA73B;
    }
    return {{c0, c1, c2, c3}};
}

// The words of one stream and epoch (image 0), one after the other.
struct Words {
    uint64_t seed, stream, epoch, block = 0;
    int left = 0;
    Block now = {};
    INLINE_MEMBER uint64_t next() {
        if (left == 0) now = random_block(seed, stream, epoch, 0, ++block), left = 4;
        return now.word[4 - left--];
    }
};

// From 0 (included) to 1 (excluded): a multiple of 2^-24, so that it is exact in float32.
INLINE float uniform(uint64_t word) { return float(uint32_t(word >> 40)) * 0x1p-24f; }

// The order (count,) in which an epoch visits `count` images, each once. Fisher–Yates from the top: the image at i
// changes places with one at j ≤ i, drawn evenly (the product's upper half, free of division).
static void shuffled(uint64_t seed, uint64_t epoch, int64_t count, uint32_t *order) {
    for (int64_t i = 0; i < count; i++) order[i] = uint32_t(i);
    Words words{seed, ORDER, epoch};
    for (int64_t i = count - 1; i > 0; i--) {
        const uint64_t j = ((words.next() >> 32) * uint64_t(i + 1)) >> 32;
        const uint32_t kept = order[i];
        order[i] = order[j], order[j] = kept;
    }
}

// The weights that training starts with, as the lecture writes them: w1, w2, … (neurons, inputs + 1) row by row, laid
// end to end. u becomes (2u − 1) · √(6 / inputs); the bias column is 0, but −2 behind a sigmoid output.
static void initial_weights(const int *sizes, int layers, bool sigmoid_output, uint64_t seed, float *weights) {
    Words words{seed, WEIGHTS, 0};
    for (int layer = 0; layer < layers; layer++) {
        const int inputs = sizes[layer], neurons = sizes[layer + 1];
        const float radius = __builtin_sqrtf(6.0f / float(inputs));
        const float bias = sigmoid_output && layer == layers - 1 ? -2.0f : 0.0f;
        for (int64_t i = 0; i < neurons; i++) {
            for (int64_t j = 0; j < inputs; j++) *weights++ = (2.0f * uniform(words.next()) - 1.0f) * radius;
            words.next();  // the number that the bias would have had
            *weights++ = bias;
        }
    }
}

}  // namespace glassnet::GLASSNET_ISA
