// Small random changes of the training images, drawn afresh for every image and epoch; the weights are not its business.
//
// Each pixel (i, j) of the new picture looks up the old one at the place
//     column = a · (j − m) + b · (i − m) + m + shift_x        m  the middle of the picture, 13.5 of 28 pixels
//     row    = c · (j − m) + d · (i − m) + m + shift_y
// between four pixels (bilinear; paper outside), and is rounded to a byte again. The matrix is a rotation times a shear
// times a scale. The rotation is drawn by its tangent t, evenly, and made of 1 / √(1 + t²): no sine is taken.
#pragma once
#include "images.hpp"
#include "random.hpp"

namespace glassnet::GLASSNET_ISA {

struct Change {
    float a, b, c, d, shift_x, shift_y;
};

// The six numbers of an image: one block of random words, two numbers from each (the top 24 bits, then the 24 below).
static Change draw_change(const Distortion *most, uint64_t seed, uint64_t epoch, uint64_t image) {
    const Block block = random_block(seed, DISTORTION, epoch, image, 1);
    float u[8];  // each from −1 to 1; the last two are not used
    for (int k = 0; k < 4; k++) {
        u[2 * k] = 2.0f * uniform(block.word[k]) - 1.0f;
        u[2 * k + 1] = 2.0f * uniform(block.word[k] << 24) - 1.0f;
    }
    const float t = u[0] * float(tangent(most->rotation));
    const float width = 1.0f + u[1] * float(most->scale), height = 1.0f + u[2] * float(most->scale);
    const float h = u[3] * float(most->shear);
    const float cosine = 1.0f / __builtin_sqrtf(1.0f + t * t);
    return {cosine * width,     cosine * (h - t) * height,          cosine * t * width, cosine * (1.0f + t * h) * height,
            u[4] * float(most->shift), u[5] * float(most->shift)};
}

// One image spread out on `paper`, lines of side + 4: one blank pixel before each line and three after, likewise lines.
// `top` … `right` is the box of its ink, in those coordinates.
struct Sheet {
    float *paper;
    int32_t side, line;
    int32_t top, bottom, left, right;
};
static Sheet spread(Ink image, int32_t side, float *paper) {
    Sheet s = {paper, side, side + 4, side + 2, -1, side + 2, -1};
    for (int32_t k = 0; k < s.line * s.line; k++) paper[k] = 0;
    int32_t row = 1, column = 1;
    for (int64_t k = 0; k < image.count; k++) {
        column += image.pair[k].gap;
        while (column > side) column -= side, row++;
        paper[row * s.line + column] = float(image.pair[k].value);
        if (image.pair[k].value == 0) continue;  // a bridge
        s.top = row < s.top ? row : s.top, s.bottom = row;
        s.left = column < s.left ? column : s.left, s.right = column > s.right ? column : s.right;
    }
    return s;
}

// Sixteen new pixels of one line: their places in the old picture → their bytes, as whole floats.
INLINE Lanes<float> look_up(const Sheet *s, Lanes<float> column, Lanes<float> row) {
    const Lanes<float> zero = every(0.0f), far = every(float(s->side + 1)), line = every(float(s->line));
    const auto inside = [&](Lanes<float> x) __attribute__((always_inline)) {  // all that is outside is paper
        x = each([](V<float> p, V<float> low) __attribute__((always_inline)) { return p < low ? low : p; }, x, zero);
        return each([](V<float> p, V<float> high) __attribute__((always_inline)) { return p > high ? high : p; }, x, far);
    };
    const auto whole = [](Lanes<float> x) __attribute__((always_inline)) {
        return each([](V<float> p) __attribute__((always_inline)) {
            return __builtin_convertvector(__builtin_convertvector(p, I<float>), V<float>);
        }, x);
    };
    column = inside(column), row = inside(row);
    const Lanes<float> left = whole(column), top = whole(row);
    column = column - left, row = row - top;
    float place[SIXTEEN], corner[4][SIXTEEN];
    store(place, top * line + left);
    for (int k = 0; k < SIXTEEN; k++) {
        const float *at = s->paper + int32_t(place[k]);
        corner[0][k] = at[0], corner[1][k] = at[1];
        corner[2][k] = at[s->line], corner[3][k] = at[s->line + 1];
    }
    Lanes<float> above = load(corner[0]), below = load(corner[2]);
    above = above + (load(corner[1]) - above) * column;
    below = below + (load(corner[3]) - below) * column;
    return above + (below - above) * row + every(0.5f);
}

// The changed image as bytes (side²). Only places whose four pixels may hold ink are looked up; the rest is blank.
static void resample(const Sheet *s, Change change, uint8_t *bytes) {
    const int32_t side = s->side;
    const float middle = float(side - 1) / 2;
    float steps[SIXTEEN];
    for (int k = 0; k < SIXTEEN; k++) steps[k] = float(k);
    for (int32_t k = 0; k < side * side; k++) bytes[k] = 0;
    for (int32_t i = 0; i < side; i++) {
        const float down = float(i) - middle;
        const float column_0 = change.b * down + (change.shift_x + middle + 1.0f);
        const float row_0 = change.d * down + (change.shift_y + middle + 1.0f);
        // the places are evenly spaced along the line, a > 0 apart: which of them come near the box? One more to be sure
        const float first = (float(s->left) - 2 - column_0) / change.a + middle;
        const float last = (float(s->right) + 2 - column_0) / change.a + middle;
        int32_t from = first > 0 ? int32_t(first < float(side) ? first : float(side)) : 0;
        const int32_t to = last < float(side - 1) ? int32_t(last > -1 ? last : -1) : side - 1;
        const float row_from = change.c * (float(from) - middle) + row_0, row_to = change.c * (float(to) - middle) + row_0;
        const float least = row_from < row_to ? row_from : row_to, most = row_from < row_to ? row_to : row_from;
        if (most < float(s->top) - 2 || least > float(s->bottom) + 2) continue;
        for (; from <= to; from += SIXTEEN) {
            const Lanes<float> along = (load(steps) + every(float(from))) - every(middle);
            float values[SIXTEEN];
            store(values, look_up(s, every(change.a) * along + every(column_0), every(change.c) * along + every(row_0)));
            for (int k = 0; k < SIXTEEN && from + k < side; k++) bytes[i * side + from + k] = uint8_t(values[k]);
        }
    }
}

// Change image `number` of the job's set, for place i of the batch: into `changed`, packed again.
static void distort(const Job *job, int64_t i, int64_t number, int32_t part) {
    const int32_t pixels = job->images.pixels, side = int32_t(__builtin_sqrt(double(pixels)));
    float *paper = job->paper + part * job->paper_floats;
    uint8_t *bytes = (uint8_t *)(paper + (side + 4) * (side + 4));
    const Sheet sheet = spread(ink(&job->images, number), side, paper);
    resample(&sheet, draw_change(&job->distortion, job->seed, job->epoch, uint64_t(number)), bytes);
    pack_one(bytes, &job->changed, i, uint64_t(i) * most_pairs(pixels));
}

// The same for a set of images (count, pixels): what training sees of images `numbers` in an epoch, as bytes.
static void distort_bytes(const uint8_t *images, int64_t count, int32_t pixels, const Distortion *most, uint64_t seed,
                          uint64_t epoch, const int64_t *numbers, float *paper, uint8_t *changed) {
    const int32_t side = int32_t(__builtin_sqrt(double(pixels))), line = side + 4;
    for (int64_t i = 0; i < count; i++) {
        Sheet sheet = {paper, side, line, 1, side, 1, side};
        for (int32_t k = 0; k < line * line; k++) paper[k] = 0;
        for (int32_t p = 0; p < pixels; p++) paper[(p / side + 1) * line + p % side + 1] = float(images[i * pixels + p]);
        resample(&sheet, draw_change(most, seed, epoch, uint64_t(numbers[i])), changed + i * pixels);
    }
}

}  // namespace glassnet::GLASSNET_ISA
