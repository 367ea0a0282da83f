"""One set of labelled images (`DataSet`) and the three that belong together (`DataSets`); reads no file.

n      number of images        images  uint8 (n, 784), 0 paper … 255 ink, row by row
x      one image as a column   labels  uint8 (n,), 0 … 9
"""

import hashlib
import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import SupportsIndex, overload

import numpy as np
from numpy.typing import NDArray

from glassnet.data.idx import PIXELS
from glassnet.errors import InputError, OutOfRangeError, ShapeError
from glassnet.locale import _

CLASSES = 10
DIGITS = tuple(str(digit) for digit in range(CLASSES))


def _frozen(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return `values` contiguous and read-only, copied only where the caller could still change them."""
    if values.flags.writeable:
        values = values.copy(order="C")
    elif not values.flags.c_contiguous:
        values = np.ascontiguousarray(values)
    values.flags.writeable = False
    return values


@dataclass(frozen=True, eq=False)
class DataSet:
    """Labelled images, in a fixed order, that nobody can change.

    `name`: "train", "validation", "test"; a part of one says so, "test[0:100]".
    `images`: uint8 (n, 784), C-contiguous, read-only. `labels`: uint8 (n,), 0 … 9, read-only.

    Raises `ShapeError` for arrays of another shape or type, `InputError` for a label above 9.

    >>> import glassnet
    >>> test = glassnet.mnist().test
    >>> len(test), test.images.shape, test.images.dtype
    (10000, (10000, 784), dtype('uint8'))
    >>> image, label = test[0]
    >>> image.shape, label
    ((784,), 7)
    >>> test[:100]
    DataSet('test[0:100]', 100 images)
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        images, labels = np.asarray(self.images), np.asarray(self.labels)
        if images.dtype != np.uint8 or images.ndim != 2 or images.shape[1] != PIXELS:
            raise ShapeError("images", expected="uint8 (n, 784)", found=f"{images.dtype} {images.shape}")
        if labels.dtype != np.uint8 or labels.shape != images.shape[:1]:
            raise ShapeError(
                "labels", expected=f"uint8 ({len(images)},)", found=f"{labels.dtype} {labels.shape}"
            )
        if labels.size and labels.max() >= CLASSES:
            raise InputError("labels", expected=_("labels from 0 to 9"), found=str(labels.max()))
        object.__setattr__(self, "images", _frozen(images))
        object.__setattr__(self, "labels", _frozen(labels))

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"DataSet({self.name!r}, {len(self):,} images)"

    @overload
    def __getitem__(self, index: slice) -> "DataSet": ...
    @overload
    def __getitem__(self, index: SupportsIndex) -> tuple[NDArray[np.uint8], int]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> "DataSet | tuple[NDArray[np.uint8], int]":
        """Return image (784,) uint8 and label of one index, or the part that a slice names.

        Raises `OutOfRangeError` (an `InputError` and an `IndexError`) past the end.
        """
        if isinstance(index, slice):
            return self._part(index)
        position = self._position(index)
        return self.images[position], int(self.labels[position])

    def __iter__(self) -> Iterator[tuple[NDArray[np.uint8], int]]:
        return (self[index] for index in range(len(self)))

    def column(self, index: SupportsIndex) -> NDArray[np.float64]:
        """Return image `index` as the lecture's x: (784, 1) float64, 0 … 1.

        >>> import glassnet
        >>> x = glassnet.mnist().test.column(0)
        >>> x.shape, x.min(), x.max()
        ((784, 1), np.float64(0.0), np.float64(1.0))
        """
        x: NDArray[np.float64] = self.images[self._position(index)].reshape(PIXELS, 1) / 255
        return x

    def one_hot(self, index: SupportsIndex) -> NDArray[np.float64]:
        """Return the target of image `index`: (10, 1) float64, 1 in the row of its label, else 0.

        >>> import glassnet
        >>> glassnet.mnist().test.one_hot(0).ravel().tolist()
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]
        """
        return np.eye(CLASSES)[:, [self.labels[self._position(index)]]]

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the images' bytes followed by the labels' bytes, 64 hex digits."""
        digest = hashlib.sha256(self.images.data)
        digest.update(self.labels.data)
        return digest.hexdigest()

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many images each class has: int64 (10,)."""
        counts = np.bincount(self.labels, minlength=CLASSES).astype(np.int64)
        counts.flags.writeable = False
        return counts

    def _position(self, index: SupportsIndex) -> int:
        try:
            position = operator.index(index)
        except TypeError:
            raise InputError(
                _("index into {name}").format(name=self.name),
                expected=_("a whole number or a slice"),
                found=type(index).__name__,
            ) from None
        if not -len(self) <= position < len(self):
            raise OutOfRangeError(
                _("index into {name}").format(name=self.name),
                expected=_("0 to {last}").format(last=len(self) - 1)
                if len(self)
                else _("a set with images in it"),
                found=str(position),
            )
        return position % len(self)

    def _part(self, part: slice) -> "DataSet":
        start, stop, step = part.indices(len(self))
        if (start, stop, step) == (0, len(self), 1):
            return self
        # The name tells that index 0 is no longer the set's image 0.
        name = f"{self.name}[{start}:{stop}" + (f":{step}]" if step != 1 else "]")
        return DataSet(name, self.images[part], self.labels[part])


@dataclass(frozen=True, eq=False)
class DataSets:
    """The three sets to learn from, to choose by and to test on, and where they come from.

    `name`: "mnist", "fashion-mnist", "kmnist" or the folder as given. `source`: a sentence or a path. `license`: of
    the data. `classes`: the (at most ten) classes' names, by label. `files`: for IDX, the SHA-256 of each file,
    unzipped. `verified`: whether these are known sums, not only those that were found. `notes`: what was done to
    the data on reading, in words.

    >>> import glassnet
    >>> train, validation, test = glassnet.mnist()
    >>> len(train), len(validation), len(test)
    (55000, 5000, 10000)
    """

    name: str
    train: DataSet
    validation: DataSet
    test: DataSet
    source: str
    license: str = ""
    classes: tuple[str, ...] = DIGITS
    files: Mapping[str, str] = field(default_factory=dict)
    verified: bool = False
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[DataSet]:
        return iter((self.train, self.validation, self.test))

    def __repr__(self) -> str:
        sizes = " / ".join(f"{len(part):,}" for part in self)
        return f"DataSets({self.name!r}, {sizes} images)"

    @cached_property
    def range(self) -> tuple[int, int]:
        """The smallest and the largest byte in any image."""
        present = [part.images for part in self if len(part)]
        return min(int(one.min()) for one in present), max(int(one.max()) for one in present)

    def __getitem__(self, name: str) -> DataSet:
        """Return the set called "train", "validation" or "test"; raises `InputError` for another name.

        >>> import glassnet
        >>> glassnet.mnist()["test"]
        DataSet('test', 10,000 images)
        """
        for part in self:
            if part.name == name:
                return part
        raise InputError(_("name of a set"), expected="train, validation, test", found=repr(name))
