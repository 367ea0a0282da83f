// Memory is the caller's: a Space cuts it into arrays, each at a multiple of 64 bytes. Without memory it only counts.
#pragma once
#include <stdint.h>

#include "numbers.hpp"

namespace glassnet::GLASSNET_ISA {

struct Space {
    char *memory;
    uint64_t used = 0;
    template <class T> T *take(uint64_t count) {
        T *here = memory ? (T *)(memory + used) : nullptr;
        used += (count * sizeof(T) + 63) / 64 * 64;
        return here;
    }
};

}  // namespace glassnet::GLASSNET_ISA
