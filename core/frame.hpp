// Ink of any size to MNIST's 28 × 28, the way MNIST itself was made. It knows no file format and no screen.
//
//   1. a tight box around the ink                    4. to 20 × 20 by exact area averaging
//   2. the square around the box, box in its middle  5. to bytes: paper is 0
//   3. below 20 pixels: doubled until it is not      6. moved by whole pixels: the center of mass into pixel 14
// Gray peaks stay what averaging makes of them; ink of a single value is scaled so that the darkest cell is 255.
// An image of MNIST whose longer side is 20 comes out as it went in, within one gray level. (Source: QMNIST's
// reconstruction, making_qmnist/xnist.lsh.)
//
//   ink   (height, width) bytes, 0 paper … 255 ink
//   side  of the square, in pixels of the (doubled) ink; each of the 20 cells is side / 20 of them wide
#pragma once
#include "numbers.hpp"

namespace glassnet::GLASSNET_ISA {

constexpr int32_t CELLS = 20, FRAME = 28, MIDDLE = 14;

struct Box {
    int32_t top, bottom, left, right;  // bottom and right are the first without ink
    bool one_value;                    // all ink has the same byte
};

static uint64_t frame_room(int32_t height, int32_t width) {  // bytes of room
    (void)height;
    return uint64_t(CELLS) * uint64_t(width) * sizeof(float);
}

static Box ink_box(const uint8_t *ink, int32_t height, int32_t width) {
    Box box = {height, 0, width, 0, true};
    uint8_t value = 0;
    for (int32_t i = 0; i < height; i++)
        for (int32_t j = 0; j < width; j++)
            if (ink[int64_t(i) * width + j]) {
                box.top = i < box.top ? i : box.top, box.bottom = i + 1;
                box.left = j < box.left ? j : box.left, box.right = j + 1 > box.right ? j + 1 : box.right;
                box.one_value &= value == 0 || value == ink[int64_t(i) * width + j];
                value = ink[int64_t(i) * width + j];
            }
    return box;
}

// How much of pixel p … p + 1 lies in cell k, when `cells` cells part `side` pixels: exact in whole numbers, and 0
// where they do not meet. Everything is measured in parts of 1 / CELLS of a pixel.
INLINE int64_t overlap(int64_t begin, int64_t end, int64_t k, int64_t side) {
    const int64_t from = larger(begin * CELLS, k * side), to = smaller(end * CELLS, (k + 1) * side);
    return larger(to - from, 0);
}

// Returns 1, or 0 where there is no ink (out is then blank). `room` holds frame_room(height, width) bytes.
static int32_t frame(const uint8_t *ink, int32_t height, int32_t width, float *room, uint8_t *out) {
    for (int32_t k = 0; k < FRAME * FRAME; k++) out[k] = 0;
    const Box box = ink_box(ink, height, width);
    const int64_t tall = box.bottom - box.top, wide = box.right - box.left;
    if (tall <= 0) return 0;
    int64_t times = 1;  // doubling repeats pixels: pixel p covers p · times … (p + 1) · times
    while (larger(tall, wide) * times < CELLS) times *= 2;
    const int64_t side = larger(tall, wide) * times;
    const int64_t above = (side - tall * times) / 2, before = (side - wide * times) / 2;

    // first down the columns, room (20, wide), then along the rows: 20 × 20
    for (int64_t k = 0; k < CELLS * wide; k++) room[k] = 0;
    for (int64_t i = 0; i < tall; i++) {
        const int64_t begin = above + i * times, end = begin + times;
        for (int64_t cell = begin * CELLS / side; cell < CELLS && cell * side < end * CELLS; cell++) {
            const float share = float(overlap(begin, end, cell, side)) / float(side);
            const uint8_t *line = ink + (box.top + i) * width + box.left;
            for (int64_t j = 0; j < wide; j++) room[cell * wide + j] += share * float(line[j]);
        }
    }
    float gray[CELLS][CELLS] = {}, darkest = 0;
    for (int64_t row = 0; row < CELLS; row++) {
        for (int64_t j = 0; j < wide; j++) {
            const int64_t begin = before + j * times, end = begin + times;
            for (int64_t cell = begin * CELLS / side; cell < CELLS && cell * side < end * CELLS; cell++)
                gray[row][cell] += float(overlap(begin, end, cell, side)) / float(side) * room[row * wide + j];
        }
        for (int64_t column = 0; column < CELLS; column++) darkest = darkest < gray[row][column] ? gray[row][column] : darkest;
    }
    const float scale = box.one_value ? 255.0f / darkest : 1.0f;
    uint8_t cells[CELLS][CELLS];
    int64_t mass = 0, down = 0, along = 0;
    for (int64_t row = 0; row < CELLS; row++)
        for (int64_t column = 0; column < CELLS; column++) {
            const float rounded = gray[row][column] * scale + 0.5f;
            const uint8_t value = uint8_t(rounded < 255 ? rounded : 255);
            cells[row][column] = value;
            mass += value, down += value * (2 * row + 1), along += value * (2 * column + 1);  // centers at +½
        }
    if (mass == 0) return 0;
    // the center of mass, down / (2 · mass), shall fall into 14 … 15: move by 14 − its whole part
    const int64_t move_down = MIDDLE - down / (2 * mass), move_along = MIDDLE - along / (2 * mass);
    for (int64_t row = 0; row < CELLS; row++)
        for (int64_t column = 0; column < CELLS; column++) {
            const int64_t i = row + move_down, j = column + move_along;
            if (0 <= i && i < FRAME && 0 <= j && j < FRAME) out[i * FRAME + j] = cells[row][column];
        }
    return 1;
}

}  // namespace glassnet::GLASSNET_ISA
