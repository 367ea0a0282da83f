"""Four IDX files become three sets, split as the lecture's 55,000 / 5,000 / 10,000; fetches nothing.

The split is that of TensorFlow's tutorial: the **first** twelfth of the training file (5,000 of 60,000) is the
validation set, the rest in file order is for training. So training image N is image N + 5,000 of the file.
"""

from collections.abc import Sequence
from pathlib import Path

from glassnet.data.idx import Idx, read_images, read_labels
from glassnet.data.sets import DIGITS, DataSet, DataSets
from glassnet.errors import FileFormatError
from glassnet.locale import _

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
VALIDATION_SHARE = 12  # one training image in twelve: 5,000 of 60,000


def from_four(
    name: str,
    paths: Sequence[Path],
    *,
    source: str,
    license_: str = "",
    classes: tuple[str, ...] = DIGITS,
    verified: bool = False,
    idx: Sequence[Idx] | None = None,
) -> DataSets:
    """Make the three sets out of four files (already read, if `idx` is given).

    Raises `FileFormatError` when a file is not what it should be, when images and labels do not go together, or
    when there are fewer than two training images or no test image.
    """
    if idx is None:
        idx = [
            (read_labels if "labels" in file else read_images)(path)
            for file, path in zip(NAMES, paths, strict=True)
        ]
    train_images, train_labels, test_images, test_labels = idx
    _check_pair(paths[0], train_images, train_labels, least=2)
    _check_pair(paths[2], test_images, test_labels, least=1)
    validation = max(1, len(train_labels.values) // VALIDATION_SHARE)
    return DataSets(
        name=name,
        train=DataSet("train", train_images.values[validation:], train_labels.values[validation:]),
        validation=DataSet("validation", train_images.values[:validation], train_labels.values[:validation]),
        test=DataSet("test", test_images.values, test_labels.values),
        source=source,
        license=license_,
        classes=classes,
        verified=verified,
        files={file: one.sha256 for file, one in zip(NAMES, idx, strict=True)},
    )


def _check_pair(path: Path, images: Idx, labels: Idx, *, least: int) -> None:
    if len(images.values) != len(labels.values):
        raise FileFormatError(
            str(path),
            expected=_("as many images as labels ({count})").format(count=f"{len(labels.values):,}"),
            found=f"{len(images.values):,}",
        )
    if len(images.values) < least:
        raise FileFormatError(
            str(path),
            expected=_("at least {count} images").format(count=least),
            found=f"{len(images.values)}",
        )
