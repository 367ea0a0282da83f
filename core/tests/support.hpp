// What the programs that test the core share: counting checks, the engines that run here, and memory to lend them.
#pragma once
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "../engine.hpp"

namespace glassnet {
extern const Engine engine_baseline, engine_avx2, engine_avx512, engine_neon;
}
using glassnet::Engine;

static int failures = 0, checks = 0;
static void check(bool good, const std::string &what) {
    checks++;
    if (!good && ++failures <= 20) std::printf("FAILED: %s\n", what.c_str());
}
static void check_close(double got, double expected, double tolerance, const std::string &where, size_t number = 0) {
    checks++;
    if (!(std::abs(got - expected) <= tolerance) && ++failures <= 20)
        std::printf("FAILED: %s [%zu]: got %.9g, expected %.9g\n", where.c_str(), number, got, expected);
}
static int report() {
    std::printf("%d checks, %d failed\n", checks, failures);
    return failures ? 1 : 0;
}

static std::vector<const Engine *> engines() {
    using namespace glassnet;
    std::vector<const Engine *> all;
#if defined(__x86_64__)
    all.push_back(&engine_baseline);
    if (__builtin_cpu_supports("avx2")) all.push_back(&engine_avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq"))
        all.push_back(&engine_avx512);
    else std::printf("skipped: avx512, which this processor lacks\n");
#else
    all.push_back(&engine_neon);
#endif
    return all;
}

using Memory = std::unique_ptr<void, decltype(&std::free)>;
static Memory lend(uint64_t bytes) {
    Memory memory(std::aligned_alloc(64, (bytes + 63) / 64 * 64), &std::free);
    std::memset(memory.get(), 0xFF, bytes);  // NaN wherever the core should write before it reads
    return memory;
}
