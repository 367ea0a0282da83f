// The WebAssembly shell as plain functions of this program, in memory of exactly the size it asks for: what it computes
// has the bits of the engine's table. Numbers are in the ranges that its wrapper in web/ lets through.
#define GLASSNET_ISA simd128
#include "../core/frame.hpp"
#include "../core/memory.hpp"
#include "../core/random.hpp"
#include "../core/trace.hpp"
#include "cases.hpp"

#define EXPORT(name) static
namespace browser {
#include "../core/wasm.cpp"
char __heap_base;
}  // namespace browser

static void try_images(Bytes &bytes, const Case &c, Lender &lender) {
    const uint64_t seed = bytes.word(), epoch = bytes.word();
    std::vector<uint32_t> order(size_t(c.count)), expected(order);
    browser::order(seed, epoch, int32_t(c.count), order.data());
    all()[0]->order(seed, epoch, c.count, expected.data());
    must(order == expected, "browser: the same order");
    Floats w(c.w.size());
    browser::initial_weights(c.sizes.data(), c.layers(), bytes.coin(), seed, w.data());

    const int32_t height = int32_t(bytes.whole(0, 40)), width = int32_t(bytes.whole(0, 40));
    std::vector<uint8_t> ink(size_t(height * width)), framed(28 * 28), known(framed);
    if (!ink.empty()) ink = some_images(bytes, height, width);
    float *room = static_cast<float *>(lender.bytes(uint64_t(browser::frame_bytes(height, width))));
    browser::frame(ink.data(), height, width, room, framed.data());
    all()[0]->frame(ink.data(), height, width, room, known.data());
    must(framed == known, "browser: the same frame");
}

static void try_forward(Bytes &bytes, const Case &c, Lender &lender) {
    char *memory = static_cast<char *>(lender.bytes(uint64_t(browser::network_bytes(c.sizes.data(), c.layers(), int32_t(c.count)))));
    browser::network(memory, c.sizes.data(), c.layers(), c.hidden, c.loss, int32_t(c.count), c.w.data());
    const Network<float> *network = reinterpret_cast<const Network<float> *>(memory);
    const size_t outputs = size_t(c.count * c.outputs());
    Floats from_bytes(outputs), from_floats(outputs), floats, losses(size_t(c.count));
    for (uint8_t byte : c.images) floats.push_back(float(byte) / 255.0f);
    browser::forward(network, c.images.data(), int32_t(c.count), false);
    browser::outputs(network, int32_t(c.count), from_bytes.data());
    browser::forward_floats(network, floats.data(), int32_t(c.count), false);
    browser::outputs(network, int32_t(c.count), from_floats.data());
    must(!c.finite || same(from_bytes, from_floats), "browser: floats as bytes");
    browser::forward(network, c.images.data(), int32_t(c.count), true);
    browser::losses(network, c.labels.data(), int32_t(c.count), losses.data());

    const int32_t label = bytes.coin() ? c.labels[0] : -1;
    Floats steps(size_t(browser::steps_count(c.sizes.data(), c.layers(), c.loss, label >= 0))), expected(steps.size());
    const Tracer<float> &tracer = all()[0]->tracer;
    browser::steps(static_cast<char *>(lender.bytes(uint64_t(browser::steps_bytes(c.sizes.data(), c.layers())))), c.sizes.data(),
                   c.layers(), c.hidden, c.loss, c.w.data(), c.images.data(), nullptr, label, steps.data());
    tracer.steps(c.sizes.data(), c.layers(), c.hidden, c.loss, c.w.data(), c.images.data(), nullptr, label,
                 lender.bytes(tracer.bytes(c.sizes.data(), c.layers())), expected.data());
    must(same(steps, expected), "browser: the same steps");
}

static void try_training(Bytes &bytes, const Case &c, Lender &lender, bool square) {
    char *images = static_cast<char *>(lender.bytes(uint64_t(browser::packed_bytes(c.images.data(), int32_t(c.count), c.sizes[0]))));
    browser::pack(images, c.images.data(), int32_t(c.count), c.sizes[0]);
    const Packed *packed = reinterpret_cast<const Packed *>(images);
    const int32_t optimizer = int32_t(bytes.whole(0, 2)), batch = int32_t(bytes.whole(1, c.count + 1));
    Rule rule = {Optimizer(optimizer), bytes.one_of({CONSTANT, COSINE}), bytes.real(0, 3), bytes.real(0, 1), double(bytes.whole(0, 9)),
                 bytes.whole(1, 100), bytes.whole(0, 3), batch};
    Distortion most = {};
    if (square && bytes.coin()) most = {bytes.real(0, 45), bytes.real(0, 0.9), bytes.real(0, 1), bytes.real(0, 5), bytes.real(0, 5), bytes.real(0.5, 9)};
    const double recipe[] = {double(optimizer), double(rule.schedule), rule.learning_rate, rule.momentum, rule.warmup, double(rule.updates),
                             double(rule.average), double(batch), most.rotation, most.scale, most.shear, most.shift, most.elastic, most.smoothness};
    char *job = static_cast<char *>(lender.bytes(uint64_t(browser::job_bytes(packed, c.sizes.data(), c.layers(), recipe))));
    browser::job(job, packed, c.labels.data(), c.sizes.data(), c.layers(), c.hidden, c.loss, recipe);
    Job *made = reinterpret_cast<Job *>(job);
    std::vector<int32_t> arrays{W};
    if (optimizer == ADAM) arrays.push_back(M);
    if (optimizer != SGD) arrays.push_back(V_MEMORY);
    if (rule.average) arrays.push_back(AVERAGE);
    const Floats zeros(c.w.size());
    for (int32_t which : arrays) browser::write(made, which, which == W || which == AVERAGE ? c.w.data() : zeros.data());
    const size_t size = size_t(std::min<int64_t>(batch, c.count)), batches = (c.order.size() + size - 1) / size;
    Floats losses(batches), weights(c.w.size());
    const uint64_t seed = bytes.word();
    const int32_t done = browser::run(made, c.order.data(), int32_t(c.order.size()), 0, seed, losses.data());
    must(done >= 1 && done <= int32_t(batches), "browser: batches that are there");
    for (int32_t which : arrays) browser::read(made, which, weights.data());
    must(std::isfinite(browser::learning_rate(recipe, 1)), "browser: a rate");
}

void try_browser(Bytes &bytes) {
    const bool square = bytes.coin();
    const Case c = some_case(bytes, square);
    Lender lender;
    try_images(bytes, c, lender);
    try_forward(bytes, c, lender);
    try_training(bytes, c, lender, square);
    must(browser::heap() % 64 == 0, "browser: a heap");
}
