"""A set is indexed as Python does, in the lecture's shapes, and cannot be changed."""

import hashlib
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet import DataSet, DataSets, InputError, OutOfRangeError, ShapeError

RANDOM = np.random.default_rng(1)
IMAGES = RANDOM.integers(0, 256, (20, 784), dtype=np.uint8)
LABELS = (np.arange(20) % 10).astype(np.uint8)
SET = DataSet("test", IMAGES, LABELS)


def test_one_image_as_the_lecture_has_it() -> None:
    image, label = SET[3]
    np.testing.assert_array_equal(image, IMAGES[3])
    assert (image.shape, str(image.dtype), label, type(label)) == ((784,), "uint8", 3, int)
    x = SET.column(3)
    assert (x.shape, str(x.dtype)) == ((784, 1), "float64")
    np.testing.assert_array_equal(x[:, 0] * 255, IMAGES[3])
    t = SET.one_hot(13)
    assert (t.shape, str(t.dtype)) == ((10, 1), "float64")
    np.testing.assert_array_equal(t[:, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0])


def test_iteration_ends_and_negative_indices_count_from_the_end() -> None:
    assert [label for _image, label in SET] == LABELS.tolist()
    assert SET[-1][1] == 9
    assert SET[np.int64(2)][1] == 2
    np.testing.assert_array_equal(SET.column(-20), SET.column(0))


@pytest.mark.parametrize("index", [20, -21, 10**30])
def test_an_index_past_the_end_is_an_input_error_and_an_index_error(index: int) -> None:
    for ask in (SET.__getitem__, SET.column, SET.one_hot):
        with pytest.raises(OutOfRangeError, match=f"expected 0 to 19, found {index}") as caught:
            ask(index)
        assert isinstance(caught.value, InputError)
        assert isinstance(caught.value, IndexError)


def test_an_index_that_is_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="a whole number or a slice, found float"):
        SET[1.5]  # type: ignore[call-overload]


@given(st.slices(20))
def test_a_slice_is_a_set_that_says_where_it_was_cut(part: slice) -> None:
    cut = SET[part]
    np.testing.assert_array_equal(cut.images, IMAGES[part])
    np.testing.assert_array_equal(cut.labels, LABELS[part])
    assert cut.images.flags.c_contiguous
    assert not cut.images.flags.writeable
    # Image 0 of a set called "test" is the test set's image 0, always.
    assert (cut.name == "test") == (len(cut) == 20 and (part.step or 1) > 0)


def test_a_step_of_one_copies_nothing() -> None:
    assert np.shares_memory(SET[5:10].images, SET.images)
    assert SET[5:10].name == "test[5:10]"
    assert SET[10:5:-2].name == "test[10:5:-2]"


def test_nobody_can_change_it() -> None:
    own = IMAGES.copy()
    part = DataSet("mine", own, LABELS)
    own[:] = 0
    np.testing.assert_array_equal(part.images, IMAGES)
    for array in (part.images, part.labels, part[0][0], part.counts):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(FrozenInstanceError):
        part.name = "other"  # type: ignore[misc]
    assert own.flags.writeable


def test_sum_and_counts() -> None:
    assert SET.sha256 == hashlib.sha256(IMAGES.tobytes() + LABELS.tobytes()).hexdigest()
    assert SET.counts.tolist() == [2] * 10
    assert SET[:0].counts.tolist() == [0] * 10
    with pytest.raises(OutOfRangeError, match="a set with images in it"):
        SET[:0][0]


@pytest.mark.parametrize(
    ("images", "labels", "what"),
    [
        (IMAGES.astype(float), LABELS, "images"),
        (IMAGES.reshape(20, 28, 28), LABELS, "images"),
        (IMAGES[:, :783], LABELS, "images"),
        (IMAGES, LABELS[:19], "labels"),
        (IMAGES, LABELS.astype(int), "labels"),
        (IMAGES, LABELS[:, None], "labels"),
    ],
)
def test_arrays_of_another_shape_or_type_are_refused(
    images: np.ndarray, labels: np.ndarray, what: str
) -> None:
    with pytest.raises(ShapeError, match=f"^{what}: expected uint8"):
        DataSet("test", images, labels)


def test_a_label_above_nine_is_refused() -> None:
    with pytest.raises(InputError, match="labels from 0 to 9, found 10"):
        DataSet("test", IMAGES, np.full(20, 10, np.uint8))


def test_the_three_by_order_and_by_name() -> None:
    train, validation = DataSet("train", IMAGES, LABELS), DataSet("validation", IMAGES, LABELS)
    sets = DataSets("own", train, validation, SET, source="here")
    assert list(sets) == [train, validation, SET]
    assert sets["validation"] is validation
    with pytest.raises(InputError, match="train, validation, test, found 'tset'"):
        sets["tset"]
