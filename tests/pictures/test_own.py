"""A folder of one's own digits: both forms, and every way in which it can be wrong."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import glassnet
from glassnet.errors import FileFormatError, InputError
from glassnet.pictures.own import read_own

TEST = glassnet.mnist().test
COUNT = 24


def picture(index: int) -> Image.Image:
    """A digit of MNIST's test set as a drawing program would save it: black on white, 140 x 140."""
    square = Image.fromarray(255 - TEST.images[index].reshape(28, 28))
    return square.resize((140, 140), Image.Resampling.BICUBIC)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A folder with labels.csv."""
    lines = ["path,label,writer"]
    for index in range(COUNT):
        picture(index).save(tmp_path / f"{index}.png")
        lines.append(f"{index}.png,{TEST.labels[index]},me")
    (tmp_path / "labels.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    return tmp_path


def test_a_list_and_folders_give_the_same_digits(
    listed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    by_list = read_own(listed)
    np.testing.assert_array_equal(by_list.digits.labels, TEST.labels[:COUNT])
    folders = tmp_path_factory.mktemp("folders")
    for index in range(COUNT):
        place = folders / str(TEST.labels[index])
        place.mkdir(exist_ok=True)
        picture(index).save(place / f"{index:02}.png")
    (folders / "0" / "Thumbs.db").write_bytes(b"left by a file manager")
    by_folder = read_own(folders)
    order = np.argsort(TEST.labels[:COUNT], kind="stable")
    np.testing.assert_array_equal(by_folder.digits.images, by_list.digits.images[order])
    np.testing.assert_array_equal(by_folder.digits.labels, by_list.digits.labels[order])


def test_the_digits_are_framed_as_mnist_frames_its_own(listed: Path) -> None:
    images = read_own(listed).digits.images.astype(int)
    assert np.abs(images - TEST.images[:COUNT]).mean() < 6


def test_progress_is_told_to_the_last_picture(listed: Path) -> None:
    told: list[tuple[int, int]] = []
    read_own(listed, lambda done, whole: told.append((done, whole)))
    assert told == [(number, COUNT) for number in range(1, COUNT + 1)]


def test_what_cannot_be_used_is_left_out_and_told(listed: Path) -> None:
    (listed / "3.png").write_bytes(b"")
    Image.new("L", (90, 90), 255).save(listed / "4.png")
    (listed / "5.png").unlink()
    own = read_own(listed)
    assert len(own.digits) == COUNT - 3
    assert [Path(file).name for file, _why in own.skipped] == ["3.png", "4.png", "5.png"]
    assert "empty file" in own.skipped[0][1]
    assert "no such file" in own.skipped[2][1]


@pytest.mark.parametrize(
    ("line", "expected", "found"),
    [
        ("0.png,", "a label from 0 to 9", "none"),
        ("0.png,12", "0 to 9", "12"),
        ("0.png,seven", "0 to 9", "seven"),
    ],
)
def test_labels_that_are_none_name_their_line(listed: Path, line: str, expected: str, found: str) -> None:
    (listed / "labels.csv").write_text(f"path,label\n1.png,2\n{line}\n")
    with pytest.raises(InputError, match=r"labels\.csv:3") as caught:
        read_own(listed)
    assert expected in str(caught.value)
    assert found in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "file,digit\n0.png,7\n", "\xff\xfe".encode("latin-1").decode("latin-1")]
)
def test_a_list_without_its_columns_says_which_it_has(listed: Path, text: str) -> None:
    (listed / "labels.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FileFormatError, match="path and label"):
        read_own(listed)


def test_a_list_that_is_no_text_is_told_so(listed: Path) -> None:
    (listed / "labels.csv").write_bytes(b"\xff\xfe\x00path")
    with pytest.raises(FileFormatError, match="UTF-8"):
        read_own(listed)


def test_too_few_digits_are_told_with_the_reasons(listed: Path) -> None:
    rows = (listed / "labels.csv").read_text(encoding="utf-8-sig").splitlines()
    (listed / "labels.csv").write_text("\n".join(rows[:8]))
    (listed / "2.png").write_bytes(b"not a picture")
    with pytest.raises(InputError, match=r"at least 20 .* found 6 .*2\.png"):
        read_own(listed)


def test_a_folder_without_labels_says_what_is_needed(tmp_path: Path) -> None:
    picture(0).save(tmp_path / "seven.png")
    with pytest.raises(InputError, match=r"labels\.csv .*found seven\.png"):
        read_own(tmp_path)
    with pytest.raises(InputError, match="nothing there"):
        read_own(tmp_path / "no such folder")


def test_a_folder_called_ten_is_no_digit(tmp_path: Path) -> None:
    for name in ("1", "10"):
        (tmp_path / name).mkdir()
    with pytest.raises(InputError, match="digits from 0 to 9, found 10"):
        read_own(tmp_path)
