"""The tests of the compiled core are skipped where it was not built; here that is a failure, so that none vanishes."""

import pytest

from glassnet.engine import native


def test_the_core_was_built() -> None:
    if not native.available():
        pytest.fail("no compiled core: sudo apt install g++, then pip install --editable .", pytrace=False)
