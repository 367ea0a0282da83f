"""Models as safetensors files: weights and what they are, checked on the way in; never unpickles anything.

Tensors `w1`, `w2`, … float32, (neurons, inputs + 1). Metadata, all strings: `format: glassnet-1`, `sizes: 784-14-10`,
`hidden`, `output`, `loss`; trained models add the run's address, `fingerprint`, `engine` and `test_accuracy`.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.architecture import Architecture
from glassnet.errors import FileFormatError, GlassnetError, InputError, reason
from glassnet.files import write_whole
from glassnet.locale import _

FORMAT = "glassnet-1"
MARK = f'"format":"{FORMAT}"'  # in the file's header; a model does not replace a run, nor a run a model
LARGEST_FILE = 2**30

Floats = NDArray[np.float32]

_FOREIGN = (
    (b"\x80\x02", "pickle"),
    (b"\x80\x03", "pickle"),
    (b"\x80\x04", "pickle"),
    (b"\x80\x05", "pickle"),
    (b"PK\x03\x04", "zip (.pt, .npz, .keras)"),
    (b"\x89HDF", "HDF5 (.h5)"),
    (b"\x93NUMPY", "NumPy (.npy)"),
    (b"\x1f\x8b", "gzip"),
)


def fingerprint(weights: Sequence[Floats]) -> str:
    """Return the first 16 hex digits of the SHA-256 of all weights, little-endian float32, row by row, w1 first.

    >>> fingerprint([np.zeros((1, 2), np.float32)])
    'af5570f5a1810b7a'
    """
    digest = hashlib.sha256()
    for weight in weights:
        digest.update(np.ascontiguousarray(weight, "<f4").tobytes())
    return digest.hexdigest()[:16]


def write(
    path: str | os.PathLike[str],
    architecture: Architecture,
    weights: Sequence[Floats],
    metadata: Mapping[str, str],
) -> None:
    """Write a model beside `path` and rename it into place.

    `metadata` is added to what the file always says and cannot replace it.
    Raises `InputError` for weights that are not finite or do not fit, `UnavailableError` when the disk is full.
    """
    architecture.check_weights(weights)
    tensors = {f"w{number}": weight for number, weight in enumerate(weights, start=1)}
    words = {key: str(value) for key, value in metadata.items()} | {
        "format": FORMAT,
        "sizes": "-".join(str(size) for size in architecture.sizes),
        "hidden": architecture.hidden,
        "output": architecture.output,
        "loss": architecture.loss,
        "fingerprint": fingerprint(weights),
    }
    write_tensors(path, tensors, words, MARK)


def read(path: str | os.PathLike[str]) -> tuple[Architecture, list[Floats], dict[str, str]]:
    """Return a model file's architecture, weights and metadata.

    Raises `FileFormatError` for a file that is no glassnet model, is damaged or does not hold what it says,
    `InputError` for a file that is missing or too large.
    """
    name = str(path)
    tensors, metadata = read_tensors(path)
    found = metadata.get("format")
    if found != FORMAT:
        is_run = found is not None and found.startswith("glassnet-run-")
        raise FileFormatError(
            name,
            expected=_("a model that glassnet saved"),
            found=_("the file of a training run") if is_run else f"format: {found}",
            advice=_("glassnet forward --run and glassnet explain read it") if is_run else None,
        )
    architecture = _architecture(name, metadata)
    expected = [f"w{number}" for number in range(1, len(architecture.sizes))]
    if sorted(tensors) != sorted(expected):
        raise FileFormatError(
            name, expected=", ".join(expected), found=", ".join(sorted(tensors)) or _("nothing")
        )
    weights = []
    for key in expected:
        if tensors[key].dtype != np.float32:
            raise FileFormatError(f"{name}, {key}", expected="float32", found=tensors[key].dtype)
        weights.append(np.array(tensors[key], np.float32))
    try:
        architecture.check_weights(weights)
    except InputError as error:
        raise FileFormatError(
            f"{name}, {error.what}", expected=error.expected, found=error.found, advice=error.advice
        ) from error
    stated = metadata.get("fingerprint")
    if stated is not None and stated != fingerprint(weights):
        raise FileFormatError(
            name,
            expected=_("weights with the fingerprint {fingerprint}").format(fingerprint=stated),
            found=fingerprint(weights),
            advice=_("the file was changed after it was saved; save it again from its source"),
        )
    return architecture, weights, metadata


def write_tensors(
    path: str | os.PathLike[str],
    tensors: Mapping[str, NDArray[np.generic]],
    metadata: Mapping[str, str],
    mark: str,
) -> None:
    """Write named arrays and their metadata as one safetensors file, whole or not at all; see `check_place`."""
    from safetensors.numpy import save

    contiguous = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    write_whole(path, _ordered(save(contiguous, metadata=dict(metadata))), mark)


def _ordered(content: bytes) -> bytes:
    """The same safetensors file with its header in sorted order: equal models are then equal files."""
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content[end:]


def read_tensors(
    path: str | os.PathLike[str],
) -> tuple[dict[str, NDArray[np.generic]], dict[str, str]]:
    """Return a safetensors file's arrays and metadata; header and offsets are checked, values are not.

    Raises `FileFormatError` for any other kind of file, `InputError` when it is missing or over 1 GiB.
    """
    from safetensors import SafetensorError, safe_open

    name = str(path)
    try:
        with Path(path).open("rb") as file:
            start = file.read(9)
        size = Path(path).stat().st_size
    except OSError as error:
        raise InputError(name, expected=_("a model file"), found=reason(error)) from error
    # its header's length, in eight bytes, and the header: the length may begin as a pickle does
    own = start[4:] == b"\0\0\0\0{"
    for magic, kind in _FOREIGN:
        if start.startswith(magic) and not own:
            raise FileFormatError(
                name,
                expected="safetensors",
                found=kind,
                advice=_("such files can run code or are of another program; save the model as safetensors"),
            )
    if size > LARGEST_FILE:
        raise InputError(
            name, expected=_("at most {most:,} bytes").format(most=LARGEST_FILE), found=f"{size:,}"
        )
    try:
        with safe_open(path, framework="numpy") as opened:
            metadata = dict(opened.metadata() or {})
            tensors = {key: np.array(opened.get_tensor(key)) for key in opened.keys()}  # noqa: SIM118
    except GlassnetError:
        raise
    except (SafetensorError, OSError, ValueError, TypeError, KeyError, AttributeError, MemoryError) as error:
        raise FileFormatError(
            name,
            expected=_("a whole safetensors file"),
            found=_damage(start, size, own=own),
            advice=_("the file is damaged or of another kind"),
        ) from error
    return tensors, metadata


def _damage(start: bytes, size: int, *, own: bool) -> str:
    """Say what is wrong with a file that cannot be read, by its first nine bytes."""
    if size == 0:
        return _("an empty file (0 bytes)")
    if not own:
        return _("a file of another kind ({size:,} bytes)").format(size=size)
    if 8 + int.from_bytes(start[:8], "little") > size:
        return _("one that is cut off after {size:,} bytes").format(size=size)
    return _("one that is cut off or changed ({size:,} bytes)").format(size=size)


def _architecture(name: str, metadata: Mapping[str, str]) -> Architecture:
    missing = [key for key in ("sizes", "hidden", "output", "loss") if key not in metadata]
    if missing:
        raise FileFormatError(
            name, expected=_("metadata {keys}").format(keys=", ".join(missing)), found=_("none")
        )
    try:
        sizes = parse_sizes(metadata["sizes"])
        return Architecture(sizes, metadata["hidden"], metadata["output"], metadata["loss"])
    except InputError as error:
        raise FileFormatError(f"{name}, {error.what}", expected=error.expected, found=error.found) from error


def parse_sizes(text: str) -> tuple[int, ...]:
    """Return the layer sizes that a text such as ``"784-14-10"`` names; raise `InputError` for any other text.

    >>> parse_sizes("784-14-10")
    (784, 14, 10)
    """
    parts = text.split("-")
    if len(text) > 200 or not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
        raise InputError("sizes", expected=_("numbers joined by -, such as 784-14-10"), found=repr(text[:60]))
    return tuple(int(part) for part in parts)
