"""A folder of one's own labeled digits, each on a picture of its own, framed as MNIST's are; trains nothing.

Either `labels.csv` says which picture shows which digit (columns path and label, others are passed over), or there is
one sub-folder of pictures for each digit, called 0 … 9.
"""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.data.idx import LARGEST, PIXELS
from glassnet.data.picture import SUFFIXES
from glassnet.data.sets import DIGITS, DataSet
from glassnet.errors import FileFormatError, InputError, UnavailableError, reason
from glassnet.locale import _
from glassnet.pictures.read import read

LIST = "labels.csv"
LEAST = 20  # digits; with fewer neither training nor the accuracy after it means much
MOST = LARGEST // PIXELS


@dataclass(frozen=True)
class Own:
    """One's own digits: `digits` in the folder's order, `files` of the same length, and what was left out and why."""

    digits: DataSet
    files: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]


def read_own(
    folder: str | os.PathLike[str], progress: Callable[[int, int], None] | None = None, least: int = LEAST
) -> Own:
    """Read the labeled digits in `folder`; `progress` is told how many of how many pictures are read.

    A picture on which there is no digit or more than one, or that is damaged, is left out; `skipped` says why.
    Raises `InputError` for a folder without labels, a label that is not 0 … 9, and fewer than `least` digits.
    """
    path = Path(folder)
    listed = _listed(path)
    if len(listed) > MOST:
        raise InputError(
            str(path),
            expected=_("at most {count} pictures").format(count=f"{MOST:,}"),
            found=f"{len(listed):,}",
        )
    images, labels, files, skipped = [], [], [], []
    for number, (file, label) in enumerate(listed, start=1):
        try:
            images.append(_digit(file))
        except (InputError, UnavailableError) as error:
            skipped.append((str(file), str(error).removeprefix(f"{error.what}: ")))
        else:
            labels.append(label)
            files.append(str(file))
        if progress is not None:
            progress(number, len(listed))
    check_enough(str(path), len(images), least, skipped)
    digits = DataSet("own", np.stack(images), np.array(labels, np.uint8))
    return Own(digits, tuple(files), tuple(skipped))


def check_enough(what: str, count: int, least: int = LEAST, skipped: Sequence[tuple[str, str]] = ()) -> None:
    """Raise `InputError` for fewer than `least` digits; `what` has them, `skipped` names what was left out and why."""
    if count >= least:
        return
    left_out = _(" ({count} pictures could not be used)").format(count=len(skipped)) if skipped else ""
    raise InputError(
        what,
        expected=_("at least {count} digits of your own").format(count=least),
        found=f"{count}{left_out}",
        advice="; ".join(
            [_("write every digit a few times"), *(f"{Path(file).name}: {why}" for file, why in skipped[:3])]
        ),
    )


def _digit(file: Path) -> NDArray[np.uint8]:
    """Return the one digit on a picture, (784,); raises `UnavailableError` where there is none or more than one."""
    reading = read(file)
    written = [*reading.digits, *reading.refused]
    if len(written) != 1:
        raise UnavailableError(
            str(file),
            expected=_("one digit"),
            found=_("{count} pieces of writing").format(count=len(written)) if written else reading.reason,
        )
    return written[0].image


def _listed(path: Path) -> list[tuple[Path, int]]:
    """Return the pictures and their labels, without opening a picture."""
    if not path.is_dir():
        raise InputError(
            str(path), expected=_("a folder"), found=_("a file") if path.exists() else _("nothing there")
        )
    if (path / LIST).is_file():
        return list(_rows(path / LIST))
    classes = [path / digit for digit in DIGITS if (path / digit).is_dir()]
    if not classes:
        raise InputError(
            str(path),
            expected=_("a file {list} (path,label), or one folder of pictures for each digit, 0 to 9").format(
                list=LIST
            ),
            found=", ".join(sorted(entry.name for entry in path.iterdir())[:5]) or _("an empty folder"),
            advice=_("say which digit each picture shows"),
        )
    for entry in sorted(path.iterdir()):
        if entry.is_dir() and entry.name.isdecimal() and entry.name not in DIGITS:
            raise InputError(str(entry), expected=_("digits from 0 to 9"), found=entry.name)
    return [
        (file, int(folder.name))
        for folder in classes
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in SUFFIXES and not file.name.startswith(".")
    ]


def _rows(file: Path) -> Iterator[tuple[Path, int]]:
    try:
        text = file.read_text(encoding="utf-8-sig")  # spreadsheets put a mark before it
    except UnicodeDecodeError as error:
        raise FileFormatError(str(file), expected=_("text in UTF-8"), found=_("something else")) from error
    except OSError as error:
        raise InputError(str(file), expected=_("a readable file"), found=reason(error)) from error
    reader = csv.DictReader(text.splitlines())
    columns = [name.strip() for name in reader.fieldnames or ()]
    if not {"path", "label"} <= set(columns):
        raise FileFormatError(
            str(file),
            expected=_("a first line with the columns path and label"),
            found=", ".join(columns)[:80] or _("an empty file"),
        )
    reader.fieldnames = columns
    for row in reader:
        name, label = (row["path"] or "").strip(), (row["label"] or "").strip()
        if not name and not label:
            continue
        where = f"{file}:{reader.line_num}"
        if label not in DIGITS:
            raise InputError(
                where,
                expected=_("a label from 0 to 9"),
                found=repr(label[:20]) if label else _("none"),
                advice=_("label {name}, or take its line out").format(name=name or _("the picture")),
            )
        if not name:
            raise InputError(where, expected=_("a picture's path"), found=_("none"))
        yield file.parent / name, int(label)
