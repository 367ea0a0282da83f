"""An architecture is whole or refused, with the part that does not fit named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet import GlassnetError, InputError, ShapeError
from glassnet.engine.architecture import Architecture

BAD_SIZES = [(), (784,), (784, 0, 10), (784, -1, 10), (784.5, 10), "784-14-10", None, (10**9, 10), (784, "a")]


@pytest.mark.parametrize("sizes", BAD_SIZES, ids=repr)
def test_bad_sizes(sizes: object) -> None:
    with pytest.raises(InputError, match="sizes"):
        Architecture(sizes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "kind",
    [("relu6", "sigmoid", "squared_error"), ("relu", "softmax", "squared_error"), ("relu", "sigmoid", "mse")],
)
def test_bad_names(kind: tuple[str, str, str]) -> None:
    with pytest.raises(InputError, match="expected"):
        Architecture((784, 10), *kind)


def test_transposed_weights_are_told() -> None:
    with pytest.raises(ShapeError) as caught:
        Architecture().check_weights([np.zeros((785, 14)), np.zeros((10, 15))])
    assert str(caught.value) == "w1: expected (14, 785), found (785, 14); did you transpose it?"


def test_nan_is_located() -> None:
    w2 = np.zeros((10, 15))
    w2[3, 14] = np.nan
    with pytest.raises(InputError, match=r"w2\[3, 14\]: expected a finite number, found nan"):
        Architecture().check_weights([np.zeros((14, 785)), w2])


@given(st.one_of(st.none(), st.text(), st.lists(st.one_of(st.integers(), st.floats(), st.text()))))
def test_any_sizes_give_an_architecture_or_our_error(sizes: object) -> None:
    try:
        architecture = Architecture(sizes)  # type: ignore[arg-type]
    except GlassnetError:
        return
    assert len(architecture.sizes) >= 2
