"""Sheets to write on: colors, fibers, ruled and squared lines; knows no digits.

sheet   (height, width, 3) float32, 0 … 1
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.floating]

PAPERS = ("white", "white", "gray", "cream", "yellow", "pink", "blue", "green", "brown")
COLORS = {
    "white": (0.96, 0.96, 0.95),
    "gray": (0.78, 0.78, 0.77),
    "cream": (0.96, 0.93, 0.83),
    "yellow": (0.97, 0.92, 0.60),
    "pink": (0.95, 0.82, 0.84),
    "blue": (0.78, 0.86, 0.95),
    "green": (0.80, 0.91, 0.78),
    "brown": (0.72, 0.58, 0.42),
    "board": (0.16, 0.22, 0.19),
    "black": (0.09, 0.09, 0.10),
}
LINES = {
    "blue": (0.55, 0.68, 0.88),
    "gray": (0.62, 0.62, 0.62),
    "red": (0.90, 0.55, 0.55),
    "teal": (0.5, 0.75, 0.72),
}


def sheet(shape: tuple[int, int], color: str, roughness: float, rng: np.random.Generator) -> Floats:
    """Return an empty sheet: its color, fibers and slow stains."""
    height, width = shape
    base = np.array(COLORS[color], np.float32)
    fine = ndimage.gaussian_filter(rng.normal(size=shape).astype(np.float32), (0.5, 1.5)) * 2
    slow = _stretched(rng.normal(size=(6, 6)).astype(np.float32), shape)
    texture = 1 + roughness * (0.012 * fine + 0.02 * slow)
    paper = base[None, None] * texture[..., None]
    for _ in range(int(roughness * rng.integers(0, 40))):  # fibers
        y, x, angle, length = (
            rng.uniform(0, height),
            rng.uniform(0, width),
            rng.uniform(0, np.pi),
            rng.uniform(5, 25),
        )
        along = np.linspace(-length / 2, length / 2, int(length) + 2)
        rows = np.clip(y + along * np.sin(angle), 0, height - 1).astype(int)
        columns = np.clip(x + along * np.cos(angle), 0, width - 1).astype(int)
        paper[rows, columns] *= rng.uniform(0.86, 0.97)
    return np.asarray(np.clip(paper, 0, 1), np.float32)


def rule(
    paper: Floats, kind: str, pitch: float, color: str, width: float, rng: np.random.Generator
) -> Floats:
    """Draw lines on the sheet in place and return where they are: `kind` is ruled, squared, margin or dotted."""
    height, length = paper.shape[:2]
    lines = np.zeros((height, length), np.float32)
    start = rng.uniform(0, pitch)
    across = _profile(height, start, pitch, width)[:, None]
    down = _profile(length, rng.uniform(0, pitch), pitch, width)[None, :]
    if kind == "ruled":
        lines = np.maximum(lines, across)
    elif kind == "squared":
        lines = np.maximum(across, down)
    elif kind == "dotted":
        lines = np.minimum(across, down)
    elif kind == "margin":
        lines = np.maximum(lines, across)
        red = _profile(length, length * rng.uniform(0.06, 0.14), 10 * length, width)[None, :]
        paper += (np.array(LINES["red"], np.float32) - paper) * (red * 0.8 * np.ones_like(lines))[..., None]
    strength = rng.uniform(0.45, 0.95)
    paper += (np.array(LINES[color], np.float32) * paper.max() - paper) * (lines * strength)[..., None]
    return lines


def _profile(length: int, start: float, pitch: float, width: float) -> Floats:
    position = np.arange(length, dtype=np.float32)
    distance = np.abs((position - start + pitch / 2) % pitch - pitch / 2)
    return np.asarray(np.clip(width / 2 - distance + 0.5, 0, 1), np.float32)


def _stretched(few: Floats, shape: tuple[int, int]) -> Floats:
    from PIL import Image

    return np.asarray(Image.fromarray(few).resize(shape[::-1], Image.Resampling.BICUBIC))
