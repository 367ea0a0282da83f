// SHA-256 for the tests, as FIPS 180-4 has it; the core itself needs none.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

// 32 bits of the fraction of the n-th prime's square root (power 2) or cube root (power 3).
inline uint32_t root_of_prime(int n, int power) {
    int prime = 1;
    for (int found = -1; found < n;) {
        bool is_prime = ++prime > 1;
        for (int d = 2; d * d <= prime; d++) is_prime &= prime % d != 0;
        found += is_prime;
    }
    const long double root = power == 2 ? std::sqrt((long double)prime) : std::cbrt((long double)prime);
    return uint32_t((root - std::floor(root)) * 4294967296.0L);
}

inline std::string sha256(const void *data, size_t size) {
    std::vector<uint8_t> bytes(static_cast<const uint8_t *>(data), static_cast<const uint8_t *>(data) + size);
    bytes.push_back(0x80);
    while (bytes.size() % 64 != 56) bytes.push_back(0);
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(uint8_t(uint64_t(size) * 8 >> shift));

    uint32_t constant[64], state[8], w[64];
    for (int t = 0; t < 64; t++) constant[t] = root_of_prime(t, 3);
    for (int k = 0; k < 8; k++) state[k] = root_of_prime(k, 2);
    const auto turned = [](uint32_t x, int by) { return x >> by | x << (32 - by); };
    for (size_t at = 0; at < bytes.size(); at += 64) {
        for (size_t t = 0; t < 16; t++)
            w[t] = uint32_t(bytes[at + 4 * t] << 24 | bytes[at + 4 * t + 1] << 16 | bytes[at + 4 * t + 2] << 8 | bytes[at + 4 * t + 3]);
        for (int t = 16; t < 64; t++)
            w[t] = w[t - 16] + (turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ w[t - 15] >> 3) + w[t - 7] +
                   (turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ w[t - 2] >> 10);
        uint32_t v[8];  // a … h
        std::memcpy(v, state, sizeof v);
        for (int t = 0; t < 64; t++) {
            const uint32_t one = v[7] + (turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25)) +
                                 ((v[4] & v[5]) ^ (~v[4] & v[6])) + constant[t] + w[t];
            const uint32_t two = (turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22)) +
                                 ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
            std::memmove(v + 1, v, 7 * sizeof v[0]);
            v[4] += one, v[0] = one + two;
        }
        for (int k = 0; k < 8; k++) state[k] += v[k];
    }
    std::string hex;
    for (uint32_t x : state) {
        char digits[9];
        std::snprintf(digits, sizeof digits, "%08x", x);
        hex += digits;
    }
    return hex;
}
template <class T> std::string sha256(const std::vector<T> &numbers) {
    return sha256(numbers.data(), numbers.size() * sizeof(T));
}
