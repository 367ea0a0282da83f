"""Made-up photographs, a few of those that `benchmarks/scenes.py` measures: digits found, empty pictures refused."""

import pytest

from glassnet.pictures import read
from scenery import scene, without_digits


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Intersection over union of two boxes."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0.0, across) * max(0.0, down)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


def test_most_digits_are_found_and_in_their_lines() -> None:
    written = found = 0
    for seed in (2, 3, 6, 9, 12, 17):
        made = scene(seed)
        reading = read(made.content)
        boxes = [digit.box for digit in (*reading.digits, *reading.refused)]
        written += len(made.digits)
        found += sum(
            max((overlap(box, truth.box) for box in boxes), default=0) >= 0.5 for truth in made.digits
        )
    # 98 % is what is wanted and not yet reached: benchmarks/scenes.py measures it on many more
    assert found >= 0.9 * written


@pytest.mark.parametrize("seed", [0, 5, 10, 15])
def test_blank_sheets_get_no_answer(seed: int) -> None:
    reading = read(without_digits(seed).content)
    assert reading.text == ""
    assert reading.reason


def test_a_scene_is_made_by_its_seed_alone() -> None:
    assert scene(4).content == scene(4).content
    assert scene(4).content != scene(5).content
