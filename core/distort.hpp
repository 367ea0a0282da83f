// Small random changes of the training images, drawn afresh for every update; the weights are not its business.
//
// The images at places 16g … 16g + 15 of a batch are group g, and a group shares one change: so the change is worked out
// once, and applied to sixteen images at a time, with vectors that run across the images.
//
// Each pixel (i, j) of the new picture looks up the old one at the place
//     column = a · (j − m) + b · (i − m) + m + shift_x + e_x(i, j)        m  the middle of the picture, 13.5 of 28 pixels
//     row    = c · (j − m) + d · (i − m) + m + shift_y + e_y(i, j)
// rounded to sixteenths of a pixel, between four pixels (bilinear; paper outside), and is rounded to a byte again. The
// matrix is a rotation times a shear times a scale. The rotation is drawn by its tangent t, evenly, and made of
// 1 / √(1 + t²): no sine is taken.
//
// A shift alone is by whole pixels, so that no pixel is mixed with another and the image stays as sharp as it was.
//
// e is elastic: random vectors on a grid, made smooth by cubic B-splines, whose standard deviation is the grid's spacing
// / √3; this stands for the Gaussian of Simard, Steinkraus and Platt, "Best practices for convolutional neural networks
// applied to visual document analysis" (2003).
#pragma once
#include "images.hpp"
#include "random.hpp"
#include "space.hpp"

namespace glassnet::GLASSNET_ISA {

constexpr int SHORTS = REGISTER < 32 ? REGISTER : 32;  // bytes of a register that holds sixteen or eight 16-bit numbers
typedef uint16_t Short __attribute__((vector_size(SHORTS)));
typedef uint8_t Narrow __attribute__((vector_size(SHORTS / 2)));
typedef uint8_t Sixteen __attribute__((vector_size(16)));
constexpr int EIGHTS = SIXTEEN / (SHORTS / 2);  // registers for sixteen images

INLINE bool is_change(const Distortion *d) {
    return d->rotation != 0 || d->scale != 0 || d->shear != 0 || d->shift != 0 || d->elastic != 0;
}

// What one group needs. `line` = side + 1: the blank pixel behind a line is also the one before the next.
struct Studio {
    int32_t side, line, padded, nodes;  // padded: side, rounded up to sixteens; nodes of the grid along one side
    uint16_t *sheet;                    // (side + 4, line, 16) the group's pixels, with paper around them
    float *place, *across, *down;       // (side, padded) of each new pixel: where it looks, and sixteenths from there
    float *spline;                      // (nodes, padded) how much each node counts at a pixel
    float *noise;                       // (2, nodes, nodes) the grid's vectors
    float *line_x, *line_y;             // (nodes,) the same, made smooth down to one line
    uint8_t *woven, *bytes;             // (⌈pixels / 16⌉ · 16, 16) and (16, ⌈pixels / 16⌉ · 16) the new pictures
    int64_t stride;                     // ⌈pixels / 16⌉ · 16
};
static uint64_t arrange_studio(Studio *s, int32_t side, const Distortion *most, void *memory) {
    Space space{(char *)memory};
    const float spacing = float(most->smoothness) * 1.7320508f;
    *s = {};
    s->side = side, s->line = side + 1, s->padded = (side + SIXTEEN - 1) / SIXTEEN * SIXTEEN;
    s->nodes = most->elastic != 0 ? int32_t(float(side - 1) / spacing) + 4 : 0;
    s->stride = (int64_t(side) * side + SIXTEEN - 1) / SIXTEEN * SIXTEEN;
    s->sheet = space.take<uint16_t>(uint64_t(side + 4) * uint64_t(s->line) * SIXTEEN);
    const uint64_t lines = uint64_t(side) * uint64_t(s->padded), nodes = uint64_t(s->nodes);
    s->place = space.take<float>(lines), s->across = space.take<float>(lines), s->down = space.take<float>(lines);
    s->spline = space.take<float>(nodes * uint64_t(s->padded));
    s->noise = space.take<float>(2 * nodes * nodes);
    s->line_x = space.take<float>(nodes), s->line_y = space.take<float>(nodes);
    s->woven = space.take<uint8_t>(uint64_t(s->stride) * SIXTEEN);
    s->bytes = space.take<uint8_t>(uint64_t(s->stride) * SIXTEEN);
    return space.used;
}

// ---- what is drawn ----------------------------------------------------------------------------------------------

struct Change {
    float a, b, c, d, shift_x, shift_y;
};

// From −most to +most: two numbers of every random word, of the top 24 bits and of the 24 below.
INLINE float drawn(uint64_t word, double most) { return (2.0f * uniform(word) - 1.0f) * float(most); }

INLINE bool only_shifts(const Distortion *d) {
    return d->rotation == 0 && d->scale == 0 && d->shear == 0 && d->elastic == 0;
}

// The six numbers of a group: its first block of random words.
static Change draw_change(const Distortion *most, uint64_t seed, uint64_t update, uint64_t group) {
    const Block block = random_block(seed, DISTORTION, update, group, 1);
    const uint64_t *word = block.word;
    const float t = drawn(word[0], tangent(most->rotation));
    const float width = 1.0f + drawn(word[0] << 24, most->scale), height = 1.0f + drawn(word[1], most->scale);
    const float h = drawn(word[1] << 24, most->shear);
    const float cosine = 1.0f / __builtin_sqrtf(1.0f + t * t);
    float across = drawn(word[2], most->shift), down = drawn(word[2] << 24, most->shift);
    if (only_shifts(most)) across = nearest<float>(fill<float>(across))[0], down = nearest<float>(fill<float>(down))[0];
    return {cosine * width, cosine * (h - t) * height, cosine * t * width, cosine * (1.0f + t * h) * height, across, down};
}

// The vectors of the grid, one word each, from the second block on.
static void draw_noise(Studio *s, const Distortion *most, uint64_t seed, uint64_t update, uint64_t group) {
    const int64_t count = int64_t(s->nodes) * s->nodes;
    Block block = {};
    for (int64_t k = 0; k < count; k++) {
        if (k % 4 == 0) block = random_block(seed, DISTORTION, update, group, 2 + uint64_t(k / 4));
        s->noise[k] = drawn(block.word[k % 4], most->elastic);
        s->noise[count + k] = drawn(block.word[k % 4] << 24, most->elastic);
    }
}

// How much nodes first … first + 3 count at pixel x: a cubic B-spline.
struct Knot {
    int32_t first;
    float weight[4];
};
INLINE Knot knot_at(int32_t x, double smoothness) {
    const float t = float(x) / (float(smoothness) * 1.7320508f);
    const int32_t first = int32_t(t);
    const float u = t - float(first), v = 1.0f - u;
    return {first, {v * v * v / 6.0f, ((3.0f * u - 6.0f) * u * u + 4.0f) / 6.0f, ((3.0f * v - 6.0f) * v * v + 4.0f) / 6.0f, u * u * u / 6.0f}};
}
static void find_splines(Studio *s, const Distortion *most) {
    for (int64_t k = 0; k < int64_t(s->nodes) * s->padded; k++) s->spline[k] = 0;
    for (int32_t j = 0; s->nodes > 0 && j < s->side; j++) {
        const Knot knot = knot_at(j, most->smoothness);
        for (int k = 0; k < 4; k++) s->spline[int64_t(knot.first + k) * s->padded + j] = knot.weight[k];
    }
}

// ---- where each pixel looks -------------------------------------------------------------------------------------

struct Place {
    Lanes<float> whole, part;  // pixels, and sixteenths
};
// All that is outside is paper: 0 … side + 1, counted from the blank pixel before the picture.
INLINE Place place_of(Lanes<float> x, float far) {
    const auto truncated = [](Lanes<float> y) __attribute__((always_inline)) {
        return each([](V<float> p) __attribute__((always_inline)) {
            return __builtin_convertvector(__builtin_convertvector(p, I<float>), V<float>);
        }, y);
    };
    x = each([](V<float> p, V<float> low) __attribute__((always_inline)) { return p < low ? low : p; }, x, every(0.0f));
    x = each([](V<float> p, V<float> high) __attribute__((always_inline)) { return p > high ? high : p; }, x, every(far));
    const Lanes<float> sixteenths = truncated(x * every(16.0f) + every(0.5f));
    const Lanes<float> whole = truncated(sixteenths * every(0.0625f));
    return {whole, sixteenths - whole * every(16.0f)};
}
static void find_places(Studio *s, Change change, const Distortion *most) {
    const float middle = float(s->side - 1) / 2, far = float(s->side + 1);
    const float *noise_y = s->noise + int64_t(s->nodes) * s->nodes;
    float steps[SIXTEEN];
    for (int k = 0; k < SIXTEEN; k++) steps[k] = float(k);
    for (int32_t i = 0; i < s->side; i++) {
        if (s->nodes > 0) {
            const Knot knot = knot_at(i, most->smoothness);
            for (int32_t n = 0; n < s->nodes; n++) {
                float x = 0, y = 0;
                for (int k = 0; k < 4; k++) {
                    x += knot.weight[k] * s->noise[int64_t(knot.first + k) * s->nodes + n];
                    y += knot.weight[k] * noise_y[int64_t(knot.first + k) * s->nodes + n];
                }
                s->line_x[n] = x, s->line_y[n] = y;
            }
        }
        const float down = float(i) - middle;
        const float column_0 = change.b * down + (change.shift_x + middle + 1.0f);
        const float row_0 = change.d * down + (change.shift_y + middle + 1.0f);
        for (int32_t j = 0; j < s->padded; j += SIXTEEN) {
            const Lanes<float> along = (load(steps) + every(float(j))) - every(middle);
            Lanes<float> column = every(change.a) * along + every(column_0), row = every(change.c) * along + every(row_0);
            for (int32_t n = 0; n < s->nodes; n++) {
                const Lanes<float> spline = load(s->spline + int64_t(n) * s->padded + j);
                column = column + every(s->line_x[n]) * spline;
                row = row + every(s->line_y[n]) * spline;
            }
            const Place x = place_of(column, far), y = place_of(row, far);
            const int64_t at = int64_t(i) * s->padded + j;
            store(s->place + at, y.whole * every(float(s->line)) + x.whole);
            store(s->across + at, x.part), store(s->down + at, y.part);
        }
    }
}

// ---- sixteen images at a time -----------------------------------------------------------------------------------

static void clear_sheet(Studio *s) {
    const int64_t count = int64_t(s->side + 4) * s->line * SIXTEEN;
    for (int64_t k = 0; k < count; k++) s->sheet[k] = 0;
}
static void spread(Studio *s, int lane, Ink image) {
    uint16_t *at = s->sheet + int64_t(s->line) * SIXTEEN + lane;
    int32_t column = 0;
    for (int64_t k = 0; k < image.count; k++) {
        at += int64_t(image.pair[k].gap) * SIXTEEN;
        for (column += image.pair[k].gap; column >= s->side; column -= s->side) at += SIXTEEN;
        at[SIXTEEN] = image.pair[k].value;  // the line's first pixel is blank
    }
}
static void spread(Studio *s, int lane, const uint8_t *image) {
    for (int32_t i = 0; i < s->side; i++)
        for (int32_t j = 0; j < s->side; j++)
            s->sheet[(int64_t(i + 1) * s->line + j + 1) * SIXTEEN + lane] = image[i * s->side + j];
}

INLINE Short shorts(const uint16_t *from) {
    Short a;
    __builtin_memcpy(&a, from, SHORTS);
    return a;
}
// Whole numbers modulo 2^16; what is meant is never below 0 nor above 255 · 256 + 128.
static void look_up(Studio *s) {
    uint8_t *to = s->woven;
    for (int32_t i = 0; i < s->side; i++)
        for (int32_t j = 0; j < s->side; j++, to += SIXTEEN) {
            const int64_t k = int64_t(i) * s->padded + j;
            const uint16_t *above = s->sheet + int64_t(int32_t(s->place[k])) * SIXTEEN, *below = above + s->line * SIXTEEN;
            const uint16_t part_across = uint16_t(int32_t(s->across[k])), part_down = uint16_t(int32_t(s->down[k]));
            const Short across = part_across - Short{}, down = part_down - Short{};
#pragma GCC unroll 2
            for (int r = 0; r < EIGHTS; r++) {
                const int64_t lane = r * (SHORTS / 2);
                const Short top = shorts(above + lane), bottom = shorts(below + lane);
                const Short upper = (top << 4) + (shorts(above + SIXTEEN + lane) - top) * across;
                const Short lower = (bottom << 4) + (shorts(below + SIXTEEN + lane) - bottom) * across;
                const Narrow bytes = __builtin_convertvector(((upper << 4) + (lower - upper) * down + 128) >> 8, Narrow);
                __builtin_memcpy(to + lane, &bytes, sizeof bytes);
            }
        }
    for (; to < s->woven + s->stride * SIXTEEN; to++) *to = 0;
}

// From (pixels, 16) to (16, pixels): four perfect shuffles turn sixteen by sixteen bytes over.
static void unweave(Studio *s) {
    for (int64_t p = 0; p < s->stride; p += SIXTEEN) {
        Sixteen row[SIXTEEN], next[SIXTEEN];
        __builtin_memcpy(row, s->woven + p * SIXTEEN, sizeof row);
        for (int round = 0; round < 4; round++) {
#pragma GCC unroll 8
            for (int k = 0; k < 8; k++) {
                next[2 * k] = __builtin_shufflevector(row[k], row[k + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
                next[2 * k + 1] = __builtin_shufflevector(row[k], row[k + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
            }
            __builtin_memcpy(row, next, sizeof row);
        }
        for (int k = 0; k < SIXTEEN; k++) __builtin_memcpy(s->bytes + k * s->stride + p, row + k, SIXTEEN);
    }
}

// The studio's new pictures of the group that has been spread out.
static void change_group(Studio *s, const Distortion *most, uint64_t seed, uint64_t update, uint64_t group) {
    if (s->nodes > 0) draw_noise(s, most, seed, update, group);
    find_places(s, draw_change(most, seed, update, group), most);
    look_up(s);
    unweave(s);
}

// Image `number`, moved by whole pixels, as number i of `changed`, cut before the bands in `asked`; what leaves the
// picture is lost.
static void move(const Job *job, int64_t number, int64_t i, int32_t across, int32_t down, uint32_t asked) {
    const Ink image = ink(&job->images, number);
    const int32_t side = side_of(job->images.pixels), all = -down * side - across;
    const uint64_t first = uint64_t(i) * most_pairs(job->images.pixels);
    Pair *const begin = job->changed.pair + first, *pair = begin;
    Cut *const cut = job->changed.cut + i * (BANDS - 1);
    const int64_t margin = job->images.span[number].margin, gap = image.count > 0 ? image.pair[0].gap + all : -1;
    if (-margin <= across && across <= margin && -margin <= down && down <= margin && 0 <= gap && gap <= 255) {
        // all ink stays, so every pixel is as far from the one before as it was
        __builtin_memcpy(begin, image.pair, uint64_t(image.count) * sizeof(Pair));
        begin->gap = uint8_t(gap), pair += image.count;
        move_cuts(&job->changed, begin, pair, job->images.cut + number * (BANDS - 1), all, asked, cut);
    } else {
        int32_t row = -down, column = -across, before = 0;
        for (int64_t k = 0; k < image.count; k++) {
            for (column += image.pair[k].gap; column >= side - across; column -= side) row++;
            if (image.pair[k].value == 0 || row < 0 || row >= side || column < 0 || column >= side) continue;
            pair = append(pair, row * side + column - before, image.pair[k].value), before = row * side + column;
        }
        find_cuts(&job->changed, begin, pair, cut);
    }
    job->changed.span[i] = {first, uint32_t(pair - begin), 0};
}

// Change the images at places first … last − 1 of update `update`: into `changed`, packed again, cut at least before
// the bands in `asked`. first is 0, 16, 32, …
static void distort(const Job *job, const uint32_t *numbers, int64_t update, int64_t first, int64_t last, int32_t part,
                    uint32_t asked) {
    const int32_t pixels = job->images.pixels;
    Studio studio;
    arrange_studio(&studio, side_of(pixels), &job->distortion, job->studio + part * job->studio_bytes);
    find_splines(&studio, &job->distortion);
    for (int64_t from = first; from < last; from += SIXTEEN) {
        const int64_t count = smaller(SIXTEEN, last - from);
        if (only_shifts(&job->distortion)) {
            const Change change = draw_change(&job->distortion, job->seed, uint64_t(update), uint64_t(from / SIXTEEN));
            for (int64_t i = from; i < from + count; i++) {
                if (i + SPANS_AHEAD < last) prefetch_span(&job->images, numbers[i + SPANS_AHEAD]);
                if (i + AHEAD < last) prefetch(&job->images, numbers[i + AHEAD]);
                move(job, numbers[i], i, int32_t(change.shift_x), int32_t(change.shift_y), asked);
            }
            continue;
        }
        clear_sheet(&studio);
        for (int64_t k = 0; k < count; k++) spread(&studio, int(k), ink(&job->images, numbers[from + k]));
        change_group(&studio, &job->distortion, job->seed, uint64_t(update), uint64_t(from / SIXTEEN));
        for (int64_t i = from; i < from + count; i++)
            pack_one(studio.bytes + (i - from) * studio.stride, &job->changed, i, uint64_t(i) * most_pairs(pixels));
    }
}

// The same for the images (count, pixels) of a batch, as bytes: what update `update` sees.
static uint64_t distort_room(int32_t pixels, const Distortion *most) {
    Studio studio;
    return arrange_studio(&studio, side_of(pixels), most, nullptr);
}
static void distort_bytes(const uint8_t *images, int64_t count, int32_t pixels, const Distortion *most, uint64_t seed,
                          uint64_t update, void *memory, uint8_t *changed) {
    Studio studio;
    arrange_studio(&studio, side_of(pixels), most, memory);
    find_splines(&studio, most);
    for (int64_t from = 0; from < count; from += SIXTEEN) {
        const int64_t here = smaller(SIXTEEN, count - from);
        clear_sheet(&studio);
        for (int64_t k = 0; k < here; k++) spread(&studio, int(k), images + (from + k) * pixels);
        change_group(&studio, most, seed, update, uint64_t(from / SIXTEEN));
        for (int64_t k = 0; k < here; k++)
            __builtin_memcpy(changed + (from + k) * pixels, studio.bytes + k * studio.stride, uint64_t(pixels));
    }
}

}  // namespace glassnet::GLASSNET_ISA
