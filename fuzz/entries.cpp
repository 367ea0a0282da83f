// Every entry of the engine's table with whatever bytes come, inside the borders that the shells guard: sizes that fit
// each other, labels and order within bounds. What must hold for all of them is asserted: no byte outside, no undefined
// behavior (the sanitizers see to both), and the same bits from every instruction set, kind of image and number of parts.
//
// LLVMFuzzerTestOneInput is what libFuzzer calls, and driver.cpp where there is none. What the weights become is not
// judged here: core/tests/ knows the right numbers.
#include "cases.hpp"

void try_browser(Bytes &bytes);  // browser.cpp

// The engine lays a network's arrays out one behind the other; each in a block of its own shows who leaves it.
template <class T> static void scatter(Lender &lender, Network<T> *network) {
    Layer<T> *layers = lender.take<Layer<T>>(uint64_t(network->layers));
    std::memcpy(layers, network->layer, size_t(network->layers) * sizeof(Layer<T>));
    network->layer = layers;
    for (Layer<T> *l = layers; l < layers + network->layers; l++) {
        const uint64_t weights = uint64_t(panels(l->neurons)) * uint64_t(l->inputs + 1) * 16;
        const uint64_t values = uint64_t(panels(l->neurons)) * uint64_t(network->images) * 16;
        for (T **array : {&l->w, &l->m, &l->v, &l->average})
            if (*array) *array = lender.take<T>(weights);
        for (T **array : {&l->a, &l->d_z})
            if (*array) *array = lender.take<T>(values);
        if (l->back) l->back = lender.take<T>(uint64_t(panels(l->inputs)) * uint64_t(l->neurons) * 16);
    }
}

// ---- the entries ------------------------------------------------------------------------------------------------

static void try_chance(Bytes &bytes) {
    const uint64_t seed = bytes.word(), epoch = bytes.word();
    std::vector<uint32_t> order(size_t(bytes.whole(0, 300))), first;
    const std::vector<int32_t> sizes{int32_t(bytes.whole(1, 40)), int32_t(bytes.whole(1, 20)), int32_t(bytes.whole(1, 20))};
    const bool sigmoid = bytes.coin();
    const int64_t updates = bytes.whole(1, 1 << 30), update = bytes.whole(1, updates);
    const Rule rule{SGD, bytes.one_of({CONSTANT, COSINE}), bytes.real(0, 1000), 0, bytes.real(0, double(updates) * 1.01), updates, 0, 1};
    Floats first_weights;
    double first_rate = -1;
    for (const Engine *engine : all()) {
        engine->order(seed, epoch, int64_t(order.size()), order.data());
        std::vector<bool> seen(order.size());
        for (uint32_t i : order) must(i < order.size() && !seen[i], "order: each image once"), seen[i] = true;
        if (first.empty()) first = order;
        must(order == first, "order: the same bits");

        Floats w(size_t((sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[2]));
        engine->initial_weights(sizes.data(), 2, sigmoid, seed, w.data());
        if (first_weights.empty()) first_weights = w;
        must(w == first_weights, "initial weights: the same numbers");
        must(engine->all_finite(w.data(), int64_t(w.size())), "initial weights: finite");

        const double rate = engine->learning_rate(&rule, update);
        if (first_rate < 0) first_rate = rate;
        must(rate == first_rate && 0 <= rate && rate <= rule.learning_rate, "learning rate: from 0 to the recipe's");
    }
}

static void try_packing(Bytes &bytes) {
    const Case c = some_case(bytes);
    const Engine *engine = any(bytes);
    Lender lender;
    const int32_t pixels = c.sizes[0];
    const Packed packed = packed_by(engine, lender, c.images.data(), c.count, pixels);
    must(packed.band[0] == 0 && packed.band[BANDS] == pixels, "bands: all pixels");
    for (int b = 0; b < BANDS; b++) must(packed.band[b] <= packed.band[b + 1], "bands: in order");
    for (int64_t i = 0; i < c.count; i++) {
        std::vector<uint8_t> again(size_t(pixels), 0);
        int64_t p = 0;
        for (uint64_t k = 0; k < packed.span[i].count; k++) {
            const Pair pair = packed.pair[packed.span[i].first + k];
            p += pair.gap;
            must(p < pixels, "packed: within the image");
            again[size_t(p)] = pair.value;
        }
        must(std::memcmp(again.data(), c.images.data() + i * pixels, size_t(pixels)) == 0, "packed: the same image");
    }
    Packed pieces = packed;  // in two pieces as in one
    const uint64_t room = engine->room(c.images.data(), c.count, pixels);
    pieces.pair = lender.take<Pair>(room), pieces.span = lender.take<Span>(uint64_t(c.count));
    pieces.cut = lender.take<Cut>(uint64_t(c.count) * (BANDS - 1));
    const int64_t middle = bytes.whole(0, c.count);
    const uint64_t next = engine->pack(c.images.data(), &pieces, 0, middle, 0);
    const uint64_t end = engine->pack(c.images.data(), &pieces, middle, c.count, next);
    must(end <= room && std::memcmp(pieces.pair, packed.pair, end * sizeof(Pair)) == 0, "packed: in pieces as in one");
}

static void try_distortion(Bytes &bytes) {
    const int64_t side = bytes.whole(1, 40), count = bytes.whole(1, 40);
    const std::vector<uint8_t> images = some_images(bytes, count, side * side);
    const double far = bytes.one_of({0.0, 0.7, 30.0, 1e6});
    Distortion most{bytes.real(0, 45), bytes.real(0, 0.9), bytes.real(0, 1), bytes.real(0, far), bytes.coin() ? bytes.real(0, far) : 0,
                    bytes.real(0.5, 40)};
    if (bytes.coin()) most.rotation = 0;
    const uint64_t seed = bytes.word(), update = bytes.word();
    std::vector<uint8_t> first;
    for (const Engine *engine : all()) {
        Lender lender;
        std::vector<uint8_t> changed(images.size());
        engine->distort(images.data(), count, int32_t(side * side), &most, seed, update,
                        lender.bytes(engine->distort_room(int32_t(side * side), &most)), changed.data());
        if (first.empty()) first = changed;
        must(changed == first, "distortion: the same bits");
    }
}

static void try_frame(Bytes &bytes) {
    int32_t height = int32_t(bytes.whole(0, 60)), width = int32_t(bytes.whole(0, 60));
    if (bytes.byte() == 255) height = 1 + height * 50;
    if (bytes.byte() == 255) width = 1 + width * 50;
    std::vector<uint8_t> ink(size_t(height) * size_t(width));
    if (!ink.empty()) ink = some_images(bytes, height, width);
    if (bytes.coin())
        for (uint8_t &byte : ink) byte = byte ? 1 : 0;
    std::vector<uint8_t> first;
    for (const Engine *engine : all()) {
        Lender lender;
        std::vector<uint8_t> framed(28 * 28, 77);
        const bool found = engine->frame(ink.data(), height, width, static_cast<float *>(lender.bytes(engine->frame_room(height, width))), framed.data());
        bool inked = false;
        for (uint8_t byte : framed) inked |= byte != 0;
        must(found == inked, "frame: what is found is seen");
        if (first.empty()) first = framed;
        must(framed == first, "frame: the same bits");
    }
}

static void try_layout(Bytes &bytes) {
    const Case c = some_case(bytes);
    const Engine *engine = any(bytes);
    Lender lender;
    Network<float> network = c.network(1);
    engine->arrange_forward(&network, c.sizes.data(), lender.bytes(engine->arrange_forward(&network, c.sizes.data(), nullptr)));
    scatter(lender, &network);
    engine->to_panels(c.w.data(), &network, W);
    Floats again(c.w.size());
    engine->from_panels(&network, W, again.data());
    must(std::memcmp(again.data(), c.w.data(), c.w.size() * sizeof(float)) == 0, "layout: there and back");
    must(engine->all_finite(c.w.data(), c.weights) == c.finite, "all finite: as one by one");
}

// Outputs (count, outputs) of a network whose last layer has just been computed.
static Floats outputs_of(const Network<float> &network, int64_t count) {
    const Layer<float> &top = network.layer[network.layers - 1];
    Floats outputs;
    for (int64_t i = 0; i < count; i++)
        for (int64_t k = 0; k < top.neurons; k++) outputs.push_back(top.a[(k / 16 * network.images + i) * 16 + k % 16]);
    return outputs;
}
static void try_forward(Bytes &bytes) {
    const Case c = some_case(bytes);
    const int64_t pixels = c.sizes[0], spare = bytes.whole(0, 3);
    Floats first, first_losses, floats;
    for (uint8_t byte : c.images) floats.push_back(float(byte) / 255.0f);
    for (const Engine *engine : all()) {
        Lender lender;
        Network<float> network = c.network(c.count + spare);
        engine->arrange_forward(&network, c.sizes.data(), lender.bytes(engine->arrange_forward(&network, c.sizes.data(), nullptr)));
        scatter(lender, &network);
        engine->to_panels(c.w.data(), &network, W);
        engine->forward_bytes(&network, c.images.data(), c.count, false);
        const Floats outputs = outputs_of(network, c.count);
        if (first.empty()) first = outputs;
        must(same(outputs, first), "forward: the same bits from every instruction set");

        engine->forward_bytes(&network, c.images.data(), c.count, true);
        Floats losses(size_t(c.count));
        engine->losses(&network, c.labels.data(), c.count, losses.data());
        must(same(outputs_of(network, c.count), outputs), "losses: they leave the outputs behind");
        if (first_losses.empty()) first_losses = losses;
        must(same(losses, first_losses), "losses: the same bits");

        const Packed packed = packed_by(engine, lender, c.images.data(), c.count, int32_t(pixels));
        engine->forward_packed(&network, &packed, nullptr, 0, c.count, false);
        must(!c.finite || same(outputs_of(network, c.count), outputs), "forward: packed images as bytes");
        const int64_t visits = std::min<int64_t>(int64_t(c.order.size()), c.count);
        engine->forward_packed(&network, &packed, c.order.data(), 0, visits, bytes.coin());
        engine->forward_floats(&network, floats.data(), c.count, false);
        must(!c.finite || same(outputs_of(network, c.count), outputs), "forward: floats as bytes");

        std::vector<const float *> matrices{c.w.data()};
        int64_t most = pixels;
        for (size_t l = 1; l < c.sizes.size(); l++) {
            matrices.push_back(matrices.back() + int64_t(c.sizes[l - 1] + 1) * c.sizes[l]);
            most = std::max<int64_t>(most, c.sizes[l]);
        }
        float *room = lender.take<float>(uint64_t(room_for_one(most)));
        for (int64_t i = 0; i < c.count; i++) {
            Floats one(size_t(c.outputs()), -1), all_of_it(outputs.begin() + i * c.outputs(), outputs.begin() + (i + 1) * c.outputs());
            const bool finite = engine->forward_one(&network, matrices.data(), c.images.data() + i * pixels, nullptr, room, one.data());
            must(finite == c.finite, "forward: finite weights are called so");
            must(!c.finite || same(one, all_of_it), "forward: one image as many");
            engine->forward_one(&network, matrices.data(), nullptr, floats.data() + i * pixels, room, one.data());
            must(!c.finite || same(one, all_of_it), "forward: one image of floats as many");
        }
    }
}

// A job on one engine, in so many parts, one after the other in any order; all it leaves behind, end to end.
static Floats trained(const Engine *engine, const Case &c, Job job, const std::vector<Which> &arrays, int32_t parts, bool backwards) {
    Lender lender;
    job.network = c.network(0);
    job.images = packed_by(engine, lender, c.images.data(), c.count, c.sizes[0]);
    engine->arrange_job(&job, c.sizes.data(), parts, lender.bytes(engine->arrange_job(&job, c.sizes.data(), parts, nullptr)));
    scatter(lender, &job.network);
    const uint64_t batch = uint64_t(job.rule.batch_size), pixels = uint64_t(c.sizes[0]);
    job.image_losses = lender.take<float>(batch);
    job.rows = lender.take<float>(uint64_t(parts) * uint64_t(job.row_floats));
    if (job.studio) {
        job.studio = lender.take<char>(uint64_t(parts) * uint64_t(job.studio_bytes));
        job.changed.pair = lender.take<Pair>(batch * (pixels + pixels / 255 + 1));
        job.changed.span = lender.take<Span>(batch);
        job.changed.cut = lender.take<Cut>(batch * (BANDS - 1));
    }
    Floats losses((c.order.size() + batch - 1) / batch, -1);
    job.labels = c.labels.data(), job.order = c.order.data(), job.visits = int64_t(c.order.size()), job.losses = losses.data();
    const Floats zeros(c.w.size());
    for (Which which : arrays) engine->to_panels(which == W || which == AVERAGE ? c.w.data() : zeros.data(), &job.network, which);
    for (int64_t b = 0; b < int64_t(losses.size()); b++) {
        for (int32_t p = 0; p < parts; p++) engine->sum_panels(&job, b, backwards ? parts - 1 - p : p, parts);
        for (int32_t p = 0; p < parts; p++) engine->examine(&job, b, backwards ? parts - 1 - p : p, parts);
        for (int32_t p = 0; p < parts; p++) engine->improve(&job, b, backwards ? parts - 1 - p : p, parts);
        if (!std::isfinite(losses[size_t(b)])) break;  // here the shells stop
    }
    Floats left = losses;
    for (Which which : arrays) {
        left.resize(left.size() + c.w.size());
        engine->from_panels(&job.network, which, left.data() + left.size() - c.w.size());
    }
    return left;
}
static void try_training(Bytes &bytes) {
    const bool square = bytes.coin();
    const Case c = some_case(bytes, square);
    Job job = {};
    job.seed = bytes.word(), job.update = bytes.whole(0, 1 << 30);
    const Optimizer optimizer = bytes.one_of({SGD, SGD, MOMENTUM, ADAM, GRADIENT});
    job.rule = {optimizer, bytes.one_of({CONSTANT, COSINE}), bytes.real(0, 3), bytes.real(0, 1), bytes.real(0, 50),
                job.update + bytes.whole(1, 100), bytes.coin() ? bytes.whole(1, 1000) : 0, bytes.whole(1, c.count)};
    if (square && bytes.coin()) job.distortion = {bytes.real(0, 45), bytes.real(0, 0.9), bytes.real(0, 1), bytes.real(0, 30), bytes.real(0, 30), bytes.real(0.5, 9)};
    std::vector<Which> arrays{W};
    if (optimizer == ADAM || optimizer == GRADIENT) arrays.push_back(M);
    if (optimizer == ADAM || optimizer == MOMENTUM) arrays.push_back(V_MEMORY);
    if (job.rule.average) arrays.push_back(AVERAGE);
    Floats first;
    for (const Engine *engine : all()) {
        const int32_t parts = int32_t(bytes.one_of<int64_t>({1, 2, 3, 7, 40}));
        const Floats left = trained(engine, c, job, arrays, first.empty() ? 1 : parts, bytes.coin());
        if (first.empty()) first = left;
        must(same(left, first), "training: the same bits");
    }
    must(same(trained(any(bytes), c, job, arrays, int32_t(bytes.whole(2, 20)), true), first), "training: the same bits in parts");
}

template <class T> static void try_steps(Bytes &bytes, const Tracer<T> Engine::*tracer) {
    const Case c = some_case(bytes);
    const std::vector<T> weights(c.w.begin(), c.w.end());
    std::vector<T> numbers, first;
    for (int64_t k = 0; k < c.sizes[0]; k++) numbers.push_back(T(c.images[size_t(k)]) / T(255));
    const int32_t label = bytes.coin() ? c.labels[0] : -1;
    for (const Engine *engine : all())
        for (bool from_bytes : {true, false}) {
            Lender lender;
            const Tracer<T> &trace = engine->*tracer;
            std::vector<T> values(size_t(trace.count(c.sizes.data(), c.layers(), c.loss, label >= 0)));
            void *memory = lender.bytes(trace.bytes(c.sizes.data(), c.layers()));
            trace.steps(c.sizes.data(), c.layers(), c.hidden, c.loss, weights.data(), from_bytes ? c.images.data() : nullptr,
                        numbers.data(), label, memory, values.data());
            if (first.empty()) first = values;
            must(same(values, first), "steps: the same bits");
        }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Bytes bytes(data, size);
    switch (bytes.byte() % 10) {
    case 0: try_chance(bytes); break;
    case 1: try_packing(bytes); break;
    case 2: try_distortion(bytes); break;
    case 3: try_frame(bytes); break;
    case 4: try_layout(bytes); break;
    case 5: try_forward(bytes); break;
    case 6: try_steps<float>(bytes, &Engine::tracer); break;
    case 7: try_steps<double>(bytes, &Engine::tracer64); break;
    case 8: try_browser(bytes); break;
    default: try_training(bytes); break;
    }
    return 0;
}
