"""A folder of one's own data: four IDX files, or sub-folders of 28 × 28 pictures; downloads nothing."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.data.four_files import NAMES, VALIDATION_SHARE, from_four
from glassnet.data.idx import LARGEST, PIXELS, SIDE
from glassnet.data.picture import SUFFIXES, read_gray
from glassnet.data.sets import CLASSES, DIGITS, DataSet, DataSets
from glassnet.errors import FileFormatError, InputError, reason
from glassnet.locale import _

Progress = Callable[[str, int, int], None]
"""Called with what is being read, how much of it is done, and how much there is (0: unknown)."""

SETS = ("train", "validation", "test")
CLUTTER = ("thumbs.db", "desktop.ini")  # left by file managers; names that begin with a dot are skipped too


def read_folder(folder: str | os.PathLike[str], progress: Progress | None = None) -> DataSets:
    """Read the data set in `folder`.

    - MNIST's four IDX files, raw or .gz: the first twelfth of the training file is for validation.
    - Folders train, test and, if you like, validation, each with one sub-folder of pictures per class.
    - One sub-folder of pictures per class: of each class, in order of the file names and counting from 0,
      picture 1 and every seventh after it are for testing, picture 2 and every fourteenth after it for
      validation, the rest for training (11 : 1 : 2, as in MNIST).

    Classes called 0 … 9 have those labels; others are numbered in order of their names. A folder whose
    pictures have light borders is inverted as a whole, since MNIST's ink is white; `DataSets.notes` says so.

    Raises `InputError` or `FileFormatError`, naming the file or folder that does not fit.
    """
    path = Path(folder)
    if not path.is_dir():
        found = _("a file") if path.exists() else _("nothing there")
        raise InputError(str(folder), expected=_("a folder"), found=found)
    entries = _entries(path)
    four = [_idx_file(path, name) for name in NAMES]
    if any(four):
        for name, file in zip(NAMES, four, strict=True):
            if file is None:
                raise InputError(
                    str(path), expected=f"{name}, {name}.gz", found=_("only some of MNIST's four files")
                )
        return from_four(str(folder), [file for file in four if file], source=str(path.absolute()))
    if not any(entry.is_dir() for entry in entries):
        raise InputError(
            str(folder),
            expected=_("MNIST's four IDX files, or one sub-folder of pictures per class"),
            found=_("{count} files").format(count=len(entries)) if entries else _("an empty folder"),
        )
    return _read_grays(str(folder), path, progress)


def _idx_file(folder: Path, name: str) -> Path | None:
    dotted = name.replace("-idx", ".idx")  # what some unpackers make of the name
    for candidate in (name, f"{name}.gz", dotted, f"{dotted}.gz"):
        if (folder / candidate).is_file():
            return folder / candidate
    return None


def _entries(folder: Path) -> list[Path]:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise InputError(str(folder), expected=_("a readable folder"), found=reason(error)) from error
    return [folder / name for name in names if not name.startswith(".") and name.lower() not in CLUTTER]


def _read_grays(name: str, path: Path, progress: Progress | None) -> DataSets:
    parts = {entry.name: entry for entry in _entries(path) if entry.is_dir()}
    if "train" in parts and set(parts) <= set(SETS):
        if "test" not in parts:
            raise InputError(str(path), expected=_("folders train and test"), found=", ".join(parts))
        listed = {part: _list_classes(folder) for part, folder in parts.items()}
    else:
        listed = {"all": _list_classes(path)}
    names = sorted(set().union(*listed.values()))
    if len(names) > CLASSES:
        raise InputError(
            str(path),
            expected=_("at most ten classes"),
            found=str(len(names)),
            advice=_("the network has ten outputs, one a class"),
        )
    digits = set(names) <= set(DIGITS)
    classes = DIGITS if digits else tuple(names)
    pictures = [
        (part, classes.index(label), file)
        for source, of_class in listed.items()
        for label, files in of_class.items()
        for part, file in _assign(source, files, "validation" in listed)
    ]
    for part in SETS:
        if not any(one[0] == part for one in pictures):
            raise InputError(
                str(path),
                expected=_("at least one picture for {name}").format(name=part),
                found="0",
                advice=_(
                    "give some class three pictures or more, or make folders train, validation and test"
                ),
            )
    images, notes = _read_all(path, [file for _part, _label, file in pictures], progress)
    labels = np.array([label for _part, label, _file in pictures], dtype=np.uint8)
    where = np.array([part for part, _label, _file in pictures])
    train, validation, test = (DataSet(part, images[where == part], labels[where == part]) for part in SETS)
    return DataSets(name, train, validation, test, str(path.absolute()), classes=classes, notes=notes)


def _list_classes(folder: Path) -> dict[str, list[Path]]:
    """Return the pictures of each class, both in order of their names."""
    classes = {}
    for entry in _entries(folder):
        if not entry.is_dir():
            continue
        files = _entries(entry)
        if not files:
            raise InputError(str(entry), expected=_("pictures of this class"), found=_("an empty folder"))
        for file in files:
            if file.suffix.lower() not in SUFFIXES:
                raise FileFormatError(
                    str(file),
                    expected=_("a PNG, JPEG, WebP, BMP or PGM picture"),
                    found=_("a folder") if file.is_dir() else _("something else"),
                    advice=_("each sub-folder is one class and holds its pictures, nothing else"),
                )
        classes[entry.name] = files
    if not classes:
        raise InputError(
            str(folder), expected=_("one sub-folder of pictures per class"), found=_("no sub-folder")
        )
    return classes


def _assign(source: str, files: list[Path], validated: bool) -> Iterator[tuple[str, Path]]:
    """Say of each picture of one class which set it belongs to; the rule is `read_folder`'s."""
    for position, file in enumerate(files):
        if source == "all":
            yield ("test" if position % 7 == 1 else "validation" if position % 14 == 2 else "train"), file
        elif source == "train" and not validated and position % VALIDATION_SHARE == 1:
            yield "validation", file
        else:
            yield source, file


def _read_all(
    path: Path, files: list[Path], progress: Progress | None
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    if len(files) * PIXELS > LARGEST:
        raise InputError(
            str(path),
            expected=_("at most {count} pictures").format(count=f"{LARGEST // PIXELS:,}"),
            found=f"{len(files):,}",
        )
    images = np.empty((len(files), SIDE, SIDE), np.uint8)
    for index, file in enumerate(files):
        images[index] = read_gray(file)
        if progress is not None:
            progress(str(path), index + 1, len(files))
    border = np.ones((SIDE, SIDE), bool)
    border[1:-1, 1:-1] = False
    notes: tuple[str, ...] = ()
    # One answer for the folder: a white bag that fills its frame is not dark ink on light paper.
    if np.median(images[:, border].mean(axis=1)) > 127:
        np.subtract(255, images, out=images)
        notes = (_("the pictures had light borders and were inverted: ink is white here, as in MNIST"),)
    return images.reshape(len(files), PIXELS), notes
