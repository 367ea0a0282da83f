"""The laboratory: stages with both networks' answers, the wrong ways, the measures beside MNIST's, and its command."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import glassnet
from commandline import CommandLine
from glassnet.errors import OutOfRangeError, UnavailableError
from glassnet.pictures import Reader, read
from glassnet.pictures.laboratory import examine, look
from glassnet.pictures.measures import NAMES, compared, measured


def file_of(image: np.ndarray, scale: int = 6) -> bytes:
    """A digit as a large dark drawing on white paper with a margin."""
    square = np.pad(255 - image.reshape(28, 28), 6, constant_values=255)
    target = BytesIO()
    large = Image.fromarray(square)
    large.resize((40 * scale, 40 * scale), Image.Resampling.BICUBIC).save(target, "PNG")
    return target.getvalue()


def test_every_stage_and_every_mistake_is_answered_by_both_networks() -> None:
    image = glassnet.mnist().test.images[0]
    laboratory = look(file_of(image))
    names = [stage.name for stage in laboratory.stages]
    assert names == ["gray", "even", "ink", "cleaned", "found", "cropped", "twenty", "centered"]
    assert [stage.name for stage in laboratory.wrong] == [
        "squashed",
        "not_inverted",
        "not_centered",
        "filled",
    ]
    lecture = Reader.load("lecture").network
    for stage in (*laboratory.stages, *laboratory.wrong):
        assert stage.image.shape == (784,)
        assert stage.lecture.label == lecture.predict(stage.image)[0]
    centered = laboratory.stages[-1]
    np.testing.assert_array_equal(centered.image, laboratory.digit.image)
    assert centered.reader.label == 7
    np.testing.assert_array_equal(laboratory.wrong[1].image, 255 - centered.image)
    assert (
        json.loads(json.dumps(laboratory.to_json(), default=lambda array: array.tolist()))["culprit"] is None
    )


def test_the_nearest_images_are_found_by_distance() -> None:
    train = glassnet.mnist().train
    laboratory = look(b"P5 28 28 255 " + train.images[123].tobytes())
    assert laboratory.nearest[0] == 123
    assert laboratory.labels[0] == train.labels[123]


def test_a_fine_pen_is_named_as_the_culprit() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 14] = 200
    image[4, 8:15] = 200
    odd = compared(image)
    assert [measure.name for measure in odd if measure.odd][:1] == ["stroke"]
    assert "thinner than" in odd[0].sentence


def test_measures_of_mnist_lie_in_the_middle() -> None:
    shares: dict[str, list[float]] = {name: [] for name in NAMES}
    for image in glassnet.mnist().validation.images[:300]:
        for measure in compared(image):
            shares[measure.name].append(measure.share)
    for name, values in shares.items():
        assert 0.4 < np.mean(values) < 0.6, name
    assert measured(np.zeros(784, np.uint8)) == dict.fromkeys(NAMES, 0.0)


def test_a_blank_sheet_has_nothing_to_look_at() -> None:
    with pytest.raises(UnavailableError, match="blank"):
        look(b"P5 28 28 255 " + bytes(784))
    with pytest.raises(OutOfRangeError, match=r"expected 0, the only one there is, found 5"):
        look(file_of(glassnet.mnist().test.images[0]), number=5)


def test_the_command_writes_report_and_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("seven.png").write_bytes(file_of(glassnet.mnist().test.images[0]))
    command = CommandLine("picture")
    code, out, _err = command.run("seven.png", "--html", "report.html", "--draw", "figure.svg")
    assert code == 0
    assert "Read as 7" in out
    assert Path("figure.svg").read_bytes().startswith(b"<?xml")
    report = Path("report.html").read_text(encoding="utf-8")
    assert report.startswith("<!doctype html>")
    assert report.count("<img") == 12 * 2 + 5
    assert "<script" not in report
    found = command.answer("seven.png")
    assert found["digit"]["label"] == 7
    assert len(found["stages"]) == 8
    code, out, _err = command.run("seven.png", "--lang", "ko")
    assert "읽은 값 7" in out
    assert command.run("seven.png", "--digit", "-1")[0] == 2
    assert command.run("seven.png", "--draw", "figure.jpg")[0] == 2
    assert command.run("missing.png")[0] == 2


def test_a_notebook_shows_pictures_and_no_arrays() -> None:
    reading = read(b"P5 28 28 255 " + glassnet.mnist().test.images[0].tobytes())
    laboratory = examine(reading)
    for thing, text in ((reading, "'7'"), (laboratory, "7")):
        assert len(repr(thing)) < 200
        assert text in repr(thing)
        shown = thing._repr_html_()
        assert "data:image/png;base64," in shown
        assert "<script" not in shown
