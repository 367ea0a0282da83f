// What this machine could do at best, for the hot loops: multiply-adds without contraction, and bytes read. No network.
//
//   flags as the core's; prints JSON: products (16-lane multiplications, each with its addition, a second, from
//   registers), rows (64-byte rows a second: loaded, added to and stored again, in a first-level cache), and bytes a
//   second read from 17 MB and from 172 MB: packed images, and the same as float32
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#if defined(__AVX512F__)
constexpr int BYTES = 64;
#elif defined(__AVX2__)
constexpr int BYTES = 32;
#else
constexpr int BYTES = 16;
#endif
typedef float V __attribute__((vector_size(BYTES)));
typedef uint64_t U __attribute__((vector_size(BYTES)));
constexpr int CHAINS = 12;

static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
static double products() {
    V sum[CHAINS] = {}, factor = V{} + 0.999f;
    const int64_t turns = 20000000;
    const double began = now();
    for (int64_t k = 0; k < turns; k++) {
#pragma GCC unroll 12
        for (int c = 0; c < CHAINS; c++) {
            sum[c] = sum[c] + factor * factor;
            asm volatile("" : "+x"(sum[c]), "+x"(factor));  // neither moved out of the loop nor left out
        }
    }
    return double(turns) * CHAINS * (BYTES / 64.0) / (now() - began);
}
static double rows() {
    alignas(64) static float memory[256 * 16];
    V factor = V{} + 0.5f;
    const int64_t turns = 400000;
    const double began = now();
    for (int64_t k = 0; k < turns; k++) {
        for (int r = 0; r < 256; r++)
#pragma GCC unroll 4
            for (int p = 0; p < 64 / BYTES; p++) {
                V *at = (V *)(memory + r * 16) + p;
                *at = *at + factor * factor;
                asm volatile("" : "+x"(factor)::);
            }
        asm volatile("" ::: "memory");
    }
    return double(turns) * 256 / (now() - began);
}
static double bytes(size_t size) {
    std::vector<uint64_t> memory(size / 8, 1);
    double best = 0;
    for (int turn = 0; turn < 8; turn++) {
        U sum[4] = {};
        const double began = now();
        for (size_t k = 0; k + 4 * BYTES <= size; k += 4 * BYTES)
            for (int c = 0; c < 4; c++) {
                U some;
                std::memcpy(&some, (const char *)memory.data() + k + size_t(c) * BYTES, BYTES);
                sum[c] += some;
            }
        asm volatile("" ::"x"(sum[0]), "x"(sum[1]), "x"(sum[2]), "x"(sum[3]));
        const double rate = double(size) / (now() - began);
        best = rate > best ? rate : best;
    }
    return best;
}
int main() {
    std::printf("{\"products\": %.4g, \"rows\": %.4g, \"packed\": %.4g, \"floats\": %.4g}\n", products(), rows(),
                bytes(17 << 20), bytes(172 << 20));
}
