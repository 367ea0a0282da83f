"""What a setting may be, as data, and the one function that checks it and phrases the error; knows no setting."""

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glassnet.errors import InputError
from glassnet.locale import _


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    def phrase(self) -> str:
        """Say in words what is allowed."""
        return _("a whole number from {low} to {high:,}").format(low=self.low, high=self.high)

    def accept(self, value: Any) -> int | None:
        """Return `value` as an int, or None when it is not allowed."""
        if isinstance(value, bool):
            return None
        try:
            number = operator.index(value)
        except TypeError:
            return None
        return number if self.low <= number <= self.high else None


@dataclass(frozen=True)
class Real:
    """A number from `low` to `high`; `open_low` and `open_high` leave the ends out."""

    low: float
    high: float
    open_low: bool = False
    open_high: bool = False

    def phrase(self) -> str:
        """Say in words what is allowed."""
        interval = (
            f"{'(' if self.open_low else '['}{self.low:g}, {self.high:g}{')' if self.open_high else ']'}"
        )
        return _("a number in the range {interval}").format(interval=interval)

    def accept(self, value: Any) -> float | None:
        """Return `value` as a float, or None when it is not allowed."""
        if isinstance(value, bool | str | bytes):
            return None
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            return None
        above = number > self.low if self.open_low else number >= self.low
        below = number < self.high if self.open_high else number <= self.high
        return number if above and below and math.isfinite(number) else None


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    def phrase(self) -> str:
        """Say in words what is allowed."""
        return ", ".join(self.words)

    def accept(self, value: Any) -> str | None:
        """Return `value`, or None when it is not allowed."""
        return value if isinstance(value, str) and value in self.words else None


Constraint = Whole | Real | OneOf


def check(settings: object, constraints: Mapping[str, Constraint]) -> None:
    """Check the fields of a frozen dataclass in place: NumPy numbers become Python's own.

    Raises `InputError` that names the field, what is allowed and what was found.

    >>> from types import SimpleNamespace
    >>> check(SimpleNamespace(epochs=0), {"epochs": Whole(1, 100)})
    Traceback (most recent call last):
    glassnet.errors.InputError: epochs: expected a whole number from 1 to 100, found 0
    """
    for name, constraint in constraints.items():
        found = getattr(settings, name)
        accepted = constraint.accept(found)
        if accepted is None:
            text = repr(found)
            raise InputError(
                name, expected=constraint.phrase(), found=text if len(text) <= 60 else f"{text[:57]}..."
            )
        object.__setattr__(settings, name, accepted)
