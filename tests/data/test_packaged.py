"""The packaged MNIST is MNIST, split as the lecture's 55,000 / 5,000 / 10,000; a damaged file is named."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import glassnet
from glassnet.data import packaged
from glassnet.data.four_files import NAMES
from glassnet.data.idx import read_images, read_labels


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Links to the four files: a test replaces what it damages."""
    for name in NAMES:
        (tmp_path / name).symlink_to(packaged.FOLDER / name)
    return tmp_path


def test_the_whole_files_have_the_published_sums() -> None:
    for name, sha256, size, pieces in zip(
        NAMES, packaged.SHA256, packaged.SIZES, packaged.PIECES, strict=True
    ):
        content = (packaged.FOLDER / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
        assert len(content) == size
        assert pieces == tuple(
            hashlib.sha256(content[i : i + packaged.PIECE]).hexdigest()
            for i in range(0, size, packaged.PIECE)
        )


def test_the_split() -> None:
    train, validation, test = data = glassnet.mnist()
    assert (len(train), len(validation), len(test)) == (55_000, 5_000, 10_000)
    images = read_images(packaged.FOLDER / NAMES[0]).values
    labels = read_labels(packaged.FOLDER / NAMES[1]).values
    np.testing.assert_array_equal(validation.images, images[:5_000])
    np.testing.assert_array_equal(train.images, images[5_000:])
    np.testing.assert_array_equal(validation.labels, labels[:5_000])
    np.testing.assert_array_equal(train.labels, labels[5_000:])
    np.testing.assert_array_equal(test.images, read_images(packaged.FOLDER / NAMES[2]).values)
    np.testing.assert_array_equal(test.labels, read_labels(packaged.FOLDER / NAMES[3]).values)
    # Training image N is image N + 5,000 of the file.
    for index in (0, 1, 12_345, 54_999):
        np.testing.assert_array_equal(train[index][0], images[index + 5_000])
        assert train[index][1] == labels[index + 5_000]
    assert validation.counts.tolist() == [479, 563, 488, 493, 535, 434, 501, 550, 462, 495]
    assert test.counts.tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert (train.counts + validation.counts).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]  # fmt: skip
    assert test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert data.files == dict(zip(NAMES, packaged.SHA256, strict=True))
    for part in data:
        assert part.images.flags.c_contiguous
        assert not part.images.flags.writeable
        assert (str(part.images.dtype), part.images.shape[1]) == ("uint8", 784)


def test_facts_about_the_pixels() -> None:
    data = glassnet.mnist()
    pixels = np.concatenate([data.train.images, data.validation.images])
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert round(float(pixels.mean()) / 255, 4) == 0.1307
    assert round(float(pixels.std()) / 255, 4) == 0.3081
    assert np.count_nonzero(pixels.any(axis=0)) == 717
    assert np.count_nonzero(data.test.images.max(axis=1) == 254) == 1_021


def test_later_calls_give_the_same_object() -> None:
    assert glassnet.mnist() is glassnet.mnist() is glassnet.load("mnist")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "damage", ["first byte", "last byte", "cut", "longer", "empty", "missing", "a folder"]
)
def test_a_damaged_file_is_named_with_both_sums_and_what_to_do(copy: Path, name: str, damage: str) -> None:
    content = bytearray((copy / name).read_bytes())
    if damage == "first byte":
        content[0] ^= 1
    elif damage == "last byte":
        content[-1] ^= 0x80
    elif damage == "cut":
        del content[-1]
    elif damage == "longer":
        content += b"\0"
    elif damage == "empty":
        content.clear()
    (copy / name).unlink()
    if damage == "a folder":
        (copy / name).mkdir()
    elif damage != "missing":
        (copy / name).write_bytes(content)
    with pytest.raises(glassnet.UnavailableError) as caught:
        packaged.read_mnist(copy)
    sentence = str(caught.value)
    assert str(copy / name) in sentence
    assert packaged.SHA256[NAMES.index(name)][:12] in sentence
    assert "pip install --force-reinstall --no-deps glassnet" in sentence
    if damage in ("missing", "a folder"):
        assert "no file that can be read" in sentence
    else:
        assert hashlib.sha256(content).hexdigest()[:12] in sentence


def test_a_file_that_fails_while_it_is_read_is_named(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = packaged._read_piece

    def failing(path: Path, content: np.ndarray, index: int) -> str:
        return "" if path.name == NAMES[2] else real(path, content, index)

    monkeypatch.setattr(packaged, "_read_piece", failing)
    with pytest.raises(glassnet.UnavailableError, match=NAMES[2]):
        packaged.read_mnist(copy)


def test_reading_it_imports_numpy_alone() -> None:
    code = (
        "import sys, numpy, glassnet; glassnet.mnist(); "
        "print([name for name in ('PIL', 'pooch', 'requests', 'rich', 'click', 'logging') if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    ).stdout
    assert shown == "[]\n"
