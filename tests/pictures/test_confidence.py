"""The confidence: what a perfect fit looks like, what the threshold promises, and files that say nonsense."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.errors import FileFormatError, InputError
from glassnet.pictures.confidence import Confidence, fitted, log_odds


def sigmoid(z: np.ndarray) -> np.ndarray:
    odds: np.ndarray = np.exp(-z)
    return 1 / (1 + odds)


def test_the_fit_finds_the_numbers_that_made_the_data() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(2, 2, 40_000)
    outputs = np.full((len(z), 10), 1e-6)
    outputs[:, 3] = sigmoid(z)
    right = rng.random(len(z)) < sigmoid(0.6 * z - 0.5)
    confidence = fitted(outputs, np.where(right, 3, 4), kept=0.9)
    assert confidence.slope == pytest.approx(0.6, abs=0.03)
    assert confidence.intercept == pytest.approx(-0.5, abs=0.05)
    answered = confidence(outputs[right, 3]) >= confidence.threshold
    assert answered.mean() == pytest.approx(0.9, abs=0.001)


@pytest.mark.parametrize("right", [True, False])
def test_a_network_that_is_always_or_never_right_has_finite_numbers(right: bool) -> None:
    outputs = np.random.default_rng(1).random((100, 10))
    labels = outputs.argmax(1) if right else (outputs.argmax(1) + 1) % 10
    confidence = fitted(outputs, labels, kept=0.99)
    assert (confidence(outputs.max(1)).mean() > 0.9) == right
    assert 0 <= confidence.threshold <= 0.99


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 100), st.floats(-100, 100))
def test_more_output_is_never_less_confidence(one: float, two: float, slope: float, intercept: float) -> None:
    low, high = Confidence(slope, intercept)(np.sort([one, two]))
    assert 0 <= low <= high <= 1


def test_outputs_are_taken_as_they_are_by_default() -> None:
    outputs = np.array([0.0, 0.001, 0.5, 0.999, 1.0], np.float32)
    np.testing.assert_allclose(Confidence()(outputs), outputs, atol=2e-7)
    assert np.isfinite(log_odds(outputs)).all()


def test_metadata_go_round() -> None:
    confidence = Confidence(0.75, -0.25, 0.5)
    assert Confidence.from_metadata(confidence.to_metadata(), "a file") == confidence
    assert Confidence.from_metadata({"format": "glassnet-1"}, "a file") is None


@pytest.mark.parametrize(
    "changed", [{"confidence_slope": "steep"}, {"confidence_least": "2"}, {"confidence_intercept": "nan"}, {}]
)
def test_metadata_that_are_no_confidence_name_the_file(changed: dict[str, str]) -> None:
    metadata = Confidence().to_metadata() | changed
    if not changed:
        del metadata["confidence_least"]
    with pytest.raises(FileFormatError, match=r"mine\.safetensors.*confidence_least"):
        Confidence.from_metadata(metadata, "mine.safetensors")


@pytest.mark.parametrize("shape", [(0, 10), (10,)])
def test_without_outputs_there_is_nothing_to_fit(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="n ≥ 1"):
        fitted(np.zeros(shape), np.zeros(shape[0], int), kept=0.9)
