"""`glassnet data`: what the three sets hold, or one image as picture and numbers; changes nothing."""

from typing import TYPE_CHECKING, Any

from glassnet.cli.common import (
    IMAGE_TITLES,
    ChosenImage,
    chosen_image,
    command,
    data_options,
    emit,
    image_options,
    load_data,
    part_of,
    show_all,
)
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from rich.console import RenderableType

    from glassnet.data import DataSets


@command(
    N_("Show the data: how many images, their range and classes; or one image as a picture and as numbers."),
    examples=N_(
        "Examples:\n\n"
        "  glassnet data\n"
        "  glassnet data --train 7\n"
        "  glassnet data --data fashion-mnist --test 0\n"
        "  glassnet data --data my-digits/"
    ),
)
@image_options
@data_options
def data(
    train: int | None,
    validation: int | None,
    test: int | None,
    data: str,
    mirror: str | None,
    as_json: bool,
) -> None:
    """Load the data, which verifies it, and show an overview or one image."""
    chosen = chosen_image(train, validation, test)
    sets = load_data(data, mirror)
    if chosen is not None:
        part_of(sets, chosen.set)[chosen.index]  # one past the end is said before anything is shown
    if as_json:
        emit(_fields(sets) | (_image_fields(sets, chosen) if chosen else {}))
    elif chosen is not None:
        show_all(*_image(sets, chosen))
    else:
        from glassnet.show.datasets import Overview

        show_all(Overview(sets))


def _fields(sets: "DataSets") -> dict[str, Any]:
    return {
        "name": sets.name,
        "train": len(sets.train),
        "validation": len(sets.validation),
        "test": len(sets.test),
        "image": [28, 28],
        "range": sets.range,
        "counts": {part.name: part.counts for part in sets},
        "sha256": {part.name: part.sha256 for part in sets},
        "source": sets.source,
        "license": sets.license,
        "classes": sets.classes,
        "files": sets.files,
        "notes": sets.notes,
    }


def _image_fields(sets: "DataSets", chosen: ChosenImage) -> dict[str, Any]:
    image, label = part_of(sets, chosen.set)[chosen.index]
    return {"set": chosen.set, "index": chosen.index, "label": label, "pixels": image.reshape(28, 28)}


def _image(sets: "DataSets", chosen: ChosenImage) -> list["RenderableType"]:
    from rich.padding import Padding
    from rich.text import Text

    from glassnet.show.digit import Matrix, half_blocks
    from glassnet.show.numbers import QUIET

    pixels, label = part_of(sets, chosen.set)[chosen.index]
    square = pixels.reshape(28, 28)
    named = f"{label} ({sets.classes[label]})" if sets.classes[label] != str(label) else str(label)
    title = _(IMAGE_TITLES[chosen.set]).format(index=chosen.index, data=sets.name, label=named)
    remarks = []
    if sets.files and chosen.set != "test":
        place = chosen.index + (len(sets.validation) if chosen.set == "train" else 0)
        remarks.append(
            _("image {place} of the file {file}").format(place=f"{place:,}", file=next(iter(sets.files)))
        )
    numbers = _("28 × 28 numbers from 0 to 1 (the bytes 0 to 255, divided by 255), rounded to one decimal:")
    below = _("Read row by row, they are the lecture's x (784 × 1).")
    return [
        Text(title, "bold"),
        *(Text(remark, QUIET) for remark in remarks),
        Padding(half_blocks(square), (1, 0)),
        Text(numbers, QUIET),
        Text(),
        Matrix(square),
        Text(),
        Text(below, QUIET),
    ]
