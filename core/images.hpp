// Packed images: about 150 of a digit's 784 pixels are inked, and only those are kept, in two bytes each. All 55,000
// training images then fit the last-level cache (17 MB), and blank paper costs nothing. It looks at no label.
//
// A blank pixel would add 0 · w = ±0 to sums that begin at +0, which changes no bit of them. So the packed image, the
// bytes and the floats 0 … 1 give identical sums, as long as the weights are finite.
#pragma once
#include "engine.hpp"
#include "numbers.hpp"

namespace glassnet::GLASSNET_ISA {

// value / 255 for every byte, rounded once
template <class T> struct Bytes {
    T value[256];
    constexpr Bytes() {
        for (int byte = 0; byte < 256; byte++) value[byte] = T(byte) / T(255);
    }
};
template <class T> constexpr Bytes<T> BYTES;

INLINE uint64_t eight_bytes(const uint8_t *from) {
    uint64_t word;
    __builtin_memcpy(&word, from, 8);
    return word;
}

// Pairs that `count` images may need: one per inked pixel and one per bridge.
static uint64_t room(const uint8_t *images, int64_t count, int32_t pixels) {
    uint64_t inked = 0;
    for (int64_t i = 0; i < count * pixels; i++) inked += images[i] != 0;
    return inked + uint64_t(count) * uint64_t(pixels / 255 + 1);
}

// Part the pixels into bands of about equal ink, judged by up to 1,000 images. No result depends on the choice.
static void choose_bands(const uint8_t *images, int64_t count, Packed *packed) {
    const int32_t pixels = packed->pixels;
    const int64_t judged = smaller(count, 1000);
    for (int b = 0; b <= BANDS; b++) packed->band[b] = b == 0 ? 0 : pixels;
    if (pixels > MOST_CUT_PIXELS) return;
    uint64_t total = 0, below = 0;
    for (int64_t i = 0; i < judged * pixels; i++) total += images[i] != 0;
    int b = 1;
    for (int32_t p = 0; p < pixels; p++) {
        for (int64_t i = 0; i < judged; i++) below += images[i * pixels + p] != 0;
        while (b < BANDS && below * BANDS >= total * uint64_t(b)) packed->band[b++] = p + 1;
    }
}

// Append pixel `p` of value `value` (or the bridges to it) behind `pair`; returns the new end.
INLINE Pair *append(Pair *pair, int64_t gap, uint8_t value) {
    for (; gap > 255; gap -= 255) *pair++ = {255, 0};
    *pair = {uint8_t(gap), value};
    return pair + 1;
}

// Write where each band begins in the image whose pairs end at `end`.
static void find_cuts(const Packed *packed, const Pair *begin, const Pair *end, Cut *cut) {
    if (packed->pixels > MOST_CUT_PIXELS) return;  // one band: see `ink`
    const Pair *pair = begin;
    int32_t pixel = 0;  // of the pair before
    for (int b = 1; b < BANDS; b++) {
        while (pair < end && pixel + pair->gap < packed->band[b]) pixel += pair++->gap;
        cut[b - 1] = {uint16_t(pair - begin), uint16_t(pixel)};
    }
}

// The same for an image that was moved by `all` pixels and lost none: its cuts lie near those it had. Only those of the
// bands in `asked`, a bit each: guessing wrongly how far to go costs more than all else that moving does.
static void move_cuts(const Packed *packed, const Pair *begin, const Pair *end, const Cut *from, int32_t all, uint32_t asked,
                      Cut *cut) {
    if (packed->pixels > MOST_CUT_PIXELS) return;
    for (int b = 1; b < BANDS; b++) {
        if (!(asked >> b & 1)) continue;
        const Pair *pair = begin + from[b - 1].pair;
        int32_t pixel = pair == begin ? 0 : from[b - 1].pixel + all;
        while (pair > begin && pixel >= packed->band[b]) pixel -= (--pair)->gap;
        while (pair < end && pixel + pair->gap < packed->band[b]) pixel += pair++->gap;
        cut[b - 1] = {uint16_t(pair - begin), uint16_t(pixel)};
    }
}

// The most pairs that one image may need.
INLINE uint64_t most_pairs(int32_t pixels) { return uint64_t(pixels) + uint64_t(pixels / 255 + 1); }

INLINE int32_t side_of(int32_t pixels) { return int32_t(__builtin_sqrt(double(pixels))); }

// How many pixels lie between a square image's ink and the nearest edge; 0 for images that are not square.
static uint32_t margin_of(const uint8_t *image, int32_t pixels) {
    const int32_t side = side_of(pixels);
    if (side * side != pixels) return 0;
    for (int32_t m = 0; m < side / 2; m++) {  // the frame that is m pixels from the edge
        uint32_t inked = 0;
        for (int32_t k = m; k < side - m; k++)
            inked |= image[m * side + k] | image[(side - 1 - m) * side + k] | image[k * side + m] | image[k * side + side - 1 - m];
        if (inked) return uint32_t(m);
    }
    return uint32_t(side / 2);
}

// Pack one image (pixels,) as number i, its pairs from `first` on; returns where they end.
static uint64_t pack_one(const uint8_t *image, const Packed *packed, int64_t i, uint64_t first) {
    const int32_t pixels = packed->pixels;
    Pair *begin = packed->pair + first, *pair = begin;
    int32_t before = 0, p = 0;
    for (; p + 8 <= pixels; p += 8) {  // the top bit of every byte of `inked` says whether that pixel is
        const uint64_t eight = eight_bytes(image + p), low = 0x7F7F7F7F7F7F7F7F;
        for (uint64_t inked = (((eight & low) + low) | eight) & ~low; inked; inked &= inked - 1) {
            const int32_t k = p + __builtin_ctzll(inked) / 8;
            pair = append(pair, k - before, image[k]), before = k;
        }
    }
    for (; p < pixels; p++)
        if (image[p]) pair = append(pair, p - before, image[p]), before = p;
    packed->span[i] = {first, uint32_t(pair - begin), 0};
    find_cuts(packed, begin, pair, packed->cut + i * (BANDS - 1));
    return first + uint64_t(pair - begin);
}

// Pack images first … last − 1 behind each other, from pair number `next` on; returns where they end.
static uint64_t pack(const uint8_t *images, const Packed *packed, int64_t first, int64_t last, uint64_t next) {
    for (int64_t i = first; i < last; i++) {
        const uint8_t *image = images + i * packed->pixels;
        next = pack_one(image, packed, i, next);
        packed->span[i].margin = margin_of(image, packed->pixels);
    }
    return next;
}

// A stretch of one packed image: pairs, their number, and the pixel before the first.
struct Ink {
    const Pair *pair;
    int64_t count;
    int64_t pixel;
};
INLINE Ink ink(const Packed *packed, int64_t image) {
    return {packed->pair + packed->span[image].first, int64_t(packed->span[image].count), 0};
}
// Only the bands first … last − 1.
INLINE Ink ink(const Packed *packed, int64_t image, int first, int last) {
    const Ink all = ink(packed, image);
    if (packed->pixels > MOST_CUT_PIXELS) return {all.pair, first == 0 ? all.count : 0, 0};
    const Cut *cut = packed->cut + image * (BANDS - 1);
    const Cut from = first == 0 ? Cut{0, 0} : cut[first - 1];
    const int64_t to = last == BANDS ? all.count : cut[last - 1].pair;
    return {all.pair + from.pair, to - from.pair, from.pixel};
}

constexpr int64_t AHEAD = 6;         // images asked for before they are needed
constexpr int64_t SPANS_AHEAD = 16;  // and their spans, before that

// Ask for an image that is needed soon: a shuffled epoch jumps about in 17 MB, faster than caches guess. Where its pairs
// lie has to be known for that, and is asked for before; else every question would wait for its own answer.
INLINE void prefetch_span(const Packed *packed, int64_t image) { __builtin_prefetch(packed->span + image); }
INLINE void prefetch_cuts(const Packed *packed, int64_t image) { __builtin_prefetch(packed->cut + image * (BANDS - 1)); }
INLINE void prefetch(const Packed *packed, int64_t image) {
    const char *at = (const char *)(packed->pair + packed->span[image].first);
    for (const char *end = at + packed->span[image].count * sizeof(Pair); at < end; at += 64) __builtin_prefetch(at);
}

}  // namespace glassnet::GLASSNET_ISA
