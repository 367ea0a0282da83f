"""A picture's reading and one of its digits stage by stage, as the page takes them; draws and serves nothing.

Pictures are PNG in data URLs, at most 640 pixels on their longer side; images for a network are rows of 784 bytes.
"""

import base64
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.constraints import Real, Whole
from glassnet.data import mnist
from glassnet.errors import GlassnetError, InputError, UnavailableError
from glassnet.pictures.laboratory import Laboratory, Stage, examine
from glassnet.pictures.read import read, reader_of
from glassnet.pictures.reader import MODELS, Answer
from glassnet.pictures.result import Digit, Reading
from glassnet.studio.language import speaking

Bytes = NDArray[np.uint8]

LARGEST = 640  # pixels of a picture's longer side in the answer


def answer(content: bytes, query: Mapping[str, str]) -> str:
    """Return JSON: the reading of a picture file's bytes, and the laboratory of the digit that is asked for.

    `query` may have ``digit`` (the one to look at, from 0 in reading order), ``threshold`` (contrast from which
    something is ink, 0 to 1), ``rules`` (1: printed lines stay) and ``lang`` (ko or en). Without anything written
    there is no laboratory (null). What is no picture, or a query that asks for what cannot be, gives one
    ``problem``, a sentence.

    >>> image = mnist().test.images[0]
    >>> json.loads(answer(b"P5 28 28 255 " + image.tobytes(), {}))["text"]
    '7'
    >>> json.loads(answer(b"no picture", {"lang": "en"}))["problem"][:38]
    'the picture: expected a PNG, JPEG, Web'
    """
    with speaking(query):  # one picture at a time: it takes a core and up to a gigabyte
        return json.dumps(_answered(content, query), allow_nan=False, ensure_ascii=False)


def _answered(content: bytes, query: Mapping[str, str]) -> dict[str, Any]:
    try:
        digit = _number("digit", query.get("digit", "0"), Whole(0, 10_000))
        asked = query.get("threshold")
        threshold = None if asked is None else _number("threshold", asked, Real(0, 1))
        reading = read(content, threshold=threshold, keep_rules=query.get("rules") == "1")
    except GlassnetError as error:
        return {"problem": str(error)}
    try:
        laboratory = examine(reading, number=int(digit))
    except UnavailableError:  # the reading says why there is nothing to look at
        laboratory = None
    return _answer(reading, laboratory)


def _number(name: str, text: str, allowed: Whole | Real) -> float:
    try:
        value = allowed.accept(int(text) if isinstance(allowed, Whole) else float(text))
    except ValueError:
        value = None
    if value is None:
        raise InputError(name, expected=allowed.phrase(), found=repr(text[:20]))
    return value


def _answer(reading: Reading, laboratory: Laboratory | None) -> dict[str, Any]:
    found = (*reading.digits, *reading.refused)
    return {
        "text": reading.text,
        "reason": reading.reason,
        "size": list(reading.size),
        "inverted": reading.inverted,
        "picture": _picture(reading.stages["gray"]),
        "digits": [_digit(digit) for digit in found],
        "readers": [
            {"name": name, "sizes": list(network.sizes), "accuracy": network.metadata.get("test_accuracy")}
            for name, network in ((name, reader_of(name).network) for name in MODELS)
        ],
        "laboratory": None if laboratory is None else _laboratory(laboratory, found),
    }


def _digit(digit: Digit) -> dict[str, Any]:
    return {
        "box": list(digit.box),
        "label": digit.label,
        "best": digit.best,
        "confidence": digit.confidence,
        "second": list(digit.second),
        "lecture": list(digit.lecture),
        "outputs": digit.outputs.tolist(),
        "image": _bytes(digit.image),
        "reason": digit.reason,
    }


def _laboratory(laboratory: Laboratory, found: tuple[Digit, ...]) -> dict[str, Any]:
    train = mnist().train
    return {
        "digit": next(number for number, digit in enumerate(found) if digit is laboratory.digit),
        "stages": [_stage(stage) for stage in laboratory.stages],
        "wrong": [_stage(stage) for stage in laboratory.wrong],
        "measures": [
            {
                "name": measure.name,
                "title": measure.title,
                "value": measure.value,
                "share": measure.share,
                "odd": measure.odd,
                "sentence": measure.sentence,
            }
            for measure in laboratory.measures
        ],
        "culprit": laboratory.culprit,
        "nearest": [
            {"index": index, "label": label, "image": _bytes(train.images[index])}
            for index, label in zip(laboratory.nearest, laboratory.labels, strict=True)
        ],
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "title": stage.title,
        "picture": _picture(stage.picture),
        "image": _bytes(stage.image),
        "reader": _said(stage.reader),
        "lecture": _said(stage.lecture),
    }


def _said(answer: Answer) -> list[float]:
    return [answer.label, answer.confidence]


def _bytes(image: Bytes) -> str:
    return base64.b64encode(image.tobytes()).decode()


def _picture(levels: Bytes) -> str:
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(levels))
    picture.thumbnail((LARGEST, LARGEST), Image.Resampling.BOX)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return f"data:image/png;base64,{base64.b64encode(target.getvalue()).decode()}"
