// The Python shell of the engine: nanobind around the core, with the memory and the threads that the core lacks.
//
// It checks what would lead outside of an array and says so in a ValueError; the friendly checks are Python's, in
// engine/native.py, which is the only file that imports this module. Every array is taken as it is (noconvert): the
// right type, contiguous, or a TypeError. The interpreter is let go while the core computes.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif
#if defined(_MSC_VER) && defined(__x86_64__)
#define NOMINMAX
#include <windows.h>

#include <intrin.h>
#endif

#include "engine.hpp"
#include "threads.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace glassnet {

#if defined(__x86_64__)
extern const Engine engine_baseline, engine_avx2, engine_avx512;
#elif defined(__aarch64__)
extern const Engine engine_neon;
#else
extern const Engine engine_baseline;
#endif

namespace {

template <class T, int N> using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Bytes1 = Array<const uint8_t, 1>;
using Bytes2 = Array<const uint8_t, 2>;
using Floats1 = Array<const float, 1>;
using Floats2 = Array<const float, 2>;

void require(bool good, const char *what) {
    if (!good) throw nb::value_error(what);
}

// ---- which engine, how many threads -----------------------------------------------------------------------------

// Every engine compiled into this module, best first, and whether this processor runs it.
struct Choice {
    const Engine *engine;
    bool runs;
};
std::vector<Choice> choices() {
#if defined(_MSC_VER) && defined(__x86_64__)  // clang-cl has no __builtin_cpu_supports; Windows asks the system too
    int words[4] = {};
    __cpuidex(words, 7, 0);
    const uint32_t all_of_512 = 1u << 17 | 1u << 30 | 1u << 31;  // DQ, BW, VL
    const bool avx2 = IsProcessorFeaturePresent(PF_AVX2_INSTRUCTIONS_AVAILABLE);
    const bool avx512 = IsProcessorFeaturePresent(PF_AVX512F_INSTRUCTIONS_AVAILABLE) && (uint32_t(words[1]) & all_of_512) == all_of_512;
#elif defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
#endif
#if defined(__x86_64__)
    return {{&engine_avx512, avx512}, {&engine_avx2, avx2}, {&engine_baseline, true}};
#elif defined(__aarch64__)
    return {{&engine_neon, true}};
#else
    return {{&engine_baseline, true}};
#endif
}
const Engine *core = nullptr;
int threads = 1;

void use(const std::string &name, int count) {
    require(count >= 1 && count <= 1024, "threads: expected 1 to 1024");
    for (const Choice &choice : choices())
        if (choice.runs && (name.empty() || name == choice.engine->name)) {
            core = choice.engine;
            threads = count;
            return;
        }
    throw nb::value_error("isa: not compiled in, or not run by this processor");
}

// As many parts as the work is worth: below some thousand operations a part, waiting costs more than it saves.
int parts_for(double operations) { return int(std::clamp(operations / 40000, 1.0, double(threads))); }

template <class F> void in_parts(int parts, F work) {
    Pool::run(parts, [](void *context, int part, int of) { (*static_cast<F *>(context))(part, of); }, &work);
}

// ---- memory -----------------------------------------------------------------------------------------------------

// Call work(piece) for every piece of 0 … pieces − 1, shared out among as many threads.
template <class F> void in_pieces(int pieces, F work) {
    in_parts(pieces, [&](int part, int of) {
        for (int piece = part; piece < pieces; piece += of) work(piece);
    });
}

// Large pieces ask for large pages: a shuffled epoch over 55,000 packed images touches more small pages than a processor
// remembers (about 14 % of its time, measured).
constexpr size_t LARGE_PAGE = size_t(2) << 20;
struct Release {
    std::align_val_t alignment{64};
    void operator()(void *memory) const { ::operator delete(memory, alignment); }
};
using Memory = std::unique_ptr<void, Release>;
// Linux promises more than there is, and ends the process that takes it at its word.
uint64_t most_bytes() {
#if defined(__linux__)
    return uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE)) / 4 * 3;
#else
    return UINT64_MAX / 2;
#endif
}
Memory lend(uint64_t bytes) {  // std::bad_alloc becomes Python's MemoryError
    if (bytes > most_bytes()) throw std::bad_alloc();
    const bool large = bytes >= 2 * LARGE_PAGE;
    const size_t size = large ? (size_t(bytes) + LARGE_PAGE) / LARGE_PAGE * LARGE_PAGE : size_t(bytes) + 64;
    const std::align_val_t alignment{large ? LARGE_PAGE : 64};
    Memory memory(::operator new(size, alignment), Release{alignment});
#if defined(__linux__)
    if (large) madvise(memory.get(), size, MADV_HUGEPAGE);  // a wish: nothing depends on it
#endif
    std::memset(memory.get(), 0, size);
    return memory;
}

// ---- architecture -----------------------------------------------------------------------------------------------

struct Architecture {
    std::vector<int32_t> sizes;
    Activation hidden;
    Loss loss;
    uint64_t weights = 0;  // P

    Architecture(const std::vector<int32_t> &given, int activation, int a_loss)
        : sizes(given), hidden(Activation(activation)), loss(Loss(a_loss)) {
        require(sizes.size() >= 2 && sizes.size() <= 10000, "sizes: expected two or more");
        require(0 <= activation && activation <= 2 && 0 <= a_loss && a_loss <= 2, "hidden, loss: expected 0, 1 or 2");
        for (size_t l = 0; l < sizes.size(); l++) {
            require(sizes[l] >= 1 && sizes[l] <= 100'000'000, "sizes: expected 1 or more");
            if (l > 0) weights += uint64_t(sizes[l - 1] + 1) * uint64_t(sizes[l]);
            require(weights <= 200'000'000, "sizes: too many weights");
        }
    }
    void describe(Network<float> *network) const {
        network->layers = int32_t(sizes.size()) - 1;
        network->hidden = hidden;
        network->loss = loss;
    }
    double operations_an_image() const { return double(weights) * 0.5; }
};

// ---- packed images ----------------------------------------------------------------------------------------------

class Images {
  public:
    explicit Images(const Bytes2 &bytes) {
        const int64_t count = int64_t(bytes.shape(0)), pixels = int64_t(bytes.shape(1));
        require(count >= 1 && count < (int64_t(1) << 32), "images: expected 1 to 2**32 - 1");
        require(pixels >= 1 && pixels <= 100'000'000, "images: expected 1 pixel or more");
        const nb::gil_scoped_release free_interpreter;
        // in pieces that several threads can pack: each begins where the one before it ends at the latest
        const int pieces = parts_for(double(count) * double(pixels));
        const auto from = [&](int piece) { return count * piece / pieces; };
        std::vector<uint64_t> first(size_t(pieces) + 1, 0), end(size_t(pieces), 0);
        in_pieces(pieces, [&](int k) {
            first[size_t(k) + 1] = core->room(bytes.data() + from(k) * pixels, from(k + 1) - from(k), int32_t(pixels));
        });
        for (int k = 0; k < pieces; k++) first[size_t(k) + 1] += first[size_t(k)];
        pairs_ = lend(first.back() * sizeof(Pair));
        spans_ = lend(uint64_t(count) * sizeof(Span));
        cuts_ = lend(uint64_t(count) * (BANDS - 1) * sizeof(Cut));
        packed = {count, int32_t(pixels), {}, static_cast<Pair *>(pairs_.get()), static_cast<Span *>(spans_.get()),
                  static_cast<Cut *>(cuts_.get())};
        core->choose_bands(bytes.data(), count, &packed);
        in_pieces(pieces, [&](int k) {
            end[size_t(k)] = core->pack(bytes.data(), &packed, from(k), from(k + 1), first[size_t(k)]);
        });
        nbytes = end.back() * sizeof(Pair) + uint64_t(count) * (sizeof(Span) + (BANDS - 1) * sizeof(Cut));
    }
    Packed packed = {};
    uint64_t nbytes = 0;

  private:
    Memory pairs_, spans_, cuts_;
};

// ---- forward ----------------------------------------------------------------------------------------------------

// An array in one piece, as Python itself lends it: for one image nanobind's checks take as long as the network.
class Buffer {
  public:
    Buffer(nb::handle object, int flags) : lent_(PyObject_GetBuffer(object.ptr(), &view_, flags | PyBUF_FORMAT) == 0) {
        if (!lent_) PyErr_Clear();
    }
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
    ~Buffer() {
        if (lent_) PyBuffer_Release(&view_);
    }
    // Its numbers, if it has so many of this kind, as a row, a column or a square; else null.
    template <class T> T *numbers(char kind, int64_t count) const {
        if (!lent_ || !view_.format || view_.format[0] != kind || view_.format[1] != 0) return nullptr;
        const bool many = view_.ndim == 2 && std::min(view_.shape[0], view_.shape[1]) > 1 && view_.shape[0] != view_.shape[1];
        const bool good = view_.len == count * int64_t(sizeof(T)) && (view_.ndim == 1 || view_.ndim == 2) && !many;
        return good ? static_cast<T *>(view_.buf) : nullptr;
    }

  private:
    Py_buffer view_ = {};
    bool lent_;
};

constexpr int64_t BLOCK = 64;  // images at a time: their values stay in the nearest cache

// A network that looks at weights where they are, in Python's arrays: (neurons, inputs + 1) each, seen when used.
class Model {
  public:
    Model(const std::vector<int32_t> &sizes, int hidden, int loss, std::vector<Floats2> weights)
        : architecture_(sizes, hidden, loss), arrays_(std::move(weights)) {
        require(arrays_.size() + 1 == sizes.size(), "weights: expected one matrix for each layer");
        for (size_t l = 0; l < arrays_.size(); l++) {
            require(int64_t(arrays_[l].shape(0)) == sizes[l + 1] && int64_t(arrays_[l].shape(1)) == sizes[l] + 1,
                    "weights: expected (neurons, inputs + 1)");
            weights_.push_back(arrays_[l].data());
            layers_.push_back({.inputs = sizes[l], .neurons = sizes[l + 1]});
            most_ = std::max({most_, sizes[l], sizes[l + 1]});
        }
        architecture_.describe(&shape_);
        shape_.layer = layers_.data();
    }

    // Whether all weights are finite, as they are now.
    bool finite() const {
        for (size_t l = 0; l < arrays_.size(); l++)
            if (!core->all_finite(weights_[l], int64_t(arrays_[l].size()))) return false;
        return true;
    }

    // The usual single image, bytes (pixels,), (pixels, 1), (1, pixels) or a square, to its outputs, float (1, outputs),
    // or to its label (1,). False, and nothing done, for any other arrays and for weights that are not finite.
    bool one(nb::handle image, nb::handle out) const {
        const Buffer from(image, PyBUF_ND), to(out, PyBUF_ND | PyBUF_WRITABLE);
        const auto *bytes = from.numbers<const uint8_t>('B', pixels());
        auto *numbers = to.numbers<float>('f', outputs());
        auto *label = to.numbers<uint8_t>('B', 1);
        if (!bytes || !(numbers || (label && outputs() <= 256))) return false;
        float some[256];
        if (!compute_one(bytes, nullptr, numbers ? numbers : some)) return false;
        if (label) *label = largest([&](int64_t k) { return some[k]; });
        return true;
    }

    // Outputs (n, outputs) of images (n, pixels).
    void forward(const Bytes2 &images, const Array<float, 2> &out) {
        if (images.shape(0) == 1 && fits(images.shape(1), 1, out)) return void(compute_one(images.data(), nullptr, out.data()));
        run(images.shape(0), images.shape(1), out, [&](const Network<float> *n, int64_t first, int64_t count) {
            core->forward_bytes(n, images.data() + first * pixels(), count, false);
        });
    }
    void forward_of_floats(const Floats2 &images, const Array<float, 2> &out) {
        if (images.shape(0) == 1 && fits(images.shape(1), 1, out)) return void(compute_one(nullptr, images.data(), out.data()));
        run(images.shape(0), images.shape(1), out, [&](const Network<float> *n, int64_t first, int64_t count) {
            core->forward_floats(n, images.data() + first * pixels(), count, false);
        });
    }
    // The same with the losses (n,) for labels (n,).
    void evaluate(const Bytes2 &images, const Bytes1 &labels, const Array<float, 2> &out, const Array<float, 1> &losses) {
        require(labels.shape(0) == images.shape(0) && losses.shape(0) == images.shape(0), "labels, losses: expected (n,)");
        check_labels(labels);
        run(images.shape(0), images.shape(1), out, [&](const Network<float> *n, int64_t first, int64_t count) {
            core->forward_bytes(n, images.data() + first * pixels(), count, true);
            core->losses(n, labels.data() + first, count, losses.data() + first);
        });
    }
    // The row of the largest output, (n,): the first of them where several are, or the first that is no number.
    void labels(const Bytes2 &images, const Array<uint8_t, 1> &out) {
        require(images.shape(0) == out.shape(0) && int64_t(images.shape(1)) == pixels() && outputs() <= 256,
                "images, out: expected (n, pixels) and (n,)");
        uint8_t *to = out.data();
        in_blocks(int64_t(images.shape(0)), [&](const Network<float> *n, int64_t first, int64_t count) {
            core->forward_bytes(n, images.data() + first * pixels(), count, false);
            const float *a = n->layer[n->layers - 1].a;
            for (int64_t i = 0; i < count; i++) to[first + i] = largest([&](int64_t k) { return at(a, i, k); });
        });
    }

  private:
    int64_t pixels() const { return architecture_.sizes.front(); }
    int64_t outputs() const { return architecture_.sizes.back(); }
    static float at(const float *a, int64_t i, int64_t k) { return a[(k / 16 * BLOCK + i) * 16 + k % 16]; }

    bool fits(size_t width, size_t count, const Array<float, 2> &out) const {
        return int64_t(width) == pixels() && out.shape(0) == count && int64_t(out.shape(1)) == outputs();
    }
    template <class F> uint8_t largest(F output) const {
        int64_t best = 0;
        for (int64_t k = 1; k < outputs() && output(best) == output(best); k++)
            if (!(output(k) <= output(best))) best = k;
        return uint8_t(best);
    }
    // Returns whether all weights are finite.
    bool compute_one(const uint8_t *bytes, const float *floats, float *out) const {
        float small[4096];
        const size_t needed = size_t(room_for_one(most_));
        std::vector<float> large(needed > 4096 ? needed : 0);
        return core->forward_one(&shape_, weights_.data(), bytes, floats, large.empty() ? small : large.data(), out);
    }
    void check_labels(const Bytes1 &labels) const {
        for (size_t i = 0; i < labels.shape(0); i++) require(labels.data()[i] < outputs(), "labels: expected less than the outputs");
    }
    template <class F> void run(size_t count, size_t width, const Array<float, 2> &out, F compute) {
        require(fits(width, count, out), "images, out: expected (n, pixels) and (n, outputs)");
        float *to = out.data();
        in_blocks(int64_t(count), [&](const Network<float> *n, int64_t first, int64_t here) {
            compute(n, first, here);
            const float *a = n->layer[n->layers - 1].a;
            for (int64_t i = 0; i < here; i++)
                for (int64_t k = 0; k < outputs(); k++) to[(first + i) * outputs() + k] = at(a, i, k);
        });
    }
    // compute(network, first, count) for blocks of images, shared among the threads; each has its own values, all
    // have the same weights.
    template <class F> void in_blocks(int64_t count, F compute) {
        const nb::gil_scoped_release free_interpreter;
        const int parts = parts_for(double(count) * architecture_.operations_an_image());
        std::vector<Network<float>> networks(size_t(parts), shape_);
        std::vector<Memory> memories;
        for (Network<float> &network : networks) {
            network.images = int32_t(BLOCK);
            memories.push_back(lend(core->arrange_forward(&network, architecture_.sizes.data(), nullptr)));
            core->arrange_forward(&network, architecture_.sizes.data(), memories.back().get());
        }
        for (int32_t l = 0; l < shape_.layers; l++) {  // layer by layer, since each has an array of its own
            Network<float> alone = networks[0];
            alone.layers = 1, alone.layer += l;
            core->to_panels(weights_[size_t(l)], &alone, W);
        }
        for (size_t t = 1; t < networks.size(); t++)
            for (int32_t l = 0; l < shape_.layers; l++) networks[t].layer[l].w = networks[0].layer[l].w;
        const int64_t blocks = (count + BLOCK - 1) / BLOCK;
        in_parts(parts, [&](int part, int of) {
            for (int64_t b = blocks * part / of; b < blocks * (part + 1) / of; b++)
                compute(&networks[size_t(part)], b * BLOCK, std::min(BLOCK, count - b * BLOCK));
        });
    }

    Architecture architecture_;
    std::vector<Floats2> arrays_;  // keeps Python's arrays alive
    std::vector<const float *> weights_;
    std::vector<Layer<float>> layers_;
    Network<float> shape_ = {};
    int32_t most_ = 0;
};

// ---- one image, step by step ------------------------------------------------------------------------------------

template <class T> const Tracer<T> &tracer();
template <> const Tracer<float> &tracer() { return core->tracer; }
template <> const Tracer<double> &tracer() { return core->tracer64; }

// The values of all steps (steps_count,) for one image (pixels,): bytes, or numbers 0 … 1; label −1: no target.
template <class T, class Image>
void steps_of(const std::vector<int32_t> &sizes, int hidden, int loss, const Array<const T, 1> &weights,
              const Array<const Image, 1> &image, int label, const Array<T, 1> &out) {
    const Architecture kind(sizes, hidden, loss);
    const int32_t layers = int32_t(sizes.size()) - 1;
    require(weights.shape(0) == kind.weights && int64_t(image.shape(0)) == sizes.front(), "weights, image: expected (P,) and (pixels,)");
    require(-1 <= label && label < sizes.back(), "label: expected less than the outputs, or -1");
    require(int64_t(out.shape(0)) == tracer<T>().count(sizes.data(), layers, kind.loss, label >= 0), "out: expected a place for every value");
    const nb::gil_scoped_release free_interpreter;
    const Memory memory = lend(tracer<T>().bytes(sizes.data(), layers));
    const uint8_t *bytes = nullptr;
    const T *numbers = nullptr;
    if constexpr (std::is_same_v<Image, uint8_t>) bytes = image.data();
    else numbers = image.data();
    tracer<T>().steps(sizes.data(), layers, kind.hidden, kind.loss, weights.data(), bytes, numbers, label, memory.get(), out.data());
}
template <class T, class Image> void define_steps(nb::module_ &m) {
    m.def("steps", &steps_of<T, Image>, "sizes"_a, "hidden"_a, "loss"_a, "weights"_a.noconvert(), "image"_a.noconvert(),
          "label"_a, "out"_a.noconvert());
}

// ---- training ---------------------------------------------------------------------------------------------------

// Threads that must wait for each other twice a batch lose where others want the same processors: one that is put aside
// holds up all. So one thread and several are timed in turn, and the faster way is taken; no bit depends on it.
class Pace {
  public:
    // The threads sleep: the caller has done something else.
    void pause() { awake_ = false; }
    // Whether the next batches are done together.
    bool together(int parts) {
        if (parts == 1) return false;
        turn_++;
        const bool faster = seconds_[1] < seconds_[0], known = std::min(times_[0], times_[1]) >= TRIALS;
        const bool trial = known && turn_ % 32 < 2;  // the other way now and then, and long enough to wake
        const bool now = known ? faster != trial : times_[1] <= times_[0];  // at first both by turns
        woken_ = now && !awake_;
        awake_ = now;
        return now;
    }
    // The first batches after a change are not timed: threads have to wake and caches to be filled.
    static constexpr int64_t BATCHES = 24, UNTIMED = 8;
    // What a batch took: at first the better time, later the newer counts for half. One that a thread was put aside in
    // says little: it counts for half as much again as the others, so that only several of them change the way.
    void note(bool together, double seconds) {
        double &mean = seconds_[together];
        int &times = times_[together];
        if (woken_ && times >= TRIALS && seconds > mean) return;  // waking, not work
        mean = times == 0 ? seconds : times < TRIALS ? std::min(mean, seconds) : 0.5 * (mean + std::min(seconds, 1.5 * mean));
        times++;
    }

  private:
    static constexpr int TRIALS = 2;
    double seconds_[2] = {0, 0};  // a batch, alone and together
    int times_[2] = {0, 0};
    int64_t turn_ = 0;
    bool awake_ = false, woken_ = false;  // whether the threads ran in the last turn; whether they began to in this one
};

// What was learned of jobs of a kind is kept while the process lives: an epoch is over before much can be learned anew.
class Paces {
  public:
    using Kind = std::pair<double, int>;  // operations a batch, parts
    static Pace of(Kind kind) {
        const std::lock_guard lock(guard_);
        return known_[kind];
    }
    static void keep(Kind kind, const Pace &pace) {
        const std::lock_guard lock(guard_);
        known_[kind] = pace;
    }

  private:
    static inline std::mutex guard_;
    static inline std::map<Kind, Pace> known_;
};

Distortion distortion_of(const std::vector<double> &d) {
    const double most[6] = {45, 0.9, 1, 1e6, 1e6, 1e6};
    require(d.size() == 6, "distortion: expected six numbers");
    for (size_t k = 0; k < 6; k++) require(d[k] >= 0 && d[k] <= most[k], "distortion: out of range");
    require(d[4] == 0 || d[5] >= 0.5, "distortion: expected a smoothness of 0.5 or more");
    return {d[0], d[1], d[2], d[3], d[4], d[5]};
}

// Weights and optimizer state in the core's layout while updates run.
class Trainer {
  public:
    Trainer(const std::vector<int32_t> &sizes, int hidden, int loss, const Images &images, const Bytes1 &labels, int optimizer,
            int schedule, double learning_rate, double momentum, double warmup, int64_t updates, int64_t average,
            int64_t batch_size, const std::vector<double> &distortion)
        : architecture_(sizes, hidden, loss), labels_(labels) {
        require(images.packed.pixels == sizes.front(), "images: expected as many pixels as the network has inputs");
        require(int64_t(labels.shape(0)) == images.packed.count, "labels: expected one for each image");
        for (size_t i = 0; i < labels.shape(0); i++) require(labels.data()[i] < sizes.back(), "labels: expected less than the outputs");
        require(0 <= optimizer && optimizer <= 3 && 0 <= schedule && schedule <= 1, "optimizer, schedule: unknown");
        require(std::isfinite(learning_rate) && std::isfinite(momentum) && std::isfinite(warmup), "rule: expected finite numbers");
        require(updates >= 1 && average >= 0 && batch_size >= 1, "rule: expected positive counts");
        job_.distortion = distortion_of(distortion);
        const bool distorted = std::any_of(distortion.begin(), distortion.begin() + 5, [](double x) { return x != 0; });
        const int64_t side = std::llround(std::sqrt(double(sizes.front())));
        require(!distorted || (side * side == sizes.front() && side <= 2000), "images: expected square ones, to be distorted");
        job_.rule = {Optimizer(optimizer), Schedule(schedule), learning_rate, momentum, warmup, updates, average,
                     std::min(batch_size, images.packed.count)};
        job_.images = images.packed;
        job_.labels = labels_.data();
        architecture_.describe(&job_.network);
        operations_ = double(job_.rule.batch_size) * architecture_.operations_an_image() * 2 * (distorted ? 3 : 1);
        parts_ = parts_for(operations_);
        memory_ = lend(core->arrange_job(&job_, sizes.data(), parts_, nullptr));
        core->arrange_job(&job_, sizes.data(), parts_, memory_.get());
    }

    // The arrays (P,), in the lecture's layout: 0 weights, 1 Adam's m or the gradient, 2 v, 3 the average.
    void write(int which, const Floats1 &vector) {
        require(has(which) && vector.shape(0) == architecture_.weights, "vector: expected (P,) of an array that the rule has");
        core->to_panels(vector.data(), &job_.network, which);
    }
    void read(int which, const Array<float, 1> &vector) const {
        require(has(which) && vector.shape(0) == architecture_.weights, "vector: expected (P,) of an array that the rule has");
        core->from_panels(&job_.network, which, vector.data());
    }

    // One update for each batch of `order` (m,); update: those done before. Losses (batches,) are written; returns how
    // many batches were done: all, unless a loss was not finite.
    int64_t run(const Array<const uint32_t, 1> &order, int64_t update, uint64_t seed,
                const Array<float, 1> &losses) {
        const int64_t visits = int64_t(order.shape(0)), size = job_.rule.batch_size;
        const int64_t batches = (visits + size - 1) / size;
        require(update >= 0 && update < int64_t(1) << 53, "update: out of range");
        require(int64_t(losses.shape(0)) == batches, "losses: expected one for each batch");
        for (int64_t i = 0; i < visits; i++)
            require(order.data()[i] < job_.images.count, "order: expected less than the number of images");
        const nb::gil_scoped_release free_interpreter;
        job_.order = order.data(), job_.visits = visits, job_.update = update;
        job_.losses = losses.data(), job_.seed = seed;
        Pace pace = Paces::of({operations_, parts_});
        pace.pause();
        int64_t done = 0;
        for (bool finite = true; finite && done < batches;) {
            const bool together = pace.together(parts_);
            const int64_t first = done, last = std::min(batches, done + Pace::BATCHES);
            auto began = std::chrono::steady_clock::now();
            Barrier barrier;
            in_parts(together ? parts_ : 1, [&](int part, int parts) {
                for (int64_t b = first; b < last; b++) {
                    if (core->sum_panels(&job_, b, part, parts)) barrier.wait(parts);
                    core->examine(&job_, b, part, parts);
                    barrier.wait(parts);
                    core->improve(&job_, b, part, parts);
                    barrier.wait(parts);
                    const bool good = std::isfinite(job_.losses[b]);
                    if (part == 0) {
                        done = b + 1, finite = good;
                        if (done == first + Pace::UNTIMED) began = std::chrono::steady_clock::now();
                    }
                    if (!good) break;
                }
            });
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
            if (const int64_t timed = done - first - Pace::UNTIMED; timed >= Pace::UNTIMED)
                pace.note(together, took.count() / double(timed));
        }
        Paces::keep({operations_, parts_}, pace);
        return done;
    }

  private:
    bool has(int which) const {
        const Layer<float> &first = job_.network.layer[0];
        return which == W || (which == M && first.m) || (which == V_MEMORY && first.v) || (which == AVERAGE && first.average);
    }
    Architecture architecture_;
    Bytes1 labels_;  // keeps Python's array alive, as the caller keeps the packed images
    Job job_ = {};
    double operations_ = 0;  // a batch
    int parts_ = 1;
    Memory memory_;
};

void order_of(uint64_t seed, uint64_t epoch, const Array<uint32_t, 1> &out) {
    require(out.shape(0) < (uint64_t(1) << 32), "order: too long");
    const nb::gil_scoped_release free_interpreter;
    core->order(seed, epoch, int64_t(out.shape(0)), out.data());
}
void initial_weights_of(const std::vector<int32_t> &sizes, bool sigmoid_output, uint64_t seed, const Array<float, 1> &out) {
    require(Architecture(sizes, 0, 0).weights == out.shape(0), "out: expected (P,)");
    core->initial_weights(sizes.data(), int32_t(sizes.size()) - 1, sigmoid_output, seed, out.data());
}
void distort_images(const Bytes2 &images, const std::vector<double> &d, uint64_t seed, uint64_t update,
                    const Array<uint8_t, 2> &out) {
    const int64_t pixels = int64_t(images.shape(1)), side = std::llround(std::sqrt(double(pixels)));
    require(side * side == pixels && side >= 1 && side <= 2000, "images: expected square ones");
    require(out.shape(0) == images.shape(0) && int64_t(out.shape(1)) == pixels, "out: expected (n, pixels)");
    const Distortion distortion = distortion_of(d);
    const nb::gil_scoped_release free_interpreter;
    const Memory room = lend(core->distort_room(int32_t(pixels), &distortion));
    core->distort(images.data(), int64_t(images.shape(0)), int32_t(pixels), &distortion, seed, update, room.get(), out.data());
}

bool frame_ink(const Bytes2 &ink, const Array<uint8_t, 2> &out) {
    require(ink.shape(0) <= 20000 && ink.shape(1) <= 20000, "ink: expected at most 20000 pixels a side");
    require(out.shape(0) == 28 && out.shape(1) == 28, "out: expected (28, 28)");
    const int32_t height = int32_t(ink.shape(0)), width = int32_t(ink.shape(1));
    const Memory room = lend(core->frame_room(height, width));
    return core->frame(ink.data(), height, width, static_cast<float *>(room.get()), out.data()) != 0;
}

}  // namespace
}  // namespace glassnet

NB_MODULE(_core, m) {
    nb::set_leak_warnings(false);  // views that caches hold to the end are no leak
    using namespace glassnet;
    m.doc() = "The compiled engine; glassnet.engine.native is its only user.";
    use("", 1);
    m.def("use", &use, "isa"_a, "threads"_a, "Choose the instruction set ('' for the best) and the number of threads.");
    m.def("in_use", [] { return nb::make_tuple(core->name, core->register_bytes, threads); },
          "The instruction set, its bytes in a register, and the number of threads.");
    m.def("engines", [] {
        nb::list all;
        for (const Choice &choice : choices()) all.append(nb::make_tuple(choice.engine->name, choice.runs));
        return all;
    }, "(name, whether this processor runs it) for every instruction set compiled in.");
    m.def("order", &order_of, "seed"_a, "epoch"_a, "out"_a.noconvert());
    m.def("initial_weights", &initial_weights_of, "sizes"_a, "sigmoid_output"_a, "seed"_a, "out"_a.noconvert());
    m.def("distort", &distort_images, "images"_a.noconvert(), "distortion"_a, "seed"_a, "update"_a, "out"_a.noconvert());
    m.def("frame", &frame_ink, "ink"_a.noconvert(), "out"_a.noconvert());
    m.def("learning_rate", [](int schedule, double rate, double warmup, int64_t updates, int64_t update) {
        require(0 <= schedule && schedule <= 1 && update >= 1, "schedule: unknown");
        const Rule rule{SGD, Schedule(schedule), rate, 0, warmup, updates, 0, 1};
        return core->learning_rate(&rule, update);
    }, "schedule"_a, "learning_rate"_a, "warmup"_a, "updates"_a, "update"_a);
    define_steps<float, uint8_t>(m);
    define_steps<float, float>(m);
    define_steps<double, uint8_t>(m);
    define_steps<double, double>(m);
    nb::class_<Images>(m, "Images")
        .def(nb::init<const Bytes2 &>(), "images"_a.noconvert())
        .def_prop_ro("nbytes", [](const Images &images) { return images.nbytes; });
    nb::class_<Model>(m, "Model")
        .def(nb::init<const std::vector<int32_t> &, int, int, std::vector<Floats2>>(), "sizes"_a, "hidden"_a, "loss"_a,
             "weights"_a.noconvert())
        .def("finite", &Model::finite)
        .def("one", &Model::one, "image"_a, "out"_a)
        .def("forward", &Model::forward, "images"_a.noconvert(), "out"_a.noconvert())
        .def("forward", &Model::forward_of_floats, "images"_a.noconvert(), "out"_a.noconvert())
        .def("evaluate", &Model::evaluate, "images"_a.noconvert(), "labels"_a.noconvert(), "out"_a.noconvert(),
             "losses"_a.noconvert())
        .def("labels", &Model::labels, "images"_a.noconvert(), "out"_a.noconvert());
    nb::class_<Trainer>(m, "Trainer")
        .def(nb::init<const std::vector<int32_t> &, int, int, const Images &, const Bytes1 &, int, int, double, double, double,
                      int64_t, int64_t, int64_t, const std::vector<double> &>(),
             "sizes"_a, "hidden"_a, "loss"_a, "images"_a, "labels"_a.noconvert(), "optimizer"_a, "schedule"_a,
             "learning_rate"_a, "momentum"_a, "warmup"_a, "updates"_a, "average"_a, "batch_size"_a, "distortion"_a,
             nb::keep_alive<1, 5>())
        .def("write", &Trainer::write, "which"_a, "vector"_a.noconvert())
        .def("read", &Trainer::read, "which"_a, "vector"_a.noconvert())
        .def("run", &Trainer::run, "order"_a.noconvert(), "update"_a, "seed"_a, "losses"_a.noconvert());
}
