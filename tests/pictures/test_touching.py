"""What is cut out of rows of touching digits: whole digits with their labels, and pieces of none."""

import numpy as np
from tools.no_digits import LABEL
from tools.touching import cut_rows

import glassnet


def test_rows_give_whole_digits_and_wrong_cuts() -> None:
    train = glassnet.mnist().train
    images, kinds = cut_rows(train.images[:60], train.labels[:60], np.random.default_rng(0))
    assert images.shape == (len(kinds), 784)
    assert 10 < (kinds < LABEL).sum() < (kinds == LABEL).sum()
    right = kinds < LABEL
    read = glassnet.pictures.Reader.load("reader").network.predict(images[right])
    assert (read == kinds[right]).mean() > 0.85  # the label is that of the digit that was cut out
