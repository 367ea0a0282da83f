// The WebAssembly shell: exports around the core for a page or for Node. One thread, nothing imported, nothing allocated.
//
// The caller owns the memory from `heap()` on, asks `…_bytes` how much a thing needs, chooses a place for it at a
// multiple of 64, and passes that place from then on. Numbers are checked on the other side (web/ and its wrapper).
//
//   recipe  (14,) float64: optimizer, schedule, learning rate, momentum, warm-up, updates, average, batch size,
//           rotation, scale, shear, shift, elastic, smoothness — in the order of Rule and Distortion
//   bytes   as float64: what does not fit 32 bits is seen as such by the caller, who refuses it
//   sizes   (layers + 1,) int32        labels (count,) bytes        seed, epoch as 64-bit numbers (BigInt)
#define GLASSNET_ISA simd128
#include "frame.hpp"
#include "memory.hpp"
#include "random.hpp"
#include "trace.hpp"

#ifndef EXPORT  // fuzz/browser.cpp has another meaning for it
#define EXPORT(name) extern "C" __attribute__((export_name(#name)))
#endif

namespace core = glassnet::simd128;
using namespace glassnet;

extern char __heap_base;  // the linker's: where the program's own data ends

namespace {

constexpr uint64_t up(uint64_t bytes) { return (bytes + 63) / 64 * 64; }

struct PackedBytes {
    uint64_t pairs, spans, cuts;
};
PackedBytes packed_parts(const uint8_t *images, int32_t count, int32_t pixels) {
    return {up(core::room(images, count, pixels) * sizeof(Pair)), up(uint64_t(count) * sizeof(Span)),
            up(uint64_t(count) * (BANDS - 1) * sizeof(Cut))};
}

Rule rule_of(const double *recipe, int64_t most) {
    const int64_t size = int64_t(recipe[7]);
    return {Optimizer(int(recipe[0])), Schedule(int(recipe[1])), recipe[2], recipe[3], recipe[4],
            int64_t(recipe[5]), int64_t(recipe[6]), size < most ? size : most};
}
void fill_job(Job *job, const Packed *packed, int32_t layers, int32_t hidden, int32_t loss, const double *recipe) {
    *job = {};
    job->images = *packed;
    job->network.layers = layers, job->network.hidden = Activation(hidden), job->network.loss = Loss(loss);
    job->rule = rule_of(recipe, packed->count);
    job->distortion = {recipe[8], recipe[9], recipe[10], recipe[11], recipe[12], recipe[13]};
}

}  // namespace

EXPORT(heap) uint32_t heap() { return uint32_t(up(uint64_t(uintptr_t(&__heap_base)))); }

// ---- chance -----------------------------------------------------------------------------------------------------

EXPORT(order) void order(uint64_t seed, uint64_t epoch, int32_t count, uint32_t *out) { core::shuffled(seed, epoch, count, out); }
EXPORT(initial_weights)
void initial_weights(const int32_t *sizes, int32_t layers, int32_t sigmoid_output, uint64_t seed, float *out) {
    core::initial_weights(sizes, layers, sigmoid_output != 0, seed, out);
}

// ---- images -----------------------------------------------------------------------------------------------------

EXPORT(packed_bytes) double packed_bytes(const uint8_t *images, int32_t count, int32_t pixels) {
    const PackedBytes b = packed_parts(images, count, pixels);
    return double(up(sizeof(Packed)) + b.pairs + b.spans + b.cuts);
}
EXPORT(pack) void pack(char *memory, const uint8_t *images, int32_t count, int32_t pixels) {
    const PackedBytes b = packed_parts(images, count, pixels);
    Packed *packed = (Packed *)memory;
    memory += up(sizeof(Packed));
    *packed = {count, pixels, {}, (Pair *)memory, (Span *)(memory + b.pairs), (Cut *)(memory + b.pairs + b.spans)};
    core::choose_bands(images, count, packed);
    core::pack(images, packed, 0, count, 0);
}
// The images (count, pixels) of an update's batch as it sees them; `most` as the recipe's last six numbers.
EXPORT(distort_bytes) double distort_bytes(int32_t pixels, const Distortion *most) {
    return double(core::distort_room(pixels, most));
}
EXPORT(distort)
void distort(const uint8_t *images, int32_t count, int32_t pixels, const Distortion *most, uint64_t seed, uint64_t update,
             char *room, uint8_t *out) {
    core::distort_bytes(images, count, pixels, most, seed, update, room, out);
}
EXPORT(frame) int32_t frame(const uint8_t *ink, int32_t height, int32_t width, float *room, uint8_t *out) {
    return core::frame(ink, height, width, room, out);
}
EXPORT(frame_bytes) double frame_bytes(int32_t height, int32_t width) { return double(core::frame_room(height, width)); }

// ---- forward ----------------------------------------------------------------------------------------------------

EXPORT(network_bytes) double network_bytes(const int32_t *sizes, int32_t layers, int32_t images) {
    Network<float> network = {layers, SIGMOID, SQUARED_ERROR, images, nullptr};
    return double(up(sizeof network) + core::arrange_forward(&network, sizes, nullptr));
}
EXPORT(network)
void network(char *memory, const int32_t *sizes, int32_t layers, int32_t hidden, int32_t loss, int32_t images,
             const float *weights) {
    Network<float> *n = (Network<float> *)memory;
    *n = {layers, Activation(hidden), Loss(loss), images, nullptr};
    core::arrange_forward(n, sizes, memory + up(sizeof *n));
    core::to_panels(weights, n, W);
}
// Outputs (count, outputs) of at most `images` bytes (count, pixels) or floats 0 … 1.
EXPORT(outputs) void outputs(const Network<float> *n, int32_t count, float *out) {
    const Layer<float> *top = n->layer + n->layers - 1;
    for (int64_t i = 0; i < count; i++)
        for (int64_t k = 0; k < top->neurons; k++) *out++ = core::entry(top->a, n->images, i, k);
}
EXPORT(forward) void forward(const Network<float> *n, const uint8_t *images, int32_t count, int32_t sums_only) {
    core::forward_bytes(n, images, count, sums_only != 0);
}
EXPORT(forward_floats) void forward_floats(const Network<float> *n, const float *images, int32_t count, int32_t sums_only) {
    core::forward_numbers<float>(n, images, count, sums_only != 0);
}
// Losses (count,) after a forward with sums_only, which this completes.
EXPORT(losses) void losses(const Network<float> *n, const uint8_t *labels, int32_t count, float *out) {
    core::losses(n, labels, count, out);
}

// ---- one image, step by step ------------------------------------------------------------------------------------

// The values of every step end to end, as trace.hpp orders them; bytes (pixels,), or floats 0 … 1 where bytes is 0;
// label −1: no target. `memory` holds steps_bytes, `out` steps_count values.
EXPORT(steps_count) double steps_count(const int32_t *sizes, int32_t layers, int32_t loss, int32_t labeled) {
    return double(core::steps_count<float>(sizes, layers, Loss(loss), labeled != 0));
}
EXPORT(steps_bytes) double steps_bytes(const int32_t *sizes, int32_t layers) {
    return double(core::steps_bytes<float>(sizes, layers));
}
EXPORT(steps)
void steps(char *memory, const int32_t *sizes, int32_t layers, int32_t hidden, int32_t loss, const float *weights,
           const uint8_t *bytes, const float *floats, int32_t label, float *out) {
    core::steps<float>(sizes, layers, Activation(hidden), Loss(loss), weights, bytes, floats, label, memory, out);
}

// The mean loss of images (count, pixels) with labels (count,), everything in float64, for finite differences.
// `memory` holds loss_double_bytes; weights (P,) float64.
EXPORT(loss_double_bytes) double loss_double_bytes(const int32_t *sizes, int32_t layers, int32_t loss) {
    return double(up(core::steps_bytes<double>(sizes, layers)) +
                  uint64_t(core::steps_count<double>(sizes, layers, Loss(loss), true)) * sizeof(double));
}
EXPORT(loss_double)
double loss_double(char *memory, const int32_t *sizes, int32_t layers, int32_t hidden, int32_t loss, const double *weights,
                   const uint8_t *images, const uint8_t *labels, int32_t count) {
    double *values = (double *)(memory + up(core::steps_bytes<double>(sizes, layers)));
    const int64_t before = core::steps_count<double>(sizes, layers, Loss(loss), false) + 3 * int64_t(sizes[layers]);
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        core::steps<double>(sizes, layers, Activation(hidden), Loss(loss), weights, images + i * sizes[0], nullptr, labels[i],
                            memory, values);
        sum += values[before];
    }
    return sum / double(count);
}

// ---- training ---------------------------------------------------------------------------------------------------

// The rate of update 1, 2, …
EXPORT(learning_rate) double learning_rate(const double *recipe, int64_t update) {
    const Rule rule = rule_of(recipe, INT64_MAX);
    return core::learning_rate(&rule, update);
}

EXPORT(job_bytes)
double job_bytes(const Packed *packed, const int32_t *sizes, int32_t layers, const double *recipe) {
    Job job;
    fill_job(&job, packed, layers, 0, 0, recipe);
    return double(up(sizeof job) + core::arrange_job(&job, sizes, 1, nullptr));
}
EXPORT(job)
void job(char *memory, const Packed *packed, const uint8_t *labels, const int32_t *sizes, int32_t layers, int32_t hidden,
         int32_t loss, const double *recipe) {
    Job *job = (Job *)memory;
    fill_job(job, packed, layers, hidden, loss, recipe);
    job->labels = labels;
    core::arrange_job(job, sizes, 1, memory + up(sizeof *job));
}
// Vectors (P,) in the lecture's layout: 0 weights, 1 Adam's m or the gradient, 2 v, 3 the average.
EXPORT(write) void write(const Job *job, int32_t which, const float *vector) {
    core::to_panels(vector, &job->network, which);
}
EXPORT(read) void read(const Job *job, int32_t which, float *vector) { core::from_panels(&job->network, which, vector); }

// One update for each batch of `order` (visits,); returns how many: all, unless a loss was not finite.
EXPORT(run)
int32_t run(Job *job, const uint32_t *order, int32_t visits, int32_t update, uint64_t seed, float *losses) {
    job->order = order, job->visits = visits, job->update = update;
    job->seed = seed, job->losses = losses;
    int32_t batch = 0;
    for (int64_t first = 0; first < visits; first += job->rule.batch_size, batch++) {
        core::examine(job, batch, 0, 1);
        core::improve(job, batch, 0, 1);
        if (!core::is_finite(losses[batch])) return batch + 1;
    }
    return batch;
}
