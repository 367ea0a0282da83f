// Bytes that somebody chose, handed out as numbers; where they end, chance goes on from what they were. Also memory in
// blocks of exactly the size asked for, so that a sanitizer sees the first byte outside. It knows nothing of the engine.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

[[noreturn]] inline void fail(const char *what) {
    std::fprintf(stderr, "FAILED: %s\n", what);
    std::abort();
}
inline void must(bool good, const char *what) {
    if (!good) fail(what);
}

class Bytes {
  public:
    Bytes(const uint8_t *data, size_t size) : at_(data), end_(data + size), state_(size) {
        for (size_t k = 0; k < size; k++) state_ = (state_ ^ data[k]) * 0x100000001B3;
    }
    uint8_t byte() { return at_ < end_ ? *at_++ : uint8_t(chance() >> 56); }
    // low … high, both included
    int64_t whole(int64_t low, int64_t high) {
        uint64_t x = 0;
        for (uint64_t span = uint64_t(high - low); span; span >>= 8) x = x << 8 | byte();
        return low + int64_t(x % (uint64_t(high - low) + 1));
    }
    template <class T> T one_of(std::initializer_list<T> all) { return all.begin()[whole(0, int64_t(all.size()) - 1)]; }
    bool coin() { return byte() & 1; }
    double real(double low, double high) { return low + (high - low) * double(whole(0, 65535)) / 65535; }
    uint64_t word() {
        uint64_t x = 0;
        for (int k = 0; k < 8; k++) x = x << 8 | byte();
        return x;
    }
    // Much of something comes from chance alone, so that short inputs reach far (splitmix64).
    uint64_t chance() {
        uint64_t z = state_ += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

  private:
    const uint8_t *at_, *end_;
    uint64_t state_;
};

// Blocks at multiples of 64, full of 0xFF: as float32 no number, wherever something is read before it was written.
class Lender {
  public:
    void *bytes(uint64_t size) {
        void *memory = nullptr;
        if (posix_memalign(&memory, 64, size ? size : 1)) fail("out of memory");
        std::memset(memory, 0xFF, size);
        blocks_.emplace_back(memory, &std::free);
        return memory;
    }
    template <class T> T *take(uint64_t count) { return static_cast<T *>(bytes(count * sizeof(T))); }

  private:
    std::vector<std::unique_ptr<void, decltype(&std::free)>> blocks_;
};
