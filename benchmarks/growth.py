"""How the cost of an epoch grows with images, hidden units, layers and threads: the curves' points as rows."""

from collections.abc import Iterator
from typing import Any

from benchmarks.rows import OURS, Asked, Row
from benchmarks.timing import Contender, python, threads

SOME = 10_000  # images, where it is not the images that grow
NETWORKS = ("784-14-10", "784-128-64-10", "784-800-10")


def points(asked: Asked) -> Iterator[tuple[str, str, Row]]:
    """Yield (axis, place on it, row); each row is timed like those of the table."""
    images = asked.images
    for count in (1_000, 5_000, 20_000, 55_000):
        yield _point("images", str(count), [784, 14, 10], min(count, images), asked)
    some = min(SOME, images)
    for units in (14, 100, 300, 800):
        yield _point("units", str(units), [784, units, 10], some, asked)
    for layers in (1, 2, 4):
        yield _point("layers", str(layers), [784, *[64] * layers, 10], some, asked)
    for name in NETWORKS:
        sizes = [int(size) for size in name.split("-")]
        job: dict[str, Any] = {"sizes": sizes, "images": some}
        for count in asked.counts:
            contenders = [
                python(OURS, "", "ours.epoch", job, **threads(count)),
                python(
                    "PyTorch",
                    "",
                    "peer_torch.autograd",
                    job | {"threads": count},
                    asked.peers,
                    **threads(count),
                ),
            ]
            yield "threads", f"{name}, {count}", _row(contenders)


def _point(axis: str, place: str, sizes: list[int], images: int, asked: Asked) -> tuple[str, str, Row]:
    job: dict[str, Any] = {"sizes": sizes, "images": images}
    contenders = [python(OURS, f"{n}", "ours.epoch", job, **threads(n)) for n in asked.counts]
    contenders += [
        python("PyTorch", f"{n}", "peer_torch.autograd", job | {"threads": n}, asked.peers, **threads(n))
        for n in asked.counts
    ]
    contenders.append(python("NumPy", "1", "ours.numpy_epoch", job, **threads(1)))
    return axis, place, _row(contenders)


def _row(contenders: list[Contender]) -> Row:
    return Row("growth", {"en": "", "ko": ""}, contenders, {})
