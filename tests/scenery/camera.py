"""What a phone makes of a sheet: perspective on a table, lamp light, shadows, blur, noise, JPEG; writes nothing.

picture     (height, width, 3) float32, 0 … 1
homography  (3, 3): camera point ~ homography @ sheet point, points as (x, y, 1)
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Floats = NDArray[np.floating]
Matrix = NDArray[np.float64]


def view(
    shape: tuple[int, int], angle: float, tilt: float, shrink: float, rng: np.random.Generator
) -> Matrix:
    """Return the homography of a camera that is turned by `angle` degrees and tilted (0 … 0.1) at random."""
    height, width = shape
    center = np.array([width, height]) / 2
    turn = np.deg2rad(angle)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    moved = (corners - center) @ rotation.T * shrink + center
    moved += rng.uniform(-tilt, tilt, (4, 2)) * [width, height]
    return _from_corners(corners, moved)


def _from_corners(corners: Matrix, moved: Matrix) -> Matrix:
    rows = []
    for (x, y), (u, v) in zip(corners, moved, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    solved = np.linalg.solve(np.array(rows), moved.reshape(-1))
    return np.append(solved, 1).reshape(3, 3)


def moved(homography: Matrix, points: Matrix) -> Matrix:
    """Return points (n, 2) of the sheet as the camera sees them."""
    seen = np.c_[points, np.ones(len(points))] @ homography.T
    return np.asarray(seen[:, :2] / seen[:, 2:])


def seen(sheet: Floats, homography: Matrix, table: tuple[float, float, float]) -> Floats:
    """Return the sheet through the camera; what is outside of it is the table."""
    height, width = sheet.shape[:2]
    inverse = np.linalg.inv(homography)
    inverse /= inverse[2, 2]
    picture = Image.fromarray((np.clip(sheet, 0, 1) * 255 + 0.5).astype(np.uint8))
    warped = picture.transform(
        (width, height),
        Image.Transform.PERSPECTIVE,
        tuple(inverse.reshape(-1)[:8]),
        Image.Resampling.BICUBIC,
        fillcolor=tuple(int(255 * value) for value in table),
    )
    return np.asarray(warped, np.float32) / 255


def lit(
    picture: Floats, rng: np.random.Generator, unevenness: float, shadows: int, vignette: float
) -> Floats:
    """Return the picture in uneven light with a vignette and `shadows` with soft or hard edges."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    y, x = y / height - 0.5, x / width - 0.5
    direction = rng.uniform(0, 2 * np.pi)
    light = 1 + unevenness * (np.cos(direction) * x + np.sin(direction) * y)
    light -= vignette * (x * x + y * y)
    for _ in range(shadows):
        angle, place = rng.uniform(0, 2 * np.pi), rng.uniform(-0.3, 0.3)
        edge = np.cos(angle) * x + np.sin(angle) * y - place + 0.04 * np.sin(rng.uniform(3, 12) * (x - y))
        softness = rng.choice([0.01, 0.03, 0.1])
        light *= 1 - rng.uniform(0.2, 0.5) / (1 + np.exp(-np.clip(edge / softness, -30, 30)))
    tint = 1 + rng.normal(0, 0.03, 3).astype(np.float32)
    return np.asarray(np.clip(picture * light[..., None] * tint * rng.uniform(0.75, 1.05), 0, 1), np.float32)


def taken(picture: Floats, rng: np.random.Generator, blur: float, noise: float, quality: int) -> bytes:
    """Return the photograph as a file: JPEG of `quality`, or PNG for 0."""
    if blur:
        picture = ndimage.gaussian_filter(picture, (blur, blur, 0))
    if noise:
        picture = picture + rng.normal(0, noise, picture.shape).astype(np.float32)
    whole = Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
    file = BytesIO()
    whole.save(file, "JPEG", quality=quality) if quality else whole.save(file, "PNG", compress_level=1)
    return file.getvalue()
