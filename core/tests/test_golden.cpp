// The golden numbers in C++: every instruction set, in one part and in several, gives the bits of tests/golden/core.json.
//
//   test_golden FOLDER    the folder of the project, where the numbers and MNIST are
// tools/golden.py, which writes them, says what each of them is.
#include "support.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "json.hpp"
#include "sha256.hpp"

using namespace glassnet;
using Bytes = std::vector<uint8_t>;
using Floats = std::vector<float>;

static std::string folder;
static std::ifstream open_file(const std::string &name) {
    std::ifstream file(folder + "/" + name, std::ios::binary);
    if (!file) std::printf("cannot read %s/%s\n", folder.c_str(), name.c_str()), std::exit(1);
    return file;
}
static std::string read_file(const std::string &name) {
    std::ifstream file = open_file(name);
    return {std::istreambuf_iterator<char>(file), {}};
}
// Items first … first + count − 1 of an IDX file with a header of so many bytes, `size` bytes each.
static Bytes idx(const std::string &name, size_t header, size_t size, size_t first, size_t count) {
    std::ifstream file = open_file("src/glassnet/data/mnist/" + name);
    Bytes items(count * size);
    file.seekg(int64_t(header + first * size));
    file.read(reinterpret_cast<char *>(items.data()), int64_t(items.size()));
    return items;
}
static Bytes train_images(size_t count) { return idx("train-images-idx3-ubyte", 16, 784, 5000, count); }
static Bytes train_labels(size_t count) { return idx("train-labels-idx1-ubyte", 8, 1, 5000, count); }

static Distortion distortion_of(const Json &d) {
    if (d.is("null")) return {};
    return {d["rotation"].number(), d["scale"].number(), d["shear"].number(), d["shift"].number(),
            d["elastic"].number(), d["smoothness"].number()};
}
static Rule rule_of(const Json &r, int64_t count) {
    const Json &o = r["optimizer"];
    return {o.is("sgd") ? SGD : o.is("adam") ? ADAM : MOMENTUM, r["schedule"].is("cosine") ? COSINE : CONSTANT,
            r["learning_rate"].number(), r["momentum"].number(), r["warmup"].number(), r["updates"].whole(),
            r["average"].whole(), std::min(r["batch_size"].whole(), count)};
}
struct Shape {
    std::vector<int32_t> sizes;
    Activation hidden;
    Loss loss;
    bool sigmoid_output;
    size_t weights = 0;
    explicit Shape(const Json &j)
        : hidden(j["hidden"].is("tanh") ? TANH : j["hidden"].is("relu") ? RELU : SIGMOID),
          loss(j["loss"].is("cross_entropy") ? CROSS_ENTROPY : j["loss"].is("squared_error") ? SQUARED_ERROR : BINARY_CROSS_ENTROPY),
          sigmoid_output(j["output"].is("sigmoid")) {
        for (const auto &[_, size] : j["sizes"].members) sizes.push_back(int32_t(size.whole()));
        for (size_t l = 1; l < sizes.size(); l++) weights += size_t(sizes[l] * (sizes[l - 1] + 1));
    }
    int32_t layers() const { return int32_t(sizes.size()) - 1; }
    Floats initial(const Engine *engine, uint64_t seed) const {
        Floats w(weights);
        engine->initial_weights(sizes.data(), layers(), sigmoid_output, seed, w.data());
        return w;
    }
};

static void test_chance(const Engine *engine, const Json &golden) {
    for (const auto &[_, g] : golden["initial_weights"].members)
        check(sha256(Shape(g).initial(engine, g["seed"].seed())).substr(0, 16) == g["fingerprint"].text, "initial weights");
    for (const auto &[_, g] : golden["order"].members) {
        std::vector<uint32_t> order(size_t(g["count"].whole()));
        engine->order(g["seed"].seed(), uint64_t(g["epoch"].whole()), int64_t(order.size()), order.data());
        check(sha256(order) == g["sha256"].text, "order");
    }
    for (const auto &[_, g] : golden["learning_rate"].members) {
        const Rule rule = rule_of(g["rule"], 1 << 30);
        int64_t update = 0;
        for (const auto &[_, rate] : g["rates"].members)
            check(engine->learning_rate(&rule, ++update) == rate.number(), "learning rate");
    }
    for (const auto &[_, g] : golden["distort"].members) {
        const Bytes images = train_images(size_t(g["count"].whole()));
        const Distortion most = distortion_of(g["distortion"]);
        Bytes changed(images.size());
        const Memory room = lend(engine->distort_room(784, &most));
        engine->distort(images.data(), g["count"].whole(), 784, &most, g["seed"].seed(), uint64_t(g["update"].whole()),
                        room.get(), changed.data());
        check(sha256(changed) == g["sha256"].text, "distortion");
    }
}

static void test_frame(const Engine *engine, const Json &golden) {
    for (const auto &[_, g] : golden["frame"].members) {
        const Bytes image = idx("t10k-images-idx3-ubyte", 16, 784, size_t(g["test"].whole()), 1);
        const int64_t times = g["times"].whole(), height = g["height"].whole(), width = g["width"].whole();
        Bytes ink(size_t(height * width)), framed(784);
        for (int64_t i = 0; i < 28 * times; i++)
            for (int64_t j = 0; j < 28 * times; j++) {
                const uint8_t byte = image[size_t(i / times * 28 + j / times)];
                ink[size_t((g["top"].whole() + i) * width + g["left"].whole() + j)] =
                    g["binary"].is("true") ? (byte > 127 ? 255 : 0) : byte;
            }
        Memory room = lend(engine->frame_room(int32_t(height), int32_t(width)));
        engine->frame(ink.data(), int32_t(height), int32_t(width), static_cast<float *>(room.get()), framed.data());
        check(sha256(framed) == g["sha256"].text, "frame");
    }
}

// The packaged model's w1 and w2, which stand behind a header whose length comes first.
static Floats lecture_weights(const Json &given) {
    const std::string file = read_file("src/glassnet/models/lecture.safetensors");
    uint64_t header;
    std::memcpy(&header, file.data(), 8);
    const Json tensors = JsonReader(file.substr(8, header)).read();
    std::string bytes;
    for (const char *name : {"w1", "w2"}) {
        const auto &offsets = tensors[name]["data_offsets"].members;
        const size_t begin = size_t(offsets[0].value.whole()), end = size_t(offsets[1].value.whole());
        bytes += file.substr(8 + header + begin, end - begin);
    }
    Floats weights(bytes.size() / 4);
    std::memcpy(weights.data(), bytes.data(), bytes.size());
    check(sha256(weights).substr(0, 16) == given["fingerprint"].text, "the model that the numbers belong to");
    return weights;
}
static void test_forward(const Engine *engine, const Json &given) {
    const Shape shape(given);
    const int32_t count = int32_t(given["count"].whole());
    const Bytes images = idx("t10k-images-idx3-ubyte", 16, 784, 0, size_t(count)), labels = idx("t10k-labels-idx1-ubyte", 8, 1, 0, size_t(count));
    Network<float> network{shape.layers(), shape.hidden, shape.loss, count, nullptr};
    Memory memory = lend(engine->arrange_forward(&network, shape.sizes.data(), nullptr));
    engine->arrange_forward(&network, shape.sizes.data(), memory.get());
    engine->to_panels(lecture_weights(given).data(), &network, W);
    engine->forward_bytes(&network, images.data(), count, true);
    Floats losses(size_t(count), 0), outputs;
    engine->losses(&network, labels.data(), count, losses.data());
    for (int32_t i = 0; i < count; i++)
        for (int32_t k = 0; k < 10; k++) outputs.push_back(network.layer[1].a[i * 16 + k]);
    check(sha256(outputs) == given["outputs_sha256"].text, "outputs");
    check(sha256(losses) == given["losses_sha256"].text, "losses");
    for (size_t k = 0; k < 10; k++) check(outputs[k] == float(given["first"].members[k].value.number()), "the first image's outputs");
}

// Test image 4, every step of it.
static void test_steps(const Engine *engine, const Json &golden) {
    const Bytes image = idx("t10k-images-idx3-ubyte", 16, 784, 4, 1);
    for (const auto &[_, g] : golden["steps"].members) {
        const Shape shape(g);
        const bool labeled = !g["label"].is("null");
        const Tracer<float> &tracer = engine->tracer;
        Floats values(size_t(tracer.count(shape.sizes.data(), shape.layers(), shape.loss, labeled)));
        Memory memory = lend(tracer.bytes(shape.sizes.data(), shape.layers()));
        tracer.steps(shape.sizes.data(), shape.layers(), shape.hidden, shape.loss, shape.initial(engine, 0).data(), image.data(),
                     nullptr, labeled ? int32_t(g["label"].whole()) : -1, memory.get(), values.data());
        check(sha256(values) == g["sha256"].text, "steps");
    }
}

// A job with its images packed and its weights laid out.
struct Bench {
    const Engine *engine;
    Shape shape;
    Bytes images, labels;
    int32_t parts;
    Job job = {};
    Memory pairs{nullptr, &std::free}, memory{nullptr, &std::free};
    std::vector<Span> spans;
    std::vector<Cut> cuts;
    Floats losses;

    Bench(const Engine *an_engine, const Json &given, int64_t count, Rule rule, Distortion distortion, const Floats &weights, int32_t of)
        : engine(an_engine), shape(given), images(train_images(size_t(count))), labels(train_labels(size_t(count))), parts(of),
          spans(size_t(count)), cuts(size_t(count) * (BANDS - 1)) {
        pairs = lend(engine->room(images.data(), count, 784) * sizeof(Pair));
        job.images = {count, 784, {}, static_cast<Pair *>(pairs.get()), spans.data(), cuts.data()};
        engine->choose_bands(images.data(), count, &job.images);
        engine->pack(images.data(), &job.images, 0, count, 0);
        job.network = {shape.layers(), shape.hidden, shape.loss, 0, nullptr};
        job.rule = rule, job.distortion = distortion, job.labels = labels.data();
        memory = lend(engine->arrange_job(&job, shape.sizes.data(), parts, nullptr));
        engine->arrange_job(&job, shape.sizes.data(), parts, memory.get());
        engine->to_panels(weights.data(), &job.network, W);
        const Floats zeros(weights.size());
        if (rule.optimizer == ADAM) engine->to_panels(zeros.data(), &job.network, M);
        if (rule.optimizer == ADAM || rule.optimizer == MOMENTUM) engine->to_panels(zeros.data(), &job.network, V_MEMORY);
        if (rule.average) engine->to_panels(weights.data(), &job.network, AVERAGE);
    }
    void epoch(const std::vector<uint32_t> &order, uint64_t seed) {
        const int64_t size = job.rule.batch_size, batches = (int64_t(order.size()) + size - 1) / size;
        const size_t before = losses.size();
        losses.resize(before + size_t(batches));
        job.order = order.data(), job.visits = int64_t(order.size()), job.losses = losses.data() + before;
        job.seed = seed;
        for (int64_t b = 0; b < batches; b++) {
            for (int32_t p = 0; p < parts; p++) engine->sum_panels(&job, b, p, parts);
            for (int32_t p = 0; p < parts; p++) engine->examine(&job, b, p, parts);
            for (int32_t p = 0; p < parts; p++) engine->improve(&job, b, p, parts);
        }
        job.update += batches;
    }
    std::string sum(Which which) const {
        Floats vector(shape.weights);
        engine->from_panels(&job.network, which, vector.data());
        return sha256(vector);
    }
};

static void test_training(const Engine *engine, const Json &golden, int32_t parts) {
    const std::string where = std::string(engine->name) + " in " + std::to_string(parts) + " parts: ";
    for (const auto &[_, g] : golden["gradient"].members) {
        const int64_t count = g["count"].whole();
        Bench bench(engine, g, count, {GRADIENT, CONSTANT, 1, 0, 0, 1, 0, count}, {}, Shape(g).initial(engine, 0), parts);
        std::vector<uint32_t> all;
        for (int64_t i = 0; i < count; i++) all.push_back(uint32_t(i));
        bench.epoch(all, 0);
        check(bench.losses[0] == float(g["mean_loss"].number()), where + "mean loss");
        check(bench.sum(M) == g["sha256"].text, where + "gradient");
    }
    for (const auto &[_, g] : golden["updates"].members) {
        const int64_t count = g["count"].whole();
        const uint64_t seed = g["seed"].seed();
        const Rule rule = rule_of(g["rule"], count);
        Bench bench(engine, g, count, rule, distortion_of(g["distortion"]), Shape(g).initial(engine, seed), parts);
        for (int64_t epoch = 0; epoch < g["epochs"].whole(); epoch++) {
            std::vector<uint32_t> order(static_cast<size_t>(count));
            engine->order(seed, uint64_t(epoch), count, order.data());
            bench.epoch(order, seed);
        }
        const std::string what = where + g["rule"]["optimizer"].text + ", ";
        check(bench.job.update == g["update"].whole(), what + "updates");
        check(bench.sum(W).substr(0, 16) == g["weights"].text, what + "weights");
        check(sha256(bench.losses) == g["losses_sha256"].text, what + "losses");
        const auto &memory = g["memory"].members;
        if (rule.optimizer == ADAM) check(bench.sum(M).substr(0, 16) == memory[0].value.text, what + "m");
        if (!memory.empty()) check(bench.sum(V_MEMORY).substr(0, 16) == memory.back().value.text, what + "v");
        if (rule.average) check(bench.sum(AVERAGE).substr(0, 16) == g["average"].text, what + "average");
    }
}

int main(int count, char **arguments) {
    folder = count > 1 ? arguments[1] : ".";
    const Json golden = JsonReader(read_file("tests/golden/core.json")).read();
    for (const Engine *engine : engines()) {
        test_chance(engine, golden);
        test_frame(engine, golden);
        test_forward(engine, golden["forward"]);
        test_steps(engine, golden);
        for (int32_t parts : {1, 3}) test_training(engine, golden, parts);
    }
    return report();
}
