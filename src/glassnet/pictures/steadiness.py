"""How steady an answer is: what the network says when the same sign is moved a little; refuses nothing by itself.

A digit stays the same digit when it is turned, slanted, made narrower or flatter; a letter that happens to look like
one does not. The moves are small enough to leave each of the ten what it is.

    images      (n, 784) uint8, framed as MNIST's
    steadiness  (n,) float64, 0 … 1: the mean confidence of the answer, over the sign itself and MOVES
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.distortion import move
from glassnet.pictures.reader import Answer, Reader

TURN = math.radians(15)
SLANT = 0.3  # columns a row
SQUEEZE = 1.25
MOVES = (  # a, b, c, d of engine/distortion.py: where a pixel of the moved sign looks
    (math.cos(TURN), -math.sin(TURN), math.sin(TURN), math.cos(TURN)),
    (math.cos(TURN), math.sin(TURN), -math.sin(TURN), math.cos(TURN)),
    (1, SLANT, 0, 1),
    (1, -SLANT, 0, 1),
    (SQUEEZE, 0, 0, 1),
    (1, 0, 0, SQUEEZE),
)


def steadiness(images: NDArray[np.uint8], answers: Sequence[Answer], reader: Reader) -> NDArray[np.float64]:
    """Return how steady each of the reader's answers (n) to the images (n, 784) is, 0 … 1.

    >>> import glassnet
    >>> reader, images = Reader.load("reader"), glassnet.mnist().test.images[:2]
    >>> (steadiness(images, reader.read(images), reader) > 0.9).tolist()
    [True, True]
    """
    labels = np.array([answer.label for answer in answers], np.intp)
    said = [np.array([answer.confidence for answer in answers])]
    moved = [move(images, np.array([*change, 0, 0], np.float32)) for change in MOVES]
    outputs = reader.network.forward(np.concatenate(moved)).reshape(len(MOVES), len(images), 10)
    said += list(reader.sure(np.take_along_axis(outputs, labels[None, :, None], 2)[:, :, 0]))
    return np.asarray(np.mean(said, axis=0))
