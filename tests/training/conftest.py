"""Data and recipes small enough for tests: real images, a fraction of a second."""

import pytest

import glassnet
from glassnet.data import DataSet
from glassnet.training import Distortion, Recipe


@pytest.fixture(scope="session")
def small() -> DataSet:
    """The first 1,030 training images: the last batch of 100 is a small one."""
    return glassnet.mnist().train[:1030]


@pytest.fixture(scope="session")
def judge() -> DataSet:
    """The first 500 validation images."""
    return glassnet.mnist().validation[:500]


@pytest.fixture(scope="session")
def everything() -> Recipe:
    """A recipe that uses all there is: 44 updates on `small`."""
    return Recipe(
        4,
        100,
        "adam",
        learning_rate=0.02,
        schedule="cosine",
        warmup=0.5,
        average=1,
        distortion=Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7),
    )
