// Calls LLVMFuzzerTestOneInput where there is no libFuzzer: the same inputs on every machine, from short to long.
//
//   fuzz FIRST COUNT     inputs FIRST, FIRST + 1, …; after a failure the number of the input that did it is named
//   fuzz FILE            an input that libFuzzer has kept
#include "bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern "C" void __sanitizer_set_death_callback(void (*)()) __attribute__((weak));

static long number = -1;
static void name_it() { std::fprintf(stderr, "this was input %ld: fuzz %ld 1 repeats it\n", number, number); }

static void one(long n) {
    number = n;
    uint8_t name[8];
    std::memcpy(name, &n, sizeof name);
    Bytes chance(name, sizeof name);
    std::vector<uint8_t> input(size_t(chance.chance() % 64));
    for (uint8_t &byte : input) byte = uint8_t(chance.chance());
    LLVMFuzzerTestOneInput(input.data(), input.size());
}

int main(int count, char **arguments) {
    if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(name_it);
    if (count == 3) {
        const long first = std::atol(arguments[1]), inputs = std::atol(arguments[2]);
        for (long n = first; n < first + inputs; n++) one(n);
        return std::printf("inputs %ld to %ld: 0 failed\n", first, first + inputs - 1), 0;
    }
    std::FILE *file = count == 2 ? std::fopen(arguments[1], "rb") : nullptr;
    must(file, "expected FIRST COUNT, or a file that is there");
    std::vector<uint8_t> input(1 << 20);
    input.resize(std::fread(input.data(), 1, input.size(), file));
    std::fclose(file);
    return LLVMFuzzerTestOneInput(input.data(), input.size());
}
