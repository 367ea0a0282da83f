// Tests of the core against definitions written out plainly, in float64; prints what failed and exits 1.
//
//   test_core [POINTS]    at how many points each function is compared with its definition
// The engine is a library without memory; this program lends it some. It is the only C++ here that uses the standard
// library.
#define GLASSNET_ISA checked
#include <random>

#include "../memory.hpp"
#include "../random.hpp"
#include "../trace.hpp"
#include "support.hpp"

using namespace glassnet;
namespace core = glassnet::checked;
using Doubles = std::vector<double>;

// ---- numbers ----------------------------------------------------------------------------------------------------

template <class T> T ulp(long double x) {
    const T y = std::abs(T(x));
    return std::nextafter(y, T(INFINITY)) - y;
}
static int points = 200000;
template <class T, class F, class G> void worst_ulps(const char *name, F f, G exact, double from, double to, double most) {
    double worst = 0, where = 0;
    for (int k = 0; k <= points; k++) {
        const T x = T(from + (to - from) * k / points);
        const long double expected = exact((long double)x);
        const double off = double(std::abs((long double)f(core::fill<T>(x))[0] - expected) / ulp<T>(expected));
        if (!(off <= worst)) worst = off, where = double(x);
    }
    std::printf("%-14s %-8s %5.2f ulp at most, at %g\n", name, sizeof(T) == 4 ? "float32" : "float64", worst, where);
    check(worst <= most, std::string(name) + " within " + std::to_string(most) + " ulp");
}
template <class T> void test_functions() {
    const double most = sizeof(T) == 4 ? 85 : 700;
    worst_ulps<T>("exp", core::exp<T>, [](long double x) { return std::exp(x); }, -most, most, 1);
    worst_ulps<T>("exp near 0", core::exp<T>, [](long double x) { return std::exp(x); }, -1, 1, 1);
    worst_ulps<T>("log", core::log<T>, [](long double x) { return std::log(x); }, 1e-3, 20, 1);
    worst_ulps<T>("tanh", core::tanh<T>, [](long double x) { return std::tanh(x); }, -12, 12, 2.5);
    worst_ulps<T>("tanh near 0", core::tanh<T>, [](long double x) { return std::tanh(x); }, -0.1, 0.1, 2.5);
    worst_ulps<T>("sigmoid", core::sigmoid<T>, [](long double x) { return 1 / (1 + std::exp(-x)); }, -80, 30, 2.4);
    worst_ulps<T>("log(1 + e)", core::log_one_plus<T>, [](long double x) { return std::log1p(x); }, 0, 1, 1.5);
    const T huge = T(1e30), no_number = T(NAN);
    check(core::exp<T>(core::fill<T>(huge))[0] == T(INFINITY), "exp(1e30) is infinite");
    check(core::exp<T>(core::fill<T>(-huge))[0] == 0, "exp(-1e30) is 0");
    check(core::exp<T>(core::fill<T>(T(0)))[0] == 1, "exp(0) is 1");
    check(core::sigmoid<T>(core::fill<T>(-huge))[0] == 0 && core::sigmoid<T>(core::fill<T>(huge))[0] == 1, "sigmoid's ends");
    check(core::tanh<T>(core::fill<T>(-huge))[0] == -1 && core::tanh<T>(core::fill<T>(huge))[0] == 1, "tanh's ends");
    check(std::isnan(core::exp<T>(core::fill<T>(no_number))[0]), "exp of no number is none");
    check(std::isnan(core::tanh<T>(core::fill<T>(no_number))[0]), "tanh of no number is none");
    check(std::isnan(core::sigmoid<T>(core::fill<T>(no_number))[0]), "sigmoid of no number is none");
}
static void test_single_numbers() {
    for (int k = 0; k <= 1000; k++) {
        check_close(core::half_wave(k / 1000.0), std::cos(M_PI * k / 1000.0), 5e-16, "half_wave");
        check_close(core::tangent(k * 0.045), std::tan(k * 0.045 * M_PI / 180), 5e-16, "tangent");
    }
    for (int n : {0, 1, 7, 100, 16500}) check_close(core::whole_power(0.999, n), std::pow(0.999, n), 1e-14, "whole_power");
}
static void test_random() {
    // np.random.Philox(key=k, counter=[0, i, e, s]).random_raw(…), NumPy 2.4
    check(core::random_block(0, 1, 3, 0, 1).word[0] == 0xb5eea17f9405183f, "the order's first word, epoch 3, seed 0");
    check(core::random_block(~0ull, 2, 5, 7, 1).word[3] == 0xac6d3238a540137, "a distortion's fourth word, image 7, epoch 5");
    core::Words words{12345, 0, 0};
    for (int k = 0; k < 12; k++) words.next();
    check(words.next() == 0xb35c4f1c049c160e, "the thirteenth word");
    std::vector<uint32_t> order(5);
    core::shuffled(0, 0, 5, order.data());
    check(order == std::vector<uint32_t>{3, 4, 0, 2, 1}, "the order of five images");
}

// ---- networks ---------------------------------------------------------------------------------------------------

struct Case {
    std::vector<int32_t> sizes;
    Activation hidden;
    Loss loss;
    int64_t count;                 // images
    std::vector<float> weights;    // the lecture's layout
    std::vector<uint8_t> images, labels;
    std::string name;
};
static Case random_case(std::vector<int32_t> sizes, Activation hidden, Loss loss, int64_t count, unsigned seed) {
    std::mt19937 random(seed);
    Case c{sizes, hidden, loss, count, {}, {}, {}, ""};
    for (int32_t size : sizes) c.name += (c.name.empty() ? "" : "-") + std::to_string(size);
    c.name += ", hidden " + std::to_string(hidden) + ", loss " + std::to_string(loss);
    std::normal_distribution<float> normal;
    for (size_t l = 0; l + 1 < sizes.size(); l++)
        for (int k = 0; k < (sizes[l] + 1) * sizes[l + 1]; k++)
            c.weights.push_back(normal(random) * 1.5f / std::sqrt(float(sizes[l]) / 3 + 1));
    for (int64_t k = 0; k < count * sizes[0]; k++) c.images.push_back(random() % 5 ? 0 : uint8_t(random()));
    for (int64_t i = 0; i < count; i++) c.labels.push_back(uint8_t(random() % unsigned(sizes.back())));
    return c;
}

// The definition: one image in float64, the lecture's loops. Adds to the gradient; returns the loss.
static double plain(const Case &c, const Doubles &weights, int64_t image, Doubles *outputs, Doubles *gradient) {
    const size_t layers = c.sizes.size() - 1;
    std::vector<Doubles> a(1), z(1);
    for (int32_t j = 0; j < c.sizes[0]; j++) a[0].push_back(c.images[size_t(image * c.sizes[0] + j)] / 255.0);
    std::vector<const double *> w{weights.data()};
    for (size_t l = 0; l < layers; l++) {
        const int inputs = c.sizes[l], neurons = c.sizes[l + 1];
        Doubles sums, values;
        for (int i = 0; i < neurons; i++) {
            double sum = w[l][i * (inputs + 1) + inputs];
            for (int j = 0; j < inputs; j++) sum += w[l][i * (inputs + 1) + j] * a[l][size_t(j)];
            sums.push_back(sum);
            const bool top = l + 1 == layers;
            values.push_back(top || c.hidden == SIGMOID ? 1 / (1 + std::exp(-sum))
                             : c.hidden == TANH         ? std::tanh(sum)
                                                        : std::max(sum, 0.0));
        }
        if (l + 1 == layers && c.loss == CROSS_ENTROPY) {
            double total = 0;
            for (double sum : sums) total += std::exp(sum);
            for (size_t i = 0; i < sums.size(); i++) values[i] = std::exp(sums[i]) / total;
        }
        z.push_back(sums), a.push_back(values);
        w.push_back(w[l] + (inputs + 1) * neurons);
    }
    if (outputs) *outputs = a.back();
    double loss = 0;
    Doubles d_z;
    for (size_t i = 0; i < a.back().size(); i++) {
        const double p = a.back()[i], t = i == c.labels[size_t(image)], e = p - t;
        if (c.loss == SQUARED_ERROR) loss += e * e, d_z.push_back(2 * e * p * (1 - p));
        else if (c.loss == BINARY_CROSS_ENTROPY) loss -= t * std::log(p) + (1 - t) * std::log(1 - p), d_z.push_back(e);
        else loss -= t == 1 ? std::log(p) : 0, d_z.push_back(e);
    }
    if (!gradient) return loss;
    for (size_t l = layers; l-- > 0;) {
        const int inputs = c.sizes[l], neurons = c.sizes[l + 1];
        double *d_w = gradient->data() + (w[l] - w[0]);
        Doubles below(size_t(inputs), 0.0);
        for (int i = 0; i < neurons; i++) {
            for (int j = 0; j < inputs; j++) {
                d_w[i * (inputs + 1) + j] += d_z[size_t(i)] * a[l][size_t(j)];
                below[size_t(j)] += w[l][i * (inputs + 1) + j] * d_z[size_t(i)];
            }
            d_w[i * (inputs + 1) + inputs] += d_z[size_t(i)];
        }
        for (int j = 0; l > 0 && j < inputs; j++) {
            const double v = a[l][size_t(j)];
            below[size_t(j)] *= c.hidden == SIGMOID ? v * (1 - v) : c.hidden == TANH ? 1 - v * v : z[l][size_t(j)] > 0;
        }
        d_z = below;
    }
    return loss;
}

// Packed images and a job over a case, on one engine.
struct Bench {
    const Engine *engine;
    const Case &c;
    int32_t parts;
    std::vector<Pair> pairs;
    std::vector<Span> spans;
    std::vector<Cut> cuts;
    std::vector<uint32_t> order;
    std::vector<float> losses;
    Job job = {};
    Memory memory{nullptr, &std::free};

    Bench(const Engine *e, const Case &a_case, Rule rule, int32_t p, Distortion distortion = {}) : engine(e), c(a_case), parts(p) {
        pairs.resize(engine->room(c.images.data(), c.count, c.sizes[0]));
        spans.resize(size_t(c.count));
        cuts.resize(size_t(c.count) * (BANDS - 1));
        job.images = {c.count, c.sizes[0], {}, pairs.data(), spans.data(), cuts.data()};
        engine->choose_bands(c.images.data(), c.count, &job.images);
        engine->pack(c.images.data(), &job.images, 0, c.count, 0);
        job.network.layers = int32_t(c.sizes.size()) - 1;
        job.network.hidden = c.hidden, job.network.loss = c.loss;
        job.rule = rule, job.distortion = distortion, job.seed = 5;
        job.labels = c.labels.data(), job.visits = c.count;
        order.resize(size_t(c.count));
        losses.resize(size_t(c.count));
        engine->order(3, 0, c.count, order.data());
        job.order = order.data(), job.losses = losses.data();
        memory = lend(engine->arrange_job(&job, c.sizes.data(), parts, nullptr));
        engine->arrange_job(&job, c.sizes.data(), parts, memory.get());
        engine->to_panels(c.weights.data(), &job.network, W);
        const std::vector<float> zeros(c.weights.size());
        if (rule.optimizer == ADAM || rule.optimizer == GRADIENT) engine->to_panels(zeros.data(), &job.network, M);
        if (rule.optimizer == ADAM || rule.optimizer == MOMENTUM) engine->to_panels(zeros.data(), &job.network, V_MEMORY);
        if (rule.average) engine->to_panels(c.weights.data(), &job.network, AVERAGE);
    }
    int64_t batches() const { return (c.count + job.rule.batch_size - 1) / job.rule.batch_size; }
    void epoch() {
        for (int64_t b = 0; b < batches(); b++) {
            for (int32_t part = parts; part-- > 0;) engine->sum_panels(&job, b, part, parts);
            for (int32_t part = parts; part-- > 0;) engine->examine(&job, b, part, parts);  // any order will do
            for (int32_t part = parts; part-- > 0;) engine->improve(&job, b, part, parts);
        }
        job.update += batches();
    }
    std::vector<float> read(Which which) const {
        std::vector<float> weights(c.weights.size());
        engine->from_panels(&job.network, which, weights.data());
        return weights;
    }
};

static std::vector<Case> cases() {
    std::vector<Case> all;
    unsigned seed = 0;
    for (Activation hidden : {SIGMOID, TANH, RELU})
        for (Loss loss : {SQUARED_ERROR, BINARY_CROSS_ENTROPY, CROSS_ENTROPY})
            for (auto sizes : std::vector<std::vector<int32_t>>{{784, 14, 10}, {30, 17, 16, 33, 3}, {600, 2}, {1, 1}, {9, 5, 40}})
                all.push_back(random_case(sizes, hidden, loss, 23, ++seed));
    all.push_back(random_case({100, 230, 10}, SIGMOID, SQUARED_ERROR, 23, ++seed));  // fifteen panels: 8, 4, 2 and 1 abreast
    return all;
}

// Outputs within c·n·ε·Σ|w·a|, gradients within 1e-4 of each matrix's largest entry, losses with them.
static void test_agreement(const Engine *engine) {
    for (const Case &c : cases()) {
        Bench bench(engine, c, {GRADIENT, CONSTANT, 1, 0, 0, 1, 0, c.count}, 3);
        bench.epoch();
        const Doubles weights(c.weights.begin(), c.weights.end());
        Doubles gradient(weights.size(), 0.0), outputs;
        double loss = 0;
        std::vector<float> a(size_t(c.count * c.sizes.back()));
        for (int64_t i = 0; i < c.count; i++) loss += plain(c, weights, i, &outputs, &gradient) / double(c.count);
        const std::string where = std::string(engine->name) + ", " + c.name, gradients = where + ": gradient";
        check_close(bench.losses[0], loss, 2e-5 * (1 + loss), where + ": loss");
        const std::vector<float> got = bench.read(M);
        size_t k = 0;
        for (size_t l = 0; l + 1 < c.sizes.size(); l++) {
            const size_t end = k + size_t((c.sizes[l] + 1) * c.sizes[l + 1]);
            double largest = 0;
            for (size_t g = k; g < end; g++) largest = std::max(largest, std::abs(gradient[g]) / double(c.count));
            for (; k < end; k++)
                check_close(got[k], gradient[k] / double(c.count), 1e-4 * largest + 1e-12, gradients, k);
        }
        check(bench.read(W) == c.weights, where + ": the weights stay where only the gradient is asked for");
    }
}

// Packed, bytes and floats give the same bits, and those are the definition's numbers.
static void test_forward(const Engine *engine) {
    for (const Case &c : cases()) {
        Bench bench(engine, c, {GRADIENT, CONSTANT, 1, 0, 0, 1, 0, c.count}, 1);
        Network<float> network = bench.job.network;
        network.images = 32;
        Memory memory = lend(engine->arrange_forward(&network, c.sizes.data(), nullptr));
        engine->arrange_forward(&network, c.sizes.data(), memory.get());
        engine->to_panels(c.weights.data(), &network, W);
        const Layer<float> &top = network.layer[network.layers - 1];
        auto outputs = [&] {
            std::vector<float> all;
            for (int64_t i = 0; i < c.count; i++)
                for (int64_t k = 0; k < top.neurons; k++) all.push_back(top.a[(k / 16 * 32 + i) * 16 + k % 16]);
            return all;
        };
        engine->forward_packed(&network, &bench.job.images, nullptr, 0, c.count, false);
        const std::vector<float> packed = outputs();
        engine->forward_bytes(&network, c.images.data(), c.count, false);
        const std::vector<float> bytes = outputs();
        std::vector<float> pixels;
        for (uint8_t byte : c.images) pixels.push_back(float(byte) / 255.0f);
        engine->forward_floats(&network, pixels.data(), c.count, false);
        const std::vector<float> floats = outputs();
        const std::string where = std::string(engine->name) + ", " + c.name, output = where + ": output";
        check(packed == bytes, where + ": packed images and bytes give the same bits");
        check(packed == floats, where + ": packed images and floats give the same bits");
        const Doubles weights(c.weights.begin(), c.weights.end());
        for (int64_t i = 0; i < c.count; i++) {
            Doubles expected;
            plain(c, weights, i, &expected, nullptr);
            for (size_t k = 0; k < expected.size(); k++)
                check_close(packed[size_t(i) * expected.size() + k], expected[k], 3e-5, output, k);
        }
    }
}

// The steps of one image: their number, the definition's loss and gradient in float64, the same bits for every engine.
static void test_steps() {
    for (const Case &c : cases()) {
        const int32_t layers = int32_t(c.sizes.size()) - 1;
        const Doubles weights(c.weights.begin(), c.weights.end());
        Doubles gradient(weights.size(), 0.0), first;
        const double loss = plain(c, weights, 0, nullptr, &gradient);
        for (const Engine *engine : engines()) {
            const std::string where = std::string(engine->name) + ", steps of " + c.name, gradients = where + ": gradient";
            const size_t count = size_t(engine->tracer64.count(c.sizes.data(), layers, c.loss, true));
            const size_t before = size_t(engine->tracer64.count(c.sizes.data(), layers, c.loss, false)) + 3 * size_t(c.sizes.back());
            Doubles values(count + 1, 77.0);
            Memory memory = lend(engine->tracer64.bytes(c.sizes.data(), layers));
            engine->tracer64.steps(c.sizes.data(), layers, c.hidden, c.loss, weights.data(), c.images.data(), nullptr,
                                   c.labels[0], memory.get(), values.data());
            check(values[count] == 77.0 && values[count - 1] != 77.0, where + ": as many values as were announced");
            check_close(values[before], loss, 1e-12 * (1 + loss), where + ": loss");
            const size_t last = size_t((c.sizes[0] + 1) * c.sizes[1]);  // d_w1 comes last
            for (size_t k = 0; k < last; k++)
                check_close(values[count - last + k], gradient[k], 1e-12, gradients, k);
            if (first.empty()) first = values;
            check(values == first, where + ": the same bits");
        }
    }
}

// The same weights for every engine and every number of parts, after two epochs; distortion off unless given.
static void check_bits(const Case &c, const Rule &rule, Distortion distortion = {}) {
    std::vector<float> weights, average, losses;
    for (const Engine *engine : engines())
        for (int32_t parts : {1, 2, 3, 19}) {
            Bench bench(engine, c, rule, parts, distortion);
            bench.epoch(), bench.epoch();
            const std::string where = std::string(engine->name) + " in " + std::to_string(parts) + " parts, " + c.name + ", rule " +
                                      std::to_string(rule.optimizer) + ", batches of " + std::to_string(rule.batch_size);
            if (weights.empty()) {
                weights = bench.read(W), losses = bench.losses;
                if (rule.average) average = bench.read(AVERAGE);
                check(weights != c.weights && std::isfinite(weights[0]), where + ": something is learned");
            }
            check(bench.read(W) == weights, where + ": the same weights");
            check(bench.losses == losses || std::isnan(losses.back()), where + ": the same losses");
            if (rule.average) check(bench.read(AVERAGE) == average, where + ": the same average");
        }
}
static void test_bits() {
    Case c = random_case({784, 30, 20, 10}, SIGMOID, SQUARED_ERROR, 230, 99);
    for (size_t k = 0; k < c.images.size(); k++) {  // every third image has paper around it, and can be moved as it is
        const size_t row = k % 784 / 28, column = k % 28;
        if (k / 784 % 3 == 0 && (row < 2 || row > 25 || column < 2 || column > 25)) c.images[k] = 0;
    }
    for (Optimizer optimizer : {SGD, MOMENTUM, ADAM})
        for (int64_t batch_size : {1, 7, 100, 230})
            for (Distortion distortion : {Distortion{}, Distortion{0, 0, 0, 2, 0, 0}, Distortion{8, 0.08, 0.1, 0.7, 0, 0},
                                          Distortion{8, 0.08, 0.1, 0.7, 4, 4}})
                check_bits(c, {optimizer, COSINE, optimizer == ADAM ? 0.01 : 0.5, 0.9, 3, 3000 / batch_size, batch_size == 1 ? 0 : 9, batch_size},
                           distortion);
    const Case wide = random_case({784, 230, 10}, SIGMOID, SQUARED_ERROR, 60, 98);
    for (int64_t batch_size : {1, 7, 60})
        check_bits(wide, {batch_size == 1 ? SGD : MOMENTUM, CONSTANT, 0.1, 0.9, 0, 1000, 0, batch_size});
}

// Plain SGD, update by update, against the definition: w − rate · gradient, with its last, smaller batch.
static void test_update() {
    const Case c = random_case({40, 6, 4}, TANH, CROSS_ENTROPY, 25, 7);
    for (int64_t batch_size : {1, 8, 10}) {  // 25 images: with 8, the last batch is a single one
        Bench bench(engines()[0], c, {SGD, CONSTANT, 0.3, 0, 0, 100, 0, batch_size}, 2);
        bench.epoch();
        Doubles weights(c.weights.begin(), c.weights.end());
        for (int64_t first = 0; first < c.count; first += batch_size) {
            const int64_t count = std::min(batch_size, c.count - first);
            Doubles gradient(weights.size(), 0.0);
            for (int64_t i = first; i < first + count; i++) plain(c, weights, bench.order[size_t(i)], nullptr, &gradient);
            for (size_t k = 0; k < weights.size(); k++) weights[k] -= 0.3 * gradient[k] / double(count);
        }
        const std::vector<float> got = bench.read(W);
        for (size_t k = 0; k < weights.size(); k++) check_close(got[k], weights[k], 1e-5, "sgd: weight", k);
    }
}

int main(int count, char **arguments) {
    if (count > 1) points = std::atoi(arguments[1]);
    test_functions<float>();
    test_functions<double>();
    test_single_numbers();
    test_random();
    for (const Engine *engine : engines()) test_agreement(engine), test_forward(engine);
    test_update();
    test_steps();
    test_bits();
    return report();
}
