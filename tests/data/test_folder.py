"""Folders of one's own: four IDX files, or pictures; what does not fit is named."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import glassnet
from glassnet.data.four_files import NAMES
from glassnet.data.picture import read_gray

RANDOM = np.random.default_rng(3)


def digit(value: int) -> np.ndarray:
    """A dark picture whose one bright pixel tells which it is: (28, 28) uint8."""
    image = np.zeros((28, 28), np.uint8)
    image[5 + value // 18, 5 + value % 18] = 255
    return image


def write_classes(folder: Path, names: list[str], count: int, suffix: str = ".png") -> None:
    for label, name in enumerate(names):
        (folder / name).mkdir(parents=True)
        for index in range(count):
            Image.fromarray(digit(label * count + index)).save(folder / name / f"{index:03}{suffix}")


def which(images: np.ndarray) -> list[int]:
    return [int((at // 28 - 5) * 18 + at % 28 - 5) for at in images.argmax(axis=1)]


@pytest.mark.parametrize("zipped", [False, True])
def test_four_idx_files(tmp_path: Path, four_files: Callable[..., list[np.ndarray]], zipped: bool) -> None:
    train_images, train_labels, test_images, test_labels = four_files(tmp_path, zipped=zipped)
    data = glassnet.load(tmp_path)
    np.testing.assert_array_equal(data.validation.images, train_images[:2].reshape(-1, 784))
    np.testing.assert_array_equal(data.train.images, train_images[2:].reshape(-1, 784))
    np.testing.assert_array_equal(data.train.labels, train_labels[2:])
    np.testing.assert_array_equal(data.test.images, test_images.reshape(-1, 784))
    np.testing.assert_array_equal(data.test.labels, test_labels)
    assert data.name == str(tmp_path)


def test_mnist_as_a_folder_is_mnist() -> None:
    from glassnet.data.packaged import FOLDER

    data = glassnet.load(FOLDER)
    assert data.files == glassnet.mnist().files
    assert [part.sha256 for part in data] == [part.sha256 for part in glassnet.mnist()]


def test_names_with_a_dot_and_a_mixture(tmp_path: Path, four_files: Callable[..., list[np.ndarray]]) -> None:
    four_files(tmp_path)
    file = tmp_path / NAMES[0]
    (tmp_path / "train-images.idx3-ubyte.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()
    assert len(glassnet.load(str(tmp_path)).train) == 22


def test_a_missing_file_and_files_that_do_not_go_together(
    tmp_path: Path, four_files: Callable[..., list[np.ndarray]]
) -> None:
    four_files(tmp_path)
    (tmp_path / NAMES[3]).unlink()
    with pytest.raises(glassnet.InputError, match=f"{NAMES[3]}.*only some"):
        glassnet.load(tmp_path)
    (tmp_path / NAMES[3]).write_bytes((tmp_path / NAMES[1]).read_bytes())
    with pytest.raises(glassnet.FileFormatError, match=r"as many images as labels \(24\), found 10"):
        glassnet.load(tmp_path)


@pytest.mark.parametrize(("train", "test", "least"), [(0, 5, 2), (1, 5, 2), (5, 0, 1)])
def test_too_few_images(
    tmp_path: Path, four_files: Callable[..., list[np.ndarray]], train: int, test: int, least: int
) -> None:
    four_files(tmp_path, train, test)
    with pytest.raises(glassnet.FileFormatError, match=f"at least {least} images"):
        glassnet.load(tmp_path)


def test_pictures_are_split_by_their_place_in_the_class(tmp_path: Path) -> None:
    write_classes(tmp_path, ["3", "8"], 16)
    data = glassnet.load(tmp_path)
    assert which(data.test.images) == [1, 8, 15, 17, 24, 31]
    assert which(data.validation.images) == [2, 18]
    assert which(data.train.images) == [n for n in range(32) if n not in (1, 8, 15, 17, 24, 31, 2, 18)]
    assert data.test.labels.tolist() == [3] * 3 + [8] * 3
    assert data.classes == tuple("0123456789")
    assert data.notes == ()


def test_fourteen_pictures_give_eleven_one_and_two(tmp_path: Path) -> None:
    write_classes(tmp_path, ["0"], 14)
    assert [len(part) for part in glassnet.load(tmp_path)] == [11, 1, 2]


def test_names_become_numbers_in_their_order(tmp_path: Path) -> None:
    write_classes(tmp_path, ["dog", "cat", "10"], 3)
    data = glassnet.load(tmp_path)
    assert data.classes == ("10", "cat", "dog")
    assert dict(zip(which(data.train.images), data.train.labels.tolist(), strict=True)) == {0: 2, 3: 1, 6: 0}


def test_folders_for_the_sets(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", ["0", "1"], 14)
    write_classes(tmp_path / "test", ["0", "1"], 2)
    data = glassnet.load(tmp_path)
    assert [len(part) for part in data] == [24, 4, 4]
    assert which(data.validation.images) == [1, 13, 15, 27]
    write_classes(tmp_path / "validation", ["1"], 3)
    data = glassnet.load(tmp_path)
    assert [len(part) for part in data] == [28, 3, 4]
    assert data.validation.labels.tolist() == [1, 1, 1]


def test_progress_is_told(tmp_path: Path) -> None:
    write_classes(tmp_path, ["0"], 3)
    seen: list[tuple[str, int, int]] = []
    glassnet.load(tmp_path, progress=lambda *step: seen.append(step))
    assert seen == [(str(tmp_path), n, 3) for n in (1, 2, 3)]


def test_a_folder_of_dark_ink_is_inverted_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    for index in range(4):
        Image.fromarray(255 - digit(index)).save(tmp_path / "7" / f"{index}.png")
    # One that is light at its border by nature does not turn the folder round.
    data = glassnet.load(tmp_path)
    assert which(data.train.images) == [0, 3]
    assert data.train.images.max() == 255
    assert "inverted" in data.notes[0]


def test_one_light_picture_does_not_turn_the_others(tmp_path: Path) -> None:
    write_classes(tmp_path, ["0"], 6)
    Image.new("L", (28, 28), 255).save(tmp_path / "0" / "zz.png")
    data = glassnet.load(tmp_path)
    assert data.notes == ()
    assert data.train.images[-1].min() == 255


def empty(folder: Path) -> None:
    pass


def empty_class(folder: Path) -> None:
    write_classes(folder, ["0", "1"], 3)
    (folder / "2").mkdir()
    (folder / "2" / ".DS_Store").write_bytes(b"clutter")


def another_size(folder: Path) -> None:
    write_classes(folder, ["0"], 3)
    Image.new("L", (32, 28)).save(folder / "0" / "wide.png")


def zero_bytes(folder: Path) -> None:
    write_classes(folder, ["0"], 3)
    (folder / "0" / "nothing.png").write_bytes(b"")


def eps(folder: Path) -> None:
    write_classes(folder, ["0"], 3)
    (folder / "0" / "drawing.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 28 28\n")


def gif(folder: Path) -> None:
    write_classes(folder, ["0"], 3)
    Image.new("L", (28, 28)).save(folder / "0" / "moving.png", format="GIF")


def a_table(folder: Path) -> None:
    write_classes(folder, ["0"], 3)
    (folder / "0" / "labels.csv").write_text("a,b")


def a_folder_within(folder: Path) -> None:
    write_classes(folder, ["0"], 3)
    (folder / "0" / "more").mkdir()


def a_pipe(folder: Path) -> None:
    write_classes(folder, ["0"], 3)
    os.mkfifo(folder / "0" / "pipe.png")


def eleven(folder: Path) -> None:
    write_classes(folder, [f"class{n:02}" for n in range(11)], 3)


def too_few(folder: Path) -> None:
    write_classes(folder, ["0", "1"], 2)


def no_test(folder: Path) -> None:
    write_classes(folder / "train", ["0"], 3)


def no_classes(folder: Path) -> None:
    write_classes(folder / "train", ["0"], 3)
    (folder / "test").mkdir()


def only_files(folder: Path) -> None:
    (folder / "one.png").write_bytes(b"")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (empty, "an empty folder"),
        (empty_class, "2: expected pictures of this class, found an empty folder"),
        (another_size, "wide.png: expected .*28 × 28.*found 32 × 28"),
        (zero_bytes, "nothing.png: .*empty file"),
        (eps, "drawing.png: .*EPS"),
        (gif, "moving.png: .*GIF"),
        (a_table, "labels.csv: expected a PNG"),
        (a_folder_within, "more: expected a PNG"),
        (a_pipe, "pipe.png: .*pipe"),
        (eleven, "at most ten classes, found 11"),
        (too_few, "at least one picture for validation"),
        (no_test, "folders train and test, found train"),
        (no_classes, "test: expected one sub-folder of pictures per class"),
        (only_files, "four IDX files, or one sub-folder of pictures per class, found 1 files"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, make: Callable[[Path], None], reason: str) -> None:
    make(tmp_path)
    with pytest.raises(glassnet.InputError, match=reason):
        glassnet.load(tmp_path)


def test_names_that_are_nothing(tmp_path: Path) -> None:
    with pytest.raises(glassnet.InputError, match="one of mnist, fashion-mnist, kmnist, or a folder"):
        glassnet.load("emnist")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(glassnet.InputError, match="a folder, found a file"):
        glassnet.load(tmp_path / "file")


@pytest.mark.parametrize("suffix", [".png", ".webp", ".bmp", ".pgm", ".PNG"])
def test_lossless_formats_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    image = RANDOM.integers(0, 256, (28, 28), dtype=np.uint8)
    file = tmp_path / f"picture{suffix}"
    Image.fromarray(image).save(file, lossless=True) if suffix == ".webp" else Image.fromarray(image).save(
        file
    )
    np.testing.assert_array_equal(read_gray(file), image)


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"P5 28 28 255 "]),
)
def test_any_bytes_are_a_picture_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, magic: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.png"
    file.write_bytes(magic + content)
    try:
        image = read_gray(file)
    except glassnet.GlassnetError as error:
        assert str(file) in str(error)
    else:
        assert (image.shape, str(image.dtype)) == ((28, 28), "uint8")


def test_every_truncation_of_a_picture_is_refused_or_changes_no_pixel(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    image = RANDOM.integers(0, 256, (28, 28), dtype=np.uint8)
    Image.fromarray(image).save(file)
    content = file.read_bytes()
    checks = content.index(b"IEND") - 12  # what follows the pixels: their checksums and an empty chunk
    for length in range(len(content)):
        file.write_bytes(content[:length])
        try:
            read = read_gray(file)
        except glassnet.FileFormatError:
            continue
        assert length >= checks
        np.testing.assert_array_equal(read, image)
