"""Which network reads, how sure it is and when it refuses; finds no digit on a picture and shows nothing.

images  uint8 (n, 784), one digit each, framed as MNIST's are: 20 x 20 pixels of ink, its mass in the middle
"""

import os
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassnet.errors import InputError, ShapeError
from glassnet.locale import _
from glassnet.network import PACKAGED, Network
from glassnet.pictures.confidence import Confidence

MODELS = {"reader": "reader", "lecture": "hand"}
"""The packaged networks that read pictures, by name: the best reader, and a 784-14-10 like the lecture's.

The latter's file is "hand": what reads MNIST best, ``Network.load("lecture")``, has never seen a 1 with a base.
"""


@dataclass(frozen=True)
class Answer:
    """What the network says to one framed digit.

    `outputs` (10,) float32 and `confidences` (10,) float64, both read-only; `refused`: the confidence is below the
    reader's threshold, so `label` is not an answer but only the least bad guess.
    """

    outputs: NDArray[np.float32]
    confidences: NDArray[np.float64]
    refused: bool

    @property
    def label(self) -> int:
        """The digit of the largest output."""
        return int(self.outputs.argmax())

    @property
    def confidence(self) -> float:
        """The chance, 0 to 1, that `label` is right."""
        return float(self.confidences[self.label])

    @cached_property
    def second(self) -> int:
        """The second guess: the digit of the second largest output."""
        others = self.outputs.copy()
        others[self.label] = -1
        return int(others.argmax())

    @property
    def second_confidence(self) -> float:
        """The chance, 0 to 1, that `second` is right."""
        return float(self.confidences[self.second])


class Reader:
    """A network for pictures, with its confidence.

    `confidence` is None for a network that brings none (one saved by `glassnet train`): its outputs are then taken
    as they are, and it refuses nothing.

    >>> import glassnet
    >>> reader = Reader.load("lecture")
    >>> answer, = reader.read(glassnet.mnist().test.images[:1])
    >>> answer.label, answer.refused
    (7, False)
    """

    def __init__(self, network: Network, name: str = "", confidence: Confidence | None = None) -> None:
        if network.sizes[0] != 784 or network.sizes[-1] != 10:
            raise ShapeError(
                name or _("model"),
                expected=_("784 pixels and ten outputs, one for each digit"),
                found="-".join(str(size) for size in network.sizes),
            )
        self.network, self.name, self.confidence = network, name, confidence

    @classmethod
    def load(cls, model: "str | os.PathLike[str] | Network | Reader" = "reader") -> "Reader":
        """Return the reader called "reader" or "lecture" (784-14-10), that of a model file, or that of a network.

        Raises `FileFormatError` or `InputError` for a file that is no glassnet model or is missing, `ShapeError`
        for a network that does not read digits of 28 x 28 pixels.
        """
        if isinstance(model, Reader):
            return model
        name = os.fsdecode(model) if isinstance(model, str | os.PathLike) else _("model")
        if name == "reader" and not (PACKAGED / "reader.safetensors").is_file():
            name = "lecture"  # a package without the larger network still reads
        network = model if isinstance(model, Network) else Network.load(MODELS.get(name, name))
        return cls(network, name, Confidence.from_metadata(network.metadata, name))

    @property
    def threshold(self) -> float:
        """The confidence below which it refuses; 0 where it never does."""
        return self.confidence.threshold if self.confidence else 0.0

    def sure(self, outputs: ArrayLike) -> NDArray[np.float64]:
        """Return the confidences, 0 to 1, of `outputs`, in the same shape."""
        return (self.confidence or Confidence())(outputs)

    def read(self, images: ArrayLike) -> list[Answer]:
        """Return an answer for each of the images (n, 784) uint8.

        Raises `ShapeError` for other shapes, `InputError` for weights so large that the outputs are no numbers.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is reported below
            outputs = self.network.forward(images)
        if not np.isfinite(outputs).all():
            raise InputError(
                _("outputs of the model"),
                expected=_("finite numbers"),
                found=_("infinity or no number"),
                advice=_("the weights are too large; train with a smaller learning rate"),
            )
        confidences = self.sure(outputs)
        outputs.setflags(write=False)
        confidences.setflags(write=False)
        refused = confidences.max(1) < self.threshold if len(outputs) else ()
        return [
            Answer(output, confidence, bool(no))
            for output, confidence, no in zip(outputs, confidences, refused, strict=True)
        ]
