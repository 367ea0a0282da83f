"""How steady answers are: digits stay what they are when they are moved a little, letters do not."""

import numpy as np
import pytest

import glassnet
from glassnet.locale import _
from glassnet.pictures import Reader, judge, read
from glassnet.pictures.steadiness import MOVES, steadiness
from scenery import without_digits


def test_digits_are_steady() -> None:
    reader, validation = Reader.load("reader"), glassnet.mnist().validation
    images, labels = validation.images[:400], validation.labels[:400]
    answers = reader.read(images)
    right = np.array([answer.label for answer in answers]) == labels
    steady = steadiness(images, answers, reader)
    assert steady.shape == (400,)
    assert (steady[right] >= judge.STEADY * reader.threshold).mean() > 0.97


def test_each_sign_is_looked_at_by_itself() -> None:
    reader, images = Reader.load("reader"), glassnet.mnist().test.images[:20]
    together = steadiness(images, reader.read(images), reader)
    alone = [steadiness(image[None], reader.read(image[None]), reader)[0] for image in images]
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert steadiness(images[:0], [], reader).shape == (0,)


def test_it_is_the_mean_over_the_sign_and_its_moves() -> None:
    reader, blank = Reader.load("reader"), np.zeros((1, 784), np.uint8)
    answer = reader.read(blank)
    assert steadiness(blank, answer, reader)[0] == pytest.approx(answer[0].confidence)  # paper stays paper
    assert len(MOVES) == 6


@pytest.mark.parametrize("seed", [22203, 38023])
def test_letters_and_scribbles_do_not_stay_a_digit(seed: int) -> None:
    reading = read(without_digits(seed).content)
    assert reading.text == ""
    unsteady = _(judge.UNSTEADY)
    assert {digit.reason for digit in reading.refused} & {unsteady.format(digit=digit) for digit in range(10)}


def test_letters_that_are_no_likely_digits_get_no_answer() -> None:
    assert read(without_digits(22072).content).text == ""


def test_signs_of_very_different_heights_are_no_digits() -> None:
    reading = read(without_digits(21083).content)
    assert reading.text == ""
    assert reading.reason == _(judge.DOUBTFUL)
