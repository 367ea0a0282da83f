"""Every random number of the project: Philox4x64-10 as NumPy has it, one counter per purpose; no other source.

A number has an address: `key` = the seed, counter = (block, image, epoch, stream), each a 64-bit word. NumPy advances
the counter before its first block, so blocks count from 1. Source: Salmon, Moraes, Dror and Shaw, "Parallel random
numbers: as easy as 1, 2, 3" (2011).
"""

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.architecture import Architecture
from glassnet.errors import InputError
from glassnet.locale import _

WEIGHTS, ORDER, DISTORTION = 0, 1, 2

_MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
_KEY_STEPS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)

Words = NDArray[np.uint64]


def check_seed(seed: int) -> int:
    """Return `seed` if it is a whole number from 0 to 2⁶⁴ − 1, else raise `InputError`."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**64:
        raise InputError("seed", expected=_("a whole number from 0 to 2⁶⁴ − 1"), found=repr(seed))
    return int(seed)


def raw(seed: int, stream: int, epoch: int, count: int) -> Words:
    """Return `count` random 64-bit words of one stream and epoch (image 0).

    >>> raw(seed=0, stream=ORDER, epoch=3, count=1) == np.random.Philox(key=0, counter=[0, 0, 3, ORDER]).random_raw(1)
    array([ True])
    """
    generator = np.random.Philox(key=check_seed(seed), counter=[0, 0, epoch, stream])
    words: Words = generator.random_raw(count)
    return words


def raw_per_image(seed: int, stream: int, epoch: int, images: NDArray[np.integer]) -> Words:
    """Return four random 64-bit words for each image number in `images` (n,), as an (n, 4) array.

    Row i is the first block of `np.random.Philox(key=seed, counter=[0, images[i], epoch, stream])`, for all
    images at once.
    """
    count = len(images)
    word_0 = np.ones(count, np.uint64)
    word_1 = np.asarray(images).astype(np.uint64)
    word_2 = np.full(count, epoch, np.uint64)
    word_3 = np.full(count, stream, np.uint64)
    key_0, key_1 = np.array([check_seed(seed)], np.uint64), np.zeros(1, np.uint64)
    for _round in range(10):
        high_0, low_0 = _product(word_0, _MULTIPLIERS[0])
        high_1, low_1 = _product(word_2, _MULTIPLIERS[1])
        word_0, word_1, word_2, word_3 = high_1 ^ word_1 ^ key_0, low_1, high_0 ^ word_3 ^ key_1, low_0
        key_0, key_1 = key_0 + _KEY_STEPS[0], key_1 + _KEY_STEPS[1]
    return np.stack([word_0, word_1, word_2, word_3], axis=1)


def _product(a: Words, b: np.uint64) -> tuple[Words, Words]:
    """The 128-bit products of `a` and `b` as (high, low) words, from 32-bit halves."""
    a_low, a_high = a & _LOW, a >> _HALF
    b_low, b_high = b & _LOW, b >> _HALF
    low = a_low * b_low
    middle = a_high * b_low + (low >> _HALF)
    carry = (middle & _LOW) + a_low * b_high
    high = a_high * b_high + (middle >> _HALF) + (carry >> _HALF)
    return high, a * b


def uniform(words: Words) -> NDArray[np.float32]:
    """Turn random words into numbers from 0 (included) to 1 (excluded), multiples of 2⁻²⁴, exact in float32."""
    return (words >> np.uint64(40)).astype(np.float32) * np.float32(2**-24)


def initial_weights(architecture: Architecture, seed: int) -> list[NDArray[np.float32]]:
    """Return w1, w2, … (neurons, inputs + 1) as training starts with them, float32.

    One stream fills all matrices row by row, w1 first; each number u becomes (2u − 1) · r with r = √(6 / inputs).
    The bias column is then set: 0, but −2 behind a sigmoid output, so that ten outputs do not all begin at 0.5 when
    one of them should be on.
    Source of r: He, Zhang, Ren and Sun, "Delving deep into rectifiers" (2015).

    A learner can repeat it with NumPy:

    >>> w1, w2 = initial_weights(Architecture((784, 14, 10)), seed=0)
    >>> words = np.random.Philox(key=0, counter=[0, 0, 0, WEIGHTS]).random_raw(14 * 785 + 10 * 15)
    >>> u = (words >> 40).astype(np.float32) * np.float32(2**-24)
    >>> again = (2 * u[: 14 * 785].reshape(14, 785) - 1) * np.sqrt(np.float32(6) / np.float32(784))
    >>> bool((w1[:, :784] == again[:, :784]).all()), w1[:, 784].any(), w2[0, 14]
    (True, np.False_, np.float32(-2.0))
    """
    shapes = architecture.weight_shapes
    total = sum(rows * columns for rows, columns in shapes)
    numbers = uniform(raw(seed, WEIGHTS, 0, total))
    weights = []
    start = 0
    for rows, columns in shapes:
        block = numbers[start : start + rows * columns].reshape(rows, columns)
        radius = np.sqrt(np.float32(6) / np.float32(columns - 1))
        weight = (np.float32(2) * block - np.float32(1)) * radius
        weight[:, -1] = 0
        weights.append(weight)
        start += rows * columns
    if architecture.output == "sigmoid":
        weights[-1][:, -1] = -2
    return weights


def order(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """Return the order in which an epoch (from 0) visits `count` images: each index once, shuffled.

    Fisher–Yates from the top: word by word, `j = ((word >> 32) · (i + 1)) >> 32` changes places with
    i = count − 1, …, 1.

    >>> order(seed=0, epoch=0, count=5)
    array([3, 4, 0, 2, 1])
    """
    if count < 2:
        check_seed(seed)
        return np.arange(count)
    tops = np.arange(count - 1, 0, -1, dtype=np.uint64)
    words = raw(seed, ORDER, epoch, count - 1)
    partners = ((words >> _HALF) * (tops + np.uint64(1))) >> _HALF
    places = list(range(count))
    for i, j in zip(tops.tolist(), partners.tolist(), strict=True):
        places[i], places[j] = places[j], places[i]
    return np.array(places)
