"""How well a folder of handwritten digits is read: framed and not, by the best reader and the lecture's network.

    python benchmarks/handwriting.py FOLDER      a folder with labels.csv: path, label (further columns are ignored)
    python benchmarks/handwriting.py digits      scikit-learn's load_digits, 8 × 8 pixels, where it is installed
    python benchmarks/handwriting.py mnist       MNIST's 9,997 test images of 20 pixels, each as a picture of its own
    python benchmarks/handwriting.py FOLDER --teach 60     both networks taught that many of its digits, by chance;
                                                           the others before and after (also digits --teach 60)

Framed: found on the picture and framed as MNIST frames; a digit that is not found, or one of several, counts as wrong.
Squashed: the whole picture made 28 × 28, ink white, nothing else, as beginners do it. Nothing is trained or tuned.
784-14-10 is the one that `--model lecture` reads pictures with; the lecture's learned MNIST's hands alone.
"""

import argparse
import csv
import io
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import glassnet
from glassnet.data import DataSet
from glassnet.data.picture import read_photo
from glassnet.engine.numpy_engine import CELLS
from glassnet.pictures import Reader, read, teach
from glassnet.pictures.own import Own
from glassnet.pictures.reader import MODELS

Bytes = NDArray[np.uint8]


def of_folder(folder: Path) -> list[tuple[bytes, int]]:
    """Return the pictures' files as bytes, with their labels."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as table:
        return [((folder / row["path"]).read_bytes(), int(row["label"])) for row in csv.DictReader(table)]


def of_scikit_learn() -> list[tuple[bytes, int]]:
    """Return scikit-learn's digits as files, 0 … 16 made 0 … 255."""
    from sklearn.datasets import load_digits

    found = load_digits()
    files = []
    for image, label in zip(found.images, found.target, strict=True):
        target = io.BytesIO()
        Image.fromarray(np.rint(np.pad(image, 1) * (255 / 16)).astype(np.uint8)).save(target, "PNG")
        files.append((target.getvalue(), int(label)))
    return files


def squashed(content: bytes) -> Bytes:
    """Return a picture as 28 × 28 (784,) with light ink, and do nothing else to it."""
    gray = read_photo(content).gray
    small = np.asarray(Image.fromarray(gray).resize((28, 28), Image.Resampling.BOX))
    return (255 - small if np.median(small) > 127 else small).reshape(784)


def of_mnist(parts: int = 40) -> int:
    """Print how MNIST's own test images come out of pictures, and what is read there and in the file."""
    test = glassnet.mnist().test
    inked = test.images.reshape(-1, 28, 28) > 0
    height, width = _extent(inked, 2), _extent(inked, 1)
    places = np.flatnonzero(np.maximum(height, width) == CELLS)
    with ProcessPoolExecutor() as pool:
        found = np.concatenate(list(pool.map(_from_picture, np.array_split(places, parts))))
    labels = test.labels[places]
    print(f"MNIST's test images of {CELLS} pixels: {len(places)} pictures")
    print(f"  {'within one gray level':22} {(found[:, 0] <= 1).sum():5}")
    print(f"  {'one digit':22} {(found[:, 0] <= 255).sum():5}")
    for column, name in enumerate(MODELS, 1):
        in_file = Reader.load(name).network.predict(test.images[places])
        shares = [f"{(labels == answers).mean():.2%}" for answers in (found[:, column], in_file)]
        print(f"  {name:22} {shares[0]} from the picture, {shares[1]} from the file")
    return 0


def of_teaching(files: list[tuple[bytes, int]], count: int) -> int:
    """Print how both networks read the digits that they are not taught, before and after; also MNIST's."""
    readings = [read(content) for content, _label in files]
    found = [(*reading.digits, *reading.refused) for reading in readings]
    single = [
        (digits[0].image, label)
        for digits, (_content, label) in zip(found, files, strict=True)
        if len(digits) == 1
    ]
    order = np.random.default_rng(0).permutation(len(single))
    images = np.stack([image for image, _label in single])[order]
    labels = np.array([label for _image, label in single], np.uint8)[order]
    own = Own(DataSet("own", images[:count], labels[:count]), ("",) * count, ())
    print(f"taught {count} of {len(single)} digits, asked about the other {len(single) - count}")
    for name in MODELS:
        taught, before = teach(own, name), Reader.load(name).network
        shares = [
            (network.predict(images[count:]) == labels[count:]).mean() for network in (before, taught.network)
        ]
        mnist = (taught.mnist_before, taught.mnist_after)
        print(
            f"  {name:10} {shares[0]:.2%} before, {shares[1]:.2%} after; MNIST {mnist[0]:.2%}, {mnist[1]:.2%}"
        )
    return 0


def _extent(inked: NDArray[np.bool_], across: int) -> NDArray[np.intp]:
    """From the first line with ink to the last, in pixels: (n,) of (n, 28, 28), lines running along `across`."""
    lines = np.asarray(inked.any(across))
    return np.asarray(28 - lines[:, ::-1].argmax(1) - lines.argmax(1))


def _from_picture(places: NDArray[np.intp]) -> NDArray[np.int64]:
    """For each place: the largest difference in gray levels (999: not one digit) and what each network reads."""
    images, rows = glassnet.mnist().test.images, []
    for image in images[places]:
        reading = read(b"P5 28 28 255 " + image.tobytes())
        digits = reading.digits or reading.refused  # beside a digit a speck may have been refused
        if len(digits) == 1:
            difference = np.abs(digits[0].image.astype(int) - image).max()
            rows.append((difference, digits[0].best, digits[0].lecture[0]))
        else:
            rows.append((999, -1, -1))
    return np.array(rows, np.int64)


def main() -> int:
    """Print the share of right answers, four ways."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("--teach", type=int, metavar="COUNT")
    options = parser.parse_args()
    if options.folder == "mnist":
        return of_mnist()
    files = of_scikit_learn() if options.folder == "digits" else of_folder(Path(options.folder))
    if options.teach is not None:
        return of_teaching(files, options.teach)
    best, lecture = Reader.load("reader"), Reader.load("lecture")
    of_slides = Reader.load(glassnet.Network.load("lecture"))
    right: Counter[str] = Counter()
    confused: Counter[tuple[int, int]] = Counter()
    plain = np.stack([squashed(content) for content, _label in files])
    for name, reader in (("reader, squashed", best), ("784-14-10, squashed", lecture)):
        right[name] = sum(a.label == label for a, (_c, label) in zip(reader.read(plain), files, strict=True))
    for content, label in files:
        reading = read(content, best)
        found = (*reading.digits, *reading.refused)
        right["found as one digit"] += len(found) == 1
        right["answered"] += len(reading) == 1
        right["answered rightly"] += len(reading) == 1 and reading.digits[0].label == label
        if len(found) == 1:
            right["reader, framed"] += found[0].best == label
            right["784-14-10, framed"] += found[0].lecture[0] == label
            right["the lecture's, framed"] += of_slides.read(found[0].image[np.newaxis])[0].label == label
            if found[0].best != label:
                confused[label, found[0].best] += 1
    print(f"{options.folder}: {len(files)} pictures")
    for name, count in right.items():
        print(f"  {name:22} {count / len(files):7.2%}")
    if confused:
        print("  most confused", ", ".join(f"{a} as {b}: {n}" for (a, b), n in confused.most_common(6)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
