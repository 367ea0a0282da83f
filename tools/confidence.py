"""How sure the packaged networks may be: fit a model's confidence and write it into the file; draws nothing.

    python -m tools.confidence src/glassnet/models/lecture.safetensors

It is fitted to MNIST's 5,000 validation images, as they are and once as another pen would have written them. They
trained no weight of the networks.
"""

import sys
from functools import cache

import numpy as np
from numpy.typing import NDArray
from tools.no_digits import no_digits

import glassnet
from glassnet.pictures.confidence import Confidence, fitted
from glassnet.pictures.variations import fields, vary

KEPT = 0.985  # of the digits that are read right, so many are answered
SEED = 0

Bytes = NDArray[np.uint8]


@cache
def digits() -> tuple[Bytes, Bytes]:
    """Return images (10,000, 784) and labels: the validation images, then a variation of each."""
    validation = glassnet.mnist().validation
    varied = vary(fields(validation.images), np.random.default_rng([SEED, 4]))
    return np.concatenate([validation.images, varied]), np.tile(validation.labels, 2)


@cache
def strangers() -> Bytes:
    """Return 5,000 images of no digit, made of the validation images and of strokes."""
    validation = glassnet.mnist().validation
    rng = np.random.default_rng([SEED, 5])
    return vary(fields(no_digits(validation.images, validation.labels, len(validation), rng)), rng)


def fit(network: glassnet.Network, kept: float = KEPT) -> Confidence:
    """Return the confidence of a network that reads digits: of those read right, the share `kept` is answered."""
    images, labels = digits()
    return fitted(network.forward(images), labels, kept)


def main(files: list[str]) -> None:
    for file in files:
        network = glassnet.Network.load(file)
        confidence = fit(network)
        network.save(file, **confidence.to_metadata())
        print(f"{file}: {confidence}")


if __name__ == "__main__":
    main(sys.argv[1:])
