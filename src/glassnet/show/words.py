"""Words that terminal, page and figure share: percentages and the names of the sets; draws nothing."""

from glassnet.locale import N_, _

_SETS = {"train": N_("Training set"), "validation": N_("Validation set"), "test": N_("Test set")}


def percent(fraction: float, decimals: int = 2) -> str:
    """Write a fraction as a percentage, in the language's own way.

    >>> import glassnet
    >>> glassnet.use_language("en")
    >>> percent(0.95404)
    '95.40 %'
    """
    return _("{number} %").format(number=f"{fraction * 100:.{decimals}f}")


def set_name(name: str) -> str:
    """Return the title of a set: that of the three in the current language, any other as it is called."""
    return _(_SETS[name]) if name in _SETS else name
