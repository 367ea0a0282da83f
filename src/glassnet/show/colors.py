"""The colors of all pictures, one table for figure, page and terminal; draws nothing.

Blue is positive and orange is negative everywhere, data is gray, activations run from white to teal over 0…1.
Colors are (…, 3) uint8 arrays or "#rrggbb". Never red against green; the sign is also written wherever there is room.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Colors = NDArray[np.uint8]

POSITIVE = "#0b57b0"
NEGATIVE = "#c05400"
ACCENT = "#00796b"
ONE = "#b3197c"  # the 1 that is appended for the biases
INK = "#1c2430"
QUIET = "#66707c"
LINE = "#c9d0d8"
PAPER = "#ffffff"

# Each size keeps one color in shapes, formulas, code and axes: by its place in the network, from the input on.
SIZES = ("#5b6470", "#7a3e9d", "#00796b")

# Steep near 0, so that the many small weights can be seen beside the few large ones; every legend has the same ramp.
_NEGATIVE_ENDS = ((0.0, "#ffffff"), (0.12, "#fddcb5"), (0.45, "#f0953f"), (1.0, "#a84300"))
_POSITIVE_ENDS = ((0.0, "#ffffff"), (0.12, "#c6ddf5"), (0.45, "#5a9be0"), (1.0, "#0b4a9e"))
_ACTIVATION_ENDS = ((0.0, "#ffffff"), (0.5, "#8fd0c6"), (1.0, "#006b5e"))


def diverging(values: ArrayLike, scale: float) -> Colors:
    """Color `values` of any shape from −scale (dark orange) over 0 (white) to scale (dark blue), `scale` above 0.

    >>> diverging([-1.0, 0.0, 1.0], 1.0).tolist()
    [[168, 67, 0], [255, 255, 255], [11, 74, 158]]
    """
    shares = np.nan_to_num(np.asarray(values, np.float64) / scale)  # a network may have overflowed
    negative, positive = _ramp(-shares, _NEGATIVE_ENDS), _ramp(shares, _POSITIVE_ENDS)
    return np.where(shares[..., None] < 0, negative, positive)


def sequential(values: ArrayLike) -> Colors:
    """Color `values` of any shape from 0 (white) to 1 (dark teal); what lies outside is clipped."""
    return _ramp(np.nan_to_num(np.asarray(values, np.float64)), _ACTIVATION_ENDS)


def gray(image: ArrayLike) -> Colors:
    """Color a picture with values 0…1 or bytes as ink on paper: 0 white, full ink black."""
    values = np.asarray(image)
    if values.dtype != np.uint8:
        values = np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return np.repeat(255 - values[..., None], 3, axis=-1)


def hexadecimal(color: ArrayLike) -> str:
    """Write one color (3,) as "#rrggbb"."""
    red, green, blue = (int(part) for part in np.asarray(color))
    return f"#{red:02x}{green:02x}{blue:02x}"


def ink_on(color: ArrayLike) -> str:
    """Return the text color, dark or white, that is easier to read on `color` (3,).

    Source: contrast ratio of the Web Content Accessibility Guidelines 2.2, from relative luminance.

    >>> ink_on([255, 255, 255]), ink_on([11, 74, 158])
    ('#1c2430', '#ffffff')
    """
    parts = np.asarray(color, np.float64) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    # INK has luminance 0.017: (1 + 0.05) / (l + 0.05) against (l + 0.05) / (0.017 + 0.05).
    return INK if (luminance + 0.05) ** 2 > 1.05 * 0.067 else PAPER


def signed(value: float, decimals: int = 4) -> str:
    """Write a number with its sign and `decimals` digits; a number that rounds to 0 has none.

    >>> signed(1.5), signed(-0.25, 2), signed(-0.00001)
    ('+1.5000', '−0.25', '0.0000')
    """
    text = f"{value:+.{decimals}f}"
    if float(text) == 0:
        return text[1:]
    return text.replace("-", "−")


def largest(values: ArrayLike) -> float:
    """Return the largest distance from 0 in `values`, or 1 where all are 0: the scale of their colors.

    What is not finite, after an overflow, is left out.
    """
    array = np.asarray(values)
    return float(np.abs(array[np.isfinite(array)]).max(initial=0.0)) or 1.0


def _ramp(shares: NDArray[np.float64], ends: tuple[tuple[float, str], ...]) -> Colors:
    places = [place for place, _color in ends]
    channels = [
        np.interp(shares, places, [int(color[start : start + 2], 16) for _place, color in ends])
        for start in (1, 3, 5)
    ]
    return np.round(np.stack(channels, axis=-1)).astype(np.uint8)
