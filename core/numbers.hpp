// Numbers: vectors of sixteen, and every function of one number that the engine uses. It computes no network.
//
// The determinism rules live here:
//   * The only arithmetic is + − × ÷ and the square root, which IEEE 754 fixes to the last bit. Everything else (exp,
//     tanh, log, cos, …) is made of these below, and no other file, no library and no shell brings its own.
//   * No product is fused with a sum (-ffp-contract=off) and nothing is reassociated (no -ffast-math).
//   * A vector runs across neurons, never along a sum. Each neuron therefore adds its terms in one fixed order,
//     whether a register holds 4, 8 or 16 of them.
//
//   T      float, or double where finite differences are wanted
//   lane   one place of a vector; SIXTEEN lanes are one neuron each
//   V      what one register of this target holds: 4, 8 or 16 floats (half as many doubles)
//   ulp    unit in the last place: the distance to the next number
#pragma once
#include <stdint.h>

// Each instruction set compiles these files for itself, in a namespace of its own, so that no linker can mix them.
#ifndef GLASSNET_ISA
#define GLASSNET_ISA baseline
#endif
#define INLINE [[gnu::always_inline]] static inline
#define INLINE_MEMBER [[gnu::always_inline]] inline

namespace glassnet::GLASSNET_ISA {

#if defined(__AVX512F__)
constexpr int REGISTER = 64;  // bytes
#elif defined(__AVX2__)
constexpr int REGISTER = 32;
#else
constexpr int REGISTER = 16;  // SSE2, NEON, WebAssembly
#endif
constexpr int SIXTEEN = 16;

template <class T> struct Vector;
template <> struct Vector<float> {
    typedef float V __attribute__((vector_size(REGISTER)));
    typedef int32_t I __attribute__((vector_size(REGISTER)));
    static constexpr int MANTISSA = 23, BIAS = 127;
    static constexpr int32_t ONE = 0x3F800000, HALF_ROOT = 0x3F3504F3;  // the bits of 1 and of √½
    static constexpr float ROUNDER = 0x1.8p23f;  // x + ROUNDER has no room left for a fraction
    static constexpr float LN2_HIGH = 0x1.62e4p-1f, LN2_LOW = 0x1.7f7d1cp-20f;  // high × a small whole number is exact
    static constexpr float LEAST = -104, MOST = 89;  // e^x is 0 below and ∞ above
    static constexpr int EXP_TERMS = 7, LOG_TERMS = 6;
};
template <> struct Vector<double> {
    typedef double V __attribute__((vector_size(REGISTER)));
    typedef int64_t I __attribute__((vector_size(REGISTER)));
    static constexpr int MANTISSA = 52, BIAS = 1023;
    static constexpr int64_t ONE = 0x3FF0000000000000, HALF_ROOT = 0x3FE6A09E667F3BCD;
    static constexpr double ROUNDER = 0x1.8p52;
    static constexpr double LN2_HIGH = 0x1.62e42feep-1, LN2_LOW = 0x1.a39ef35793c76p-33;
    static constexpr double LEAST = -746, MOST = 710;
    static constexpr int EXP_TERMS = 13, LOG_TERMS = 12;
};
template <class T> using V = typename Vector<T>::V;
template <class T> using I = typename Vector<T>::I;

// ---- one register -----------------------------------------------------------------------------------------------

template <class T> INLINE V<T> fill(T x) { return x - V<T>{}; }  // x in every lane; x − 0 is x, to the sign of 0
template <class T> INLINE V<T> largest(V<T> a, V<T> b) { return a < b ? b : a; }  // a where either is no number

// Round to the nearest whole number, |x| < 2^22 (2^51). The sum has to be rounded to be stored in its register.
template <class T> INLINE V<T> nearest(V<T> x) { return (x + Vector<T>::ROUNDER) - Vector<T>::ROUNDER; }

// 2^n for whole n, by writing n into the exponent's bits; n + BIAS must lie in 1 … 2·BIAS.
template <class T> INLINE V<T> two_to(I<T> n) {
    return (V<T>)((n + Vector<T>::BIAS) << Vector<T>::MANTISSA);
}

// e^x = 2^n · e^r with n the nearest whole number to x / ln 2, so |r| ≤ ½ ln 2. Then e^r − 1 by its series.
template <class T> struct Power {
    V<T> below, low, high;  // e^r − 1, and 2^n as two factors, since 2^128 alone is no float32
};
template <class T> INLINE Power<T> power(V<T> x) {
    using R = Vector<T>;
    const V<T> shifted = x * T(0x1.71547652b82fep0) + R::ROUNDER;  // 1 / ln 2; the low bits of `shifted` are n
    const V<T> n = shifted - R::ROUNDER;
    const I<T> whole = (I<T>)shifted - (I<T>)fill<T>(R::ROUNDER);
    const V<T> r = (x - n * R::LN2_HIGH) - n * R::LN2_LOW;
    V<T> series = fill<T>(1);  // 1 + r/2 (1 + r/3 (1 + …)), from the inside out; the compiler unrolls it
#pragma GCC unroll 16
    for (int k = R::EXP_TERMS; k > 2; k--) series = series * r * (T(1) / T(k)) + T(1);
    const V<T> below = r + r * (r * T(0.5)) * series;
    const I<T> half = whole >> 1;
    return {below, two_to<T>(half), two_to<T>(whole - half)};
}

// e^x, 0.99 ulp off at most; 0 far below, ∞ far above, no number stays no number. (These figures are measured: the most
// found among 100 million float32 over the whole range, against float64.)
template <class T> INLINE V<T> exp(V<T> x) {
    x = x < Vector<T>::LEAST ? fill<T>(Vector<T>::LEAST) : x;
    x = x > Vector<T>::MOST ? fill<T>(Vector<T>::MOST) : x;
    const Power<T> p = power<T>(x);
    return (T(1) + p.below) * p.low * p.high;
}

// 1 / (1 + e^(−z)), 2.3 ulp off at most (measured).
template <class T> INLINE V<T> sigmoid(V<T> z) { return T(1) / (T(1) + exp<T>(-z)); }

// (e^2z − 1) / (e^2z + 1), 2.5 ulp off at most (measured): e^2z − 1 is never taken as a difference where z is near 0.
template <class T> INLINE V<T> tanh(V<T> z) {
    V<T> x = z + z;
    x = x < T(-40) ? fill<T>(-40) : x;
    x = x > T(40) ? fill<T>(40) : x;
    const Power<T> p = power<T>(x);
    const V<T> scale = p.low * p.high, above = scale * p.below + (scale - T(1));
    return above / (above + T(2));
}

// ln x for normal x > 0, 0.94 ulp off at most (measured): x = 2^n · m with m from √½ to √2;
// ln m = 2s + ⅔s³ + …, s = (m − 1) / (m + 1).
template <class T> INLINE V<T> log(V<T> x) {
    using R = Vector<T>;
    const I<T> whole = ((I<T>)x - R::HALF_ROOT) >> R::MANTISSA;
    const V<T> m = (V<T>)((I<T>)x - (whole << R::MANTISSA)), n = __builtin_convertvector(whole, V<T>);
    const V<T> f = m - T(1), s = f / (m + T(1)), square = s * s;
    V<T> series = fill<T>(T(1) / T(2 * R::LOG_TERMS + 1));
#pragma GCC unroll 16
    for (int k = R::LOG_TERMS - 1; k > 0; k--) series = series * square + T(1) / T(2 * k + 1);
    // ln m = f − (s·f − 2s³/3 − …): 2s = f − s·f, so the large part f is exact
    return n * R::LN2_HIGH + (f - (s * f - (s + s) * square * series - n * R::LN2_LOW));
}

// ln(1 + e) for e from 0 to 1, also where 1 + e rounds e away: what was lost is added again.
template <class T> INLINE V<T> log_one_plus(V<T> e) {
    const V<T> u = T(1) + e;
    return log<T>(u) + (e - (u - T(1))) / u;
}

// ---- sixteen lanes ----------------------------------------------------------------------------------------------

// One, two or four registers: a tree of halves rather than an array, which compilers keep in registers reliably.
template <class T, int N = SIXTEEN> struct Lanes {
    Lanes<T, N / 2> low, high;
};
template <class T, int N>
    requires(N * sizeof(T) == REGISTER)
struct Lanes<T, N> {
    V<T> v;
};

// f for every register of a (and of b, and c)
template <class T, int N, class F> INLINE Lanes<T, N> each(F f, Lanes<T, N> a) {
    if constexpr (N * sizeof(T) == REGISTER) return {f(a.v)};
    else return {each(f, a.low), each(f, a.high)};
}
template <class T, int N, class F> INLINE Lanes<T, N> each(F f, Lanes<T, N> a, Lanes<T, N> b) {
    if constexpr (N * sizeof(T) == REGISTER) return {f(a.v, b.v)};
    else return {each(f, a.low, b.low), each(f, a.high, b.high)};
}
template <class T, int N> INLINE Lanes<T, N> operator+(Lanes<T, N> a, Lanes<T, N> b) {
    return each([](V<T> p, V<T> q) __attribute__((always_inline)) { return p + q; }, a, b);
}
template <class T, int N> INLINE Lanes<T, N> operator-(Lanes<T, N> a, Lanes<T, N> b) {
    return each([](V<T> p, V<T> q) __attribute__((always_inline)) { return p - q; }, a, b);
}
template <class T, int N> INLINE Lanes<T, N> operator*(Lanes<T, N> a, Lanes<T, N> b) {
    return each([](V<T> p, V<T> q) __attribute__((always_inline)) { return p * q; }, a, b);
}
template <class T, int N> INLINE Lanes<T, N> operator/(Lanes<T, N> a, Lanes<T, N> b) {
    return each([](V<T> p, V<T> q) __attribute__((always_inline)) { return p / q; }, a, b);
}

template <class T, int N = SIXTEEN> INLINE Lanes<T, N> load(const T *from) {
    if constexpr (N * sizeof(T) == REGISTER) {
        Lanes<T, N> a;
        __builtin_memcpy(&a.v, from, REGISTER);
        return a;
    } else return {load<T, N / 2>(from), load<T, N / 2>(from + N / 2)};
}
template <class T, int N> INLINE void store(T *to, Lanes<T, N> a) {
    if constexpr (N * sizeof(T) == REGISTER) __builtin_memcpy(to, &a.v, REGISTER);
    else store(to, a.low), store(to + N / 2, a.high);
}
template <class T, int N = SIXTEEN> INLINE Lanes<T, N> every(T x) {  // x in every lane
    if constexpr (N * sizeof(T) == REGISTER) return {fill<T>(x)};
    else return {every<T, N / 2>(x), every<T, N / 2>(x)};
}

// Two rows of a staircase: load(ONE_AT − i + …) gives a 1 in lane i alone, load(ONES_BELOW …) ones in the first lanes.
template <class T> struct Stairs {
    T one[2 * SIXTEEN - 1] = {}, ones[2 * SIXTEEN] = {};
    constexpr Stairs() {
        one[SIXTEEN - 1] = 1;
        for (int i = 0; i < SIXTEEN; i++) ones[i] = 1;
    }
};
template <class T> constexpr Stairs<T> STAIRS;
template <class T> INLINE Lanes<T> one_at(int64_t lane) {  // nothing but zeros unless 0 ≤ lane < 16
    return 0 <= lane && lane < SIXTEEN ? load(STAIRS<T>.one + SIXTEEN - 1 - lane) : every<T>(0);
}
template <class T> INLINE Lanes<T> first_lanes(int64_t count) {  // ones in the first `count` lanes
    return load(STAIRS<T>.ones + (count < SIXTEEN ? SIXTEEN - count : 0));
}

// ---- single numbers ---------------------------------------------------------------------------------------------

INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t larger(int64_t a, int64_t b) { return a < b ? b : a; }
template <class T> INLINE bool is_finite(T x) { return x - x == 0; }
template <class T> INLINE T log_of(T x) { return log<T>(fill<T>(x))[0]; }

// sin x and cos x for |x| ≤ ¼π by their series, within 1 ulp of float64.
INLINE double small_sine(double x) {
    const double square = x * x;
    double series = 1;
    for (int k = 17; k > 2; k -= 2) series = 1 - series * square / (k * (k - 1));
    return x * series;
}
INLINE double small_cosine(double x) {
    const double square = x * x;
    double series = 1;
    for (int k = 18; k > 3; k -= 2) series = 1 - series * square / (k * (k - 1));
    return 1 - 0.5 * square * series;
}
constexpr double PI = 0x1.921fb54442d18p1;
// cos(π · share) for share from 0 to 1: the half wave by which the learning rate falls.
INLINE double half_wave(double share) {
    if (share < 0.25) return small_cosine(PI * share);
    if (share > 0.75) return -small_cosine(PI * (1 - share));
    return small_sine(PI * (0.5 - share));
}
// tan of an angle in degrees, 0 to 45.
INLINE double tangent(double degrees) {
    const double x = degrees * (PI / 180);
    return small_sine(x) / small_cosine(x);
}
// x^n for whole n ≥ 0 by squaring.
INLINE double whole_power(double x, int64_t n) {
    double result = 1;
    for (; n > 0; n >>= 1, x *= x)
        if (n & 1) result *= x;
    return result;
}

}  // namespace glassnet::GLASSNET_ISA
