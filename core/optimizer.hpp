// The update rules: how a gradient changes weights. Every weight is changed for itself, so these are plain loops.
//
//   g the gradient   w the weights   v, m what the rule remembers   all (n,), one entry per weight
// The lines are the ledger's:
//   sgd       w = w − rate · g
//   momentum  v = momentum · v + g;  w = w − rate · v
//   adam      m = β₁·m + (1 − β₁)·g;  v = β₂·v + (1 − β₂)·g²;  w = w − rate · m̂ / (√v̂ + ε)
//             m̂ = m / (1 − β₁ᵘ), v̂ = v / (1 − β₂ᵘ) at update u
//   average   x̄ = x̄ + (w − x̄) / min(average, u): the plain mean at first, then a moving one
#pragma once
#include "engine.hpp"
#include "numbers.hpp"

namespace glassnet::GLASSNET_ISA {

constexpr double BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

// The rate of update 1, 2, …, rule.updates: up in a straight line, then level or down along half a cosine.
static double learning_rate(const Rule *rule, int64_t update) {
    if (double(update) <= rule->warmup) return rule->learning_rate * double(update) / rule->warmup;
    if (rule->schedule == CONSTANT) return rule->learning_rate;
    const double share = (double(update - 1) - rule->warmup) / (double(rule->updates) - rule->warmup);
    return rule->learning_rate * 0.5 * (1 + half_wave(share));
}

// What remembers a pixel that is inked once in a thousand images decays into subnormal numbers, which some processors
// handle a hundred times slower. Too small to be normal is 0.
INLINE float normal_or_zero(float x) { return __builtin_fabsf(x) < 0x1p-126f ? 0.0f : x; }

// Change n weights of `layer` from entry `from` on, by their gradient g (n,), as update number `update`.
static void apply(const Rule *rule, int64_t update, const Layer<float> *layer, int64_t from, int64_t n,
                  const float *__restrict g) {
    const auto at = [&](float *all) __attribute__((always_inline)) { return all ? all + from : all; };
    float *__restrict w = at(layer->w), *__restrict m = at(layer->m), *__restrict v = at(layer->v);
    if (rule->optimizer == GRADIENT) {
        for (int64_t k = 0; k < n; k++) m[k] = g[k];
        return;
    }
    const float rate = float(learning_rate(rule, update));
    if (rule->optimizer == SGD) {
        for (int64_t k = 0; k < n; k++) w[k] -= rate * g[k];
    } else if (rule->optimizer == MOMENTUM) {
        const float momentum = float(rule->momentum);
        for (int64_t k = 0; k < n; k++) {
            v[k] = normal_or_zero(momentum * v[k] + g[k]);
            w[k] -= rate * v[k];
        }
    } else {
        const float beta1 = float(BETA1), beta2 = float(BETA2), epsilon = float(EPSILON);
        const float fresh1 = float(1 - BETA1), fresh2 = float(1 - BETA2);
        const float step = float(double(rate) / (1 - whole_power(BETA1, update)));
        const float grown = float(1 / (1 - whole_power(BETA2, update)));
        for (int64_t k = 0; k < n; k++) {
            m[k] = normal_or_zero(beta1 * m[k] + fresh1 * g[k]);
            v[k] = normal_or_zero(beta2 * v[k] + fresh2 * (g[k] * g[k]));
            w[k] -= step * (m[k] / (__builtin_sqrtf(v[k] * grown) + epsilon));
        }
    }
    if (rule->average > 0) {
        float *__restrict average = layer->average + from;
        const float over = float(smaller(rule->average, update));
        for (int64_t k = 0; k < n; k++) average[k] += (w[k] - average[k]) / over;
    }
}

}  // namespace glassnet::GLASSNET_ISA
