// What a shell sees of the engine: the structures that it fills and one table of functions per instruction set.
// Nothing is computed here, and nothing is allocated anywhere in the core: all memory belongs to the caller.
//
//   panel  sixteen neurons side by side; 14 neurons are one panel with two idle lanes, 30 are two
//   row    what one input contributes to a panel's neurons: sixteen weights; the bias is the last row
//   panels(n) = ⌈n / 16⌉
//   w      the lecture's w1, w2, … (neurons, inputs + 1); here turned to (panels, inputs + 1, 16)
//   a, d_z one value per neuron and image, (panels, images, 16); idle lanes of d_z are 0, of a anything
//   pair   one inked pixel in two bytes: its distance from the pixel before, and its value 1 … 255
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace glassnet {

enum Activation : int32_t { SIGMOID = 0, TANH = 1, RELU = 2 };
enum Loss : int32_t { SQUARED_ERROR = 0, BINARY_CROSS_ENTROPY = 1, CROSS_ENTROPY = 2 };  // the last is softmax's
enum Optimizer : int32_t { SGD = 0, MOMENTUM = 1, ADAM = 2, GRADIENT = 3 };  // GRADIENT: put it in `m`, change nothing
enum Schedule : int32_t { CONSTANT = 0, COSINE = 1 };

constexpr int64_t panels(int64_t neurons) { return (neurons + 15) / 16; }

// One layer of weights and the neurons it leads to.
template <class T> struct Layer {
    int32_t inputs, neurons;
    T *w;        // (panels(neurons), inputs + 1, 16)
    T *back;     // (panels(inputs), neurons, 16): w turned over, without the bias, for the way back; layer 1 has none
    T *a;        // (panels(neurons), images, 16): z at first, then the activation
    T *d_z;      // (panels(neurons), images, 16)
    T *m, *v;    // as w: Adam's m and v; momentum's v is in `v`; the gradient itself in `m`; else null
    T *average;  // as w: the moving average of the weights, or null
};

template <class T> struct Network {
    int32_t layers;  // of weights: 2 for 784-14-10
    Activation hidden;
    Loss loss;
    int32_t images;  // the most images at a time
    Layer<T> *layer;
};

// Images of which only the inked pixels are kept: image i is `span[i].count` pairs, pixels rising.
// A gap above 255 is bridged by pairs of value 0, which add nothing. The pixels are parted into BANDS bands of about
// equal ink, so that several threads can share one panel: `cut` says where each band begins in each image.
constexpr int BANDS = 8;
constexpr int32_t MOST_CUT_PIXELS = 60000;  // larger images are one band
struct Pair {
    uint8_t gap, value;
};
struct Cut {
    uint16_t pair, pixel;  // the band's first pair, counted in the image, and the pixel of the pair before (or 0)
};
struct Span {
    uint64_t first;          // in pairs
    uint32_t count, margin;  // margin: so far a square image can be moved and loses no ink, in pixels, where that is known
};
struct Packed {
    int64_t count;
    int32_t pixels;
    int32_t band[BANDS + 1];  // the first pixel of each band; band[BANDS] = pixels
    Pair *pair;
    Span *span;  // (count,)
    Cut *cut;    // (count, BANDS − 1)
};

// How far training images are changed at most (degrees, fractions, pixels per pixel, pixels, pixels); all 0 for not at
// all. Elastic changes have `smoothness` pixels as standard deviation of what makes them smooth.
struct Distortion {
    double rotation, scale, shear, shift, elastic, smoothness;
};

// What one update needs of a recipe; `warmup` and `updates` are counted in updates, `average` too (0: none).
struct Rule {
    Optimizer optimizer;
    Schedule schedule;
    double learning_rate, momentum, warmup;
    int64_t updates, average, batch_size;
};

// A stretch of training: one update for every `batch_size` images of `order`.
struct Job {
    Network<float> network;
    Rule rule;
    Packed images;
    const uint8_t *labels;  // (count,)
    const uint32_t *order;  // (visits,) the images to visit
    int64_t visits;
    int64_t update;         // updates done before the first batch
    float *losses;          // out: (batches,) the mean loss of each batch before its update
    float *image_losses;    // (batch_size,) room
    float *rows;            // (parts, row_floats) room: the gradient of the panels abreast, (rows, 16), per part
    int64_t row_floats;
    Distortion distortion;
    uint64_t seed;          // of the distortion
    Packed changed;         // (batch_size,) room: the distorted images of a batch
    char *studio;           // (parts, studio_bytes) room: sixteen images at a time (distort.hpp)
    int64_t studio_bytes;
};

// One image's way, every step of the ledger with its value, end to end (trace.hpp); label −1: none.
template <class T> struct Tracer {
    int64_t (*count)(const int32_t *sizes, int32_t layers, Loss loss, bool labeled);  // values written
    uint64_t (*bytes)(const int32_t *sizes, int32_t layers);                          // of memory needed
    void (*steps)(const int32_t *sizes, int32_t layers, Activation hidden, Loss loss, const T *weights,
                  const uint8_t *image, const T *numbers, int32_t label, void *memory, T *out);
};

// The engine as compiled for one instruction set.
struct Engine {
    const char *name;
    int32_t register_bytes;

    // numbers and chance
    void (*order)(uint64_t seed, uint64_t epoch, int64_t count, uint32_t *order);
    void (*initial_weights)(const int32_t *sizes, int32_t layers, bool sigmoid_output, uint64_t seed, float *weights);
    double (*learning_rate)(const Rule *rule, int64_t update);

    // memory: the bytes to provide (with null), then the pointers into it; rules in memory.hpp
    uint64_t (*arrange_forward)(Network<float> *network, const int32_t *sizes, void *memory);
    uint64_t (*arrange_job)(Job *job, const int32_t *sizes, int32_t parts, void *memory);

    // images (count, pixels) bytes → packed; `room` returns the pairs to provide, `choose_bands` comes first
    uint64_t (*room)(const uint8_t *images, int64_t count, int32_t pixels);
    void (*choose_bands)(const uint8_t *images, int64_t count, Packed *packed);
    uint64_t (*pack)(const uint8_t *images, const Packed *packed, int64_t first, int64_t last, uint64_t next);
    // the images (count, pixels) of an update's batch → as it sees them; `room` holds distort_room(…) bytes
    uint64_t (*distort_room)(int32_t pixels, const Distortion *most);
    void (*distort)(const uint8_t *images, int64_t count, int32_t pixels, const Distortion *most, uint64_t seed,
                    uint64_t update, void *room, uint8_t *changed);
    // ink (height, width) of any size → out (28, 28); 0 where there is none. `room` holds frame_room(…) bytes.
    uint64_t (*frame_room)(int32_t height, int32_t width);
    int32_t (*frame)(const uint8_t *ink, int32_t height, int32_t width, float *room, uint8_t *out);

    // the lecture's layout, P weights end to end, to panels and back (`back` included, idle lanes 0)
    void (*to_panels)(const float *weights, const Network<float> *network, int32_t which);
    void (*from_panels)(const Network<float> *network, int32_t which, float *weights);

    // forward, from images of any kind into the last layer's `a` (z before its activation when `sums_only`)
    void (*forward_packed)(const Network<float> *network, const Packed *images, const uint32_t *order, int64_t first,
                           int64_t last, bool sums_only);
    void (*forward_bytes)(const Network<float> *network, const uint8_t *images, int64_t count, bool sums_only);
    void (*forward_floats)(const Network<float> *network, const float *images, int64_t count, bool sums_only);
    bool (*forward_one)(const Network<float> *network, const float *const *weights, const uint8_t *image,
                        const float *floats, float *room, float *out);
    bool (*all_finite)(const float *numbers, int64_t count);
    void (*losses)(const Network<float> *network, const uint8_t *labels, int64_t count, float *out);

    // training: phases per batch with a barrier after each, after sum_panels if it returns true; any number of parts, in
    // any order, the same bits
    bool (*sum_panels)(const Job *job, int64_t batch, int32_t part, int32_t parts);
    void (*examine)(const Job *job, int64_t batch, int32_t part, int32_t parts);
    void (*improve)(const Job *job, int64_t batch, int32_t part, int32_t parts);

    Tracer<float> tracer;
    Tracer<double> tracer64;
};

// Floats of room for forward_one: two columns of values, the 1 below, and the places of the inputs.
constexpr int64_t room_for_one(int64_t most) { return 3 * (most + 16); }

// Which of a layer's arrays to_panels and from_panels mean.
enum Which : int32_t { W = 0, M = 1, V_MEMORY = 2, AVERAGE = 3 };

}  // namespace glassnet
