"""The largest and smallest of what lies around each pixel: as SciPy's filters have it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from glassnet.pictures.around import closed, largest, opened, smallest

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=20)
PICTURES = hnp.arrays(np.float32, SHAPES, elements=st.floats(-9, 9, width=32))
WIDE = st.sampled_from((1, 3, 5, 9, 11, 17))


@settings(deadline=None)
@given(PICTURES, WIDE)
def test_gray_pictures_are_opened_and_closed_as_scipy_does(values: np.ndarray, wide: int) -> None:
    square = (wide, wide)
    np.testing.assert_array_equal(closed(values, wide), ndimage.grey_closing(values, square, mode="nearest"))
    np.testing.assert_array_equal(opened(values, wide), ndimage.grey_opening(values, square, mode="nearest"))


@settings(deadline=None)
@given(hnp.arrays(bool, SHAPES), st.integers(1, 6))
def test_masks_grow_and_shrink_as_scipy_has_it(mask: np.ndarray, reach: int) -> None:
    wide, block = 2 * reach + 1, np.ones((3, 3))
    np.testing.assert_array_equal(largest(mask, wide), ndimage.binary_dilation(mask, block, reach))
    np.testing.assert_array_equal(
        smallest(mask, wide), ndimage.binary_erosion(mask, block, reach, border_value=1)
    )
