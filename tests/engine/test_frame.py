"""The frame: what of a picture's ink becomes MNIST's 28 × 28."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import glassnet
from glassnet.engine import native
from glassnet.errors import ShapeError

pytestmark = pytest.mark.skipif(not native.available(), reason="the compiled core was not built")


def test_mnist_s_own_images_come_out_of_the_frame_as_they_went_in() -> None:
    """Their longer side is 20, but for three, whose 19 are doubled first."""
    images = glassnet.mnist().test.images.reshape(-1, 28, 28)
    framed = np.array([native.frame(image) for image in images])
    off = np.abs(framed.astype(int) - images).max(axis=(1, 2))
    assert np.flatnonzero(off > 1).tolist() == [4530, 9300, 9302]


@given(
    times=st.integers(1, 6),
    place=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    index=st.integers(0, 9999),
)
@settings(deadline=None, max_examples=50)
def test_size_and_place_do_not_matter(times: int, place: tuple[int, int], index: int) -> None:
    image = glassnet.mnist().test.images[index].reshape(28, 28)
    large = np.kron(image, np.ones((times, times), np.uint8))
    paper = np.zeros((28 * times + 60, 28 * times + 60), np.uint8)
    paper[place[0] : place[0] + len(large), place[1] : place[1] + len(large)] = large
    rows, columns = np.nonzero(image)
    # a box of odd size in an even square stands half a pixel off its middle, and half a pixel depends on the size
    assume(times == 1 or (np.ptp(rows) - np.ptp(columns)) % 2 == 0)
    expected, got = native.frame(image), native.frame(paper)
    assert expected is not None
    assert got is not None
    assert np.abs(expected.astype(int) - got).max() <= 1


def test_frame_of_a_dot_a_line_and_nothing() -> None:
    assert native.frame(np.zeros((50, 40), np.uint8)) is None
    assert native.frame(np.zeros((0, 40), np.uint8)) is None
    dot = np.zeros((50, 40), np.uint8)
    dot[3, 4] = 7  # ink of one value: the darkest is 255
    framed = native.frame(dot)
    assert framed is not None
    assert np.unique(framed).tolist() == [0, 255]
    line = native.frame(np.full((300, 3), 200, np.uint8))
    assert line is not None
    rows, columns = np.nonzero(line)
    assert rows.max() - rows.min() == 19
    assert 14 <= np.average(np.arange(28) + 0.5, weights=line.sum(axis=0)) < 15
    assert len(set(columns.tolist())) == 2
    with pytest.raises(ShapeError, match="ink"):
        native.frame(np.zeros((5, 5)))  # type: ignore[arg-type]
