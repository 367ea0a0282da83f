// Where everything lies: cuts the caller's memory into the engine's arrays, each at a multiple of 64 bytes.
//
// Called twice: with null memory it only counts the bytes to provide, then with that memory it sets the pointers.
#pragma once
#include "distort.hpp"
#include "forward.hpp"

namespace glassnet::GLASSNET_ISA {

// A network's layers for up to `images` images at a time: for forward propagation alone (no rule), or with the way back
// and what the update rule remembers.
template <class T>
static void arrange_network(Space *space, Network<T> *network, const int32_t *sizes, const Rule *rule) {
    network->layer = space->take<Layer<T>>(uint64_t(network->layers));
    for (int32_t l = 0; l < network->layers; l++) {
        Layer<T> layer = {};
        layer.inputs = sizes[l], layer.neurons = sizes[l + 1];
        const uint64_t weights = uint64_t(panels(layer.neurons)) * uint64_t(layer.inputs + 1) * SIXTEEN;
        const uint64_t values = uint64_t(panels(layer.neurons)) * uint64_t(network->images) * SIXTEEN;
        layer.w = space->take<T>(weights);
        layer.a = space->take<T>(values);
        if (rule) {
            layer.d_z = space->take<T>(values);
            if (l > 0) layer.back = space->take<T>(uint64_t(panels(layer.inputs)) * uint64_t(layer.neurons) * SIXTEEN);
            if (rule->optimizer == ADAM || rule->optimizer == GRADIENT) layer.m = space->take<T>(weights);
            if (rule->optimizer == ADAM || rule->optimizer == MOMENTUM) layer.v = space->take<T>(weights);
            if (rule->average > 0) layer.average = space->take<T>(weights);
        }
        if (space->memory) network->layer[l] = layer;
    }
}

static uint64_t arrange_forward(Network<float> *network, const int32_t *sizes, void *memory) {
    Space space{(char *)memory};
    arrange_network(&space, network, sizes, nullptr);
    return space.used;
}

// All that a job needs beside its images, labels, order and losses, for `parts` parts. The job's rule, distortion and
// its network's layers, hidden and loss are set; its network's images becomes the batch size.
static uint64_t arrange_job(Job *job, const int32_t *sizes, int32_t parts, void *memory) {
    Space space{(char *)memory};
    job->network.images = int32_t(job->rule.batch_size);
    arrange_network(&space, &job->network, sizes, &job->rule);
    int64_t rows = int64_t(sizes[0]) * smaller(ABREAST, panels(sizes[1]));
    for (int32_t l = 0; l < job->network.layers; l++) rows = larger(sizes[l], rows);
    job->row_floats = (rows + SIXTEEN) * SIXTEEN;
    job->image_losses = space.take<float>(uint64_t(job->rule.batch_size));
    job->rows = space.take<float>(uint64_t(job->row_floats) * uint64_t(parts));
    const uint64_t pixels = uint64_t(sizes[0]), batch = uint64_t(job->rule.batch_size);
    if (is_change(&job->distortion)) {
        job->changed = job->images;
        job->changed.count = int64_t(batch);
        job->changed.pair = space.take<Pair>(batch * most_pairs(int32_t(pixels)));
        job->changed.span = space.take<Span>(batch);
        job->changed.cut = space.take<Cut>(batch * (BANDS - 1));
        job->studio_bytes = int64_t(distort_room(int32_t(pixels), &job->distortion));
        job->studio = space.take<char>(uint64_t(job->studio_bytes) * uint64_t(parts));
    }
    return space.used;
}

}  // namespace glassnet::GLASSNET_ISA
