"""IDX files come back as they are; every damaged or lying one is refused with a sentence, before memory is spent."""

import gzip
import hashlib
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet import FileFormatError, GlassnetError, InputError
from glassnet.data.idx import read_idx, read_images, read_labels


def idx_bytes(values: np.ndarray) -> bytes:
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()


IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
LABELS = np.array([7, 2, 1], np.uint8)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["raw", "gz"])
def test_values_header_and_sum_come_back(tmp_path: Path, pack: object) -> None:
    content = idx_bytes(IMAGES)
    file = tmp_path / "whatever-it-is-called"
    file.write_bytes(pack(content))  # type: ignore[operator]
    read = read_idx(file)
    np.testing.assert_array_equal(read.values, IMAGES)
    assert read.values.dtype == np.uint8
    assert not read.values.flags.writeable
    assert read.sha256 == hashlib.sha256(content).hexdigest()
    np.testing.assert_array_equal(read_images(file).values, IMAGES.reshape(3, 784))


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["raw", "gz"])
def test_every_truncation_is_refused(tmp_path: Path, pack: object) -> None:
    content = pack(idx_bytes(LABELS))  # type: ignore[operator]
    file = tmp_path / "labels"
    for length in range(len(content)):
        file.write_bytes(content[:length])
        with pytest.raises(FileFormatError) as caught:
            read_idx(file)
        assert str(file) in str(caught.value)
        assert caught.value.found is not None


def test_every_truncation_of_an_image_file_is_refused(tmp_path: Path) -> None:
    content = idx_bytes(IMAGES[:1])
    file = tmp_path / "images"
    file.write_bytes(content)
    assert read_images(file).values.shape == (1, 784)
    for length in reversed(range(len(content))):
        os.truncate(file, length)
        with pytest.raises(FileFormatError, match=r"expected .*found"):
            read_images(file)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["raw", "gz"])
def test_bytes_too_many_are_refused(tmp_path: Path, pack: object) -> None:
    file = tmp_path / "labels"
    file.write_bytes(pack(idx_bytes(LABELS) + b"\0"))  # type: ignore[operator]
    with pytest.raises(FileFormatError, match="11 bytes, as its header says"):
        read_idx(file)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (
            struct.pack(">HBB3I", 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1),
            "at most 1,073,741,824 b|as its header",
        ),
        (
            struct.pack(">HBB3I", 0, 8, 3, 4_000_000, 1024, 784),
            "at most|as its header says",
        ),  # 3.2 TB in 16 bytes
        (struct.pack(">HBB3I", 0, 8, 3, 1_000_000, 28, 28), "bytes, as its header says"),
        (struct.pack(">HBB1I", 0, 8, 1, 2**32 - 1), "at most|as its header says"),
        (struct.pack(">HBB", 0, 8, 0), "magic"),
        (struct.pack(">HBB4I", 0, 8, 4, 1, 1, 1, 1), "magic"),
        (struct.pack(">HBB1I", 0, 0x0D, 1, 1) + bytes(4), "magic"),  # floats
        (b"\x89PNG\r\n\x1a\n", "found 0x89504e47"),
        (b"<!DOCTYPE html>", "found 0x3c21444f"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["raw", "gz"])
def test_a_lying_header_costs_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: bytes, reason: str, pack: object
) -> None:
    monkeypatch.setattr(np, "empty", lambda *_: pytest.fail("memory was asked for"))
    file = tmp_path / "images"
    file.write_bytes(pack(header))  # type: ignore[operator]
    with pytest.raises(FileFormatError, match=reason):
        read_idx(file)


def test_a_large_plain_file_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.arange(5 * 784, dtype=np.uint16).astype(np.uint8).reshape(5, 28, 28)
    file = tmp_path / "images"
    file.write_bytes(idx_bytes(values))
    read = read_images(file)
    monkeypatch.setattr("glassnet.data.idx.LARGEST", values.size - 1)
    monkeypatch.setattr(np, "empty", lambda *_: pytest.fail("memory was asked for"))
    mapped = read_images(file)
    assert np.array_equal(mapped.values, read.values)
    assert mapped.sha256 == read.sha256
    with pytest.raises(ValueError, match="read-only"):
        mapped.values[0, 0] = 1
    file.write_bytes(gzip.compress(idx_bytes(values)))
    with pytest.raises(FileFormatError, match=r"at most 3,919 bytes.*unzip it"):
        read_images(file)


def test_a_gzip_bomb_is_not_inflated(tmp_path: Path) -> None:
    file = tmp_path / "labels"
    file.write_bytes(gzip.compress(idx_bytes(LABELS) + bytes(200_000_000), 9))
    with pytest.raises(FileFormatError, match="found more"):
        read_idx(file)


def test_a_flipped_bit_in_a_gzip_file_is_noticed(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(idx_bytes(IMAGES), mtime=0))
    file = tmp_path / "images"
    for position in range(10, len(content), 7):
        damaged = bytearray(content)
        damaged[position] ^= 1
        file.write_bytes(damaged)
        with pytest.raises(FileFormatError):
            read_idx(file)


def test_dimensions_and_labels_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(idx_bytes(np.zeros((2, 32, 32), np.uint8)))
    with pytest.raises(FileFormatError, match="28 × 28 pixels, found 32 × 32"):
        read_images(file)
    with pytest.raises(FileFormatError, match="one dimension"):
        read_labels(file)
    file.write_bytes(idx_bytes(np.array([3, 10], np.uint8)))
    with pytest.raises(FileFormatError, match="labels from 0 to 9, found 10"):
        read_labels(file)
    with pytest.raises(FileFormatError, match="three dimensions"):
        read_images(file)


def test_what_is_no_file_does_not_hang(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing there"):
        read_idx(tmp_path / "missing")
    with pytest.raises(InputError, match="not a file"):
        read_idx(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a file"):
        read_idx(tmp_path / "pipe")


@given(
    st.binary(max_size=200)
    | st.builds(
        lambda kind, dimensions, sizes, body: struct.pack(">HBB3I", 0, kind, dimensions, *sizes) + body,
        st.sampled_from([8, 8, 8, 9, 0x0D]),
        st.integers(0, 4),
        st.tuples(*[st.integers(0, 6) | st.integers(0, 2**32 - 1)] * 3),
        st.binary(max_size=64),
    ),
    st.booleans(),
)
def test_any_bytes_give_values_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, zipped: bool
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed"
    file.write_bytes(gzip.compress(content) if zipped else content)
    try:
        read = read_idx(file)
    except GlassnetError as error:
        assert str(file) in str(error)
    else:
        assert idx_bytes(read.values) == (
            content if zipped or content[:2] != b"\x1f\x8b" else gzip.decompress(content)
        )


@given(st.binary(max_size=120))
def test_any_bytes_after_the_gzip_magic_give_values_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed-gz"
    file.write_bytes(b"\x1f\x8b\x08" + content)
    with pytest.raises(GlassnetError):
        read_idx(file)
