"""How numbers look in the terminal: four decimals, signs, bars, grids of cells; knows no trace.

Blue is positive and orange negative, in two tones that are read on a light and on a dark screen; the sign is always
written too, so that nothing is lost without color.
"""

from collections.abc import Sequence
from math import isfinite, isnan

from rich.text import Text

from glassnet.show.colors import signed

POSITIVE = "#2f7fd0"
NEGATIVE = "#c8690f"
ACCENT = "#0a8f7f"
QUIET = "#767e88"  # a gray of its own: terminals make "bright black" anything, invisible too
EIGHTHS = " ▏▎▍▌▋▊▉█"


def written(value: float, *, sign: bool = False, tiny: bool = False) -> str:
    """Write a number with four decimals, one of 10 million or more in powers of ten.

    With `tiny` one that is not 0 but would look so is written in powers of ten, too.

    >>> written(0.5), written(0.5, sign=True), written(-2.25), written(-0.0000123)
    ('0.5000', '+0.5000', '−2.2500', '0.0000')
    >>> written(-0.0000123, tiny=True), written(2e10, sign=True), written(float("nan"), sign=True)
    ('−1.2e−05', '+2.0000e+10', 'nan')
    """
    if isnan(value):
        return "nan"
    size = abs(value)
    if size >= 1e7 or (tiny and 0 < size < 0.00005):
        digits = ".4e" if size >= 1e7 else ".1e"
        return format(value, f"+{digits}" if sign else digits).replace("-", "−")
    return signed(value) if sign or value < 0 else f"{value:.4f}"


def colored(value: float, *, sign: bool = False, tiny: bool = False, width: int = 0) -> Text:
    """Write a number at the right of `width` columns; with `sign`, blue if it has a + and orange with a −."""
    text = written(value, sign=sign, tiny=tiny)
    style = {"+": POSITIVE, "−": NEGATIVE}.get(text[0], "") if sign else ""
    return Text(text.rjust(width), style)


def bar(share: float, width: int, *, ascii_only: bool = False) -> str:
    """Draw `share` of a bar of `width` columns, to an eighth of a column; shares outside 0…1 are clipped.

    >>> bar(0.5, 4), bar(0.28125, 4), bar(2, 4)
    ('██  ', '█▏  ', '████')
    """
    eighths = round(min(max(share, 0.0), 1.0) * width * 8) if isfinite(share) else 0
    if ascii_only:
        return ("#" * round(eighths / 8)).ljust(width)
    full, part = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[part] if part else "")).ljust(width)


def grid(
    cells: Sequence[tuple[str, float]], width: int, *, sign: bool = False, tiny: bool = False
) -> list[Text]:
    """Set labeled numbers in even rows of at most `width` columns.

    As many rows as needed and no row much longer than another: 14 numbers become 7 + 7 rather than 9 + 5.
    """
    if not cells:
        return []
    labels = max(len(label) for label, _value in cells)
    numbers = max(len(written(value, sign=sign, tiny=tiny)) for _label, value in cells)
    fitting = max(1, (width + 3) // (labels + 1 + numbers + 3))
    rows = -(-len(cells) // fitting)
    each = -(-len(cells) // rows)
    lines = []
    for first in range(0, len(cells), each):
        line = Text()
        for place, (label, value) in enumerate(cells[first : first + each]):
            line.append(f"{'   ' if place else ''}{label:>{labels}} ", QUIET)
            line.append_text(colored(value, sign=sign, tiny=tiny, width=numbers))
        lines.append(line)
    return lines
