"""Teaching one's own handwriting: it helps, little is forgotten, and what was held back was not seen."""

from pathlib import Path

import numpy as np
import pytest

import glassnet
from glassnet.data import DataSet
from glassnet.pictures import Reader, teach
from glassnet.pictures.own import Own
from glassnet.pictures.teaching import FOLDS, Taught, _folds

SMALL = {"glassnet.pictures.teaching.COPIES": 3_000, "glassnet.pictures.teaching.REMINDERS": 9_000}
TEST = glassnet.mnist().test


def mirrored(first: int, last: int) -> DataSet:
    """Digits as somebody writes them who writes in mirrors: nothing a network knows."""
    images = TEST.images[first:last].reshape(-1, 28, 28)[:, :, ::-1].reshape(-1, 784)
    return DataSet("own", np.ascontiguousarray(images), TEST.labels[first:last])


@pytest.fixture(scope="module")
def taught() -> Taught:
    with pytest.MonkeyPatch.context() as patch:
        for name, number in SMALL.items():
            patch.setattr(name, number)
        return teach(Own(mirrored(0, 100), ("",) * 100, ()), "lecture", seed=1)


def test_it_helps_and_hardly_forgets(taught: Taught) -> None:
    assert taught.own_after >= taught.own_before + 15
    assert taught.mnist_before == pytest.approx(0.948, abs=0.015)
    assert taught.mnist_after > taught.mnist_before - 0.05


def test_the_accuracy_holds_for_digits_that_come_later(taught: Taught) -> None:
    later = mirrored(1_000, 3_000)
    accuracy = (taught.network.predict(later.images) == later.labels).mean()
    assert accuracy == pytest.approx(taught.own_after / 100, abs=0.15)


def test_the_model_that_is_saved_is_a_reader_with_its_own_confidence(taught: Taught, tmp_path: Path) -> None:
    taught.save(tmp_path / "mine.safetensors")
    reader = Reader.load(tmp_path / "mine.safetensors")
    assert reader.network.fingerprint == taught.network.fingerprint
    assert reader.threshold == pytest.approx(taught.confidence.threshold, abs=1e-4)
    assert reader.network.metadata["taught"].startswith("100 digits")
    assert Reader.load("lecture").network.fingerprint == reader.network.metadata["start"]


def test_the_report_has_the_figures(taught: Taught) -> None:
    report = taught.to_json()
    assert report["digits"] == 100
    assert report["own"]["after"] == taught.own_after / 100
    low, high = report["own"]["interval"]
    assert low < report["own"]["after"] < high
    assert sum(report["counts"]) == 100


def test_every_fold_has_its_share_of_every_digit() -> None:
    labels = np.repeat(np.arange(10, dtype=np.uint8), 7)
    folds = _folds(labels, seed=0)
    assert np.bincount(folds).tolist() == [14] * FOLDS
    for digit in range(10):
        assert np.bincount(folds[labels == digit], minlength=FOLDS).max() <= 2
    np.testing.assert_array_equal(folds, _folds(labels, seed=0))
    assert (folds != _folds(labels, seed=1)).any()
