"""The compiled core: whether it is here, which instruction set and how many threads it uses; computes nothing.

`GLASSNET_ISA` (baseline, avx2, avx512, neon) and `GLASSNET_THREADS` force what is used. Its users are `native` and
`view`.
"""

import os
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
from glassnet.errors import InputError, ShapeError, UnavailableError
from glassnet.locale import _

MOST_THREADS = 1024
ISAS = ("baseline", "avx2", "avx512", "neon")


@dataclass(frozen=True)
class Info:
    """Which engine computes: `isa` and its `register_bytes`, `threads`, and every (isa, runs here) compiled in."""

    isa: str
    register_bytes: int
    threads: int
    compiled: tuple[tuple[str, bool], ...]


def available() -> bool:
    """Return whether the compiled core is there."""
    return _module() is not None


def info() -> Info:
    """Return what is used. Raises as `use` does, for what the environment asks for."""
    core = loaded()
    isa, register_bytes, threads = core.in_use()
    return Info(isa, register_bytes, threads, tuple(core.engines()))


def use(isa: str = "", threads: int | None = None) -> None:
    """Use instruction set `isa` ("" for the best) and `threads` threads (None: as many as the process may use).

    Raises `UnavailableError` for an instruction set that is not compiled in or not run by this processor, and for
    a missing core; `InputError` for an unknown one and for a number of threads that is not from 1 to 1024.
    No result depends on either.
    """
    core = _module()
    if core is None:
        raise UnavailableError(
            _("the compiled core"),
            expected=_("a build of it"),
            found=_("none"),
            advice=_("install glassnet with a C++ compiler at hand"),
        )
    if threads is None:
        affinity = getattr(os, "sched_getaffinity", None)
        threads = min(16, len(affinity(0)) if affinity else os.cpu_count() or 1)
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= MOST_THREADS:
        raise InputError("GLASSNET_THREADS", expected=_("a whole number from 1 to 1024"), found=repr(threads))
    here = [name for name, runs in core.engines() if runs]
    if isa and isa not in ISAS:
        raise InputError("GLASSNET_ISA", expected=", ".join(ISAS), found=repr(isa))
    if isa and isa not in here:
        raise UnavailableError("GLASSNET_ISA", expected=", ".join(here), found=repr(isa))
    core.use(isa, threads)


@cache
def _module() -> ModuleType | None:
    try:
        return import_module("glassnet.engine._core")
    except ImportError:
        return None


@cache
def loaded() -> Any:
    """Return the compiled module, set up as the environment asks."""
    text = os.environ.get("GLASSNET_THREADS", "")
    if text and not (text.isascii() and text.isdigit()):
        raise InputError("GLASSNET_THREADS", expected=_("a whole number from 1 to 1024"), found=repr(text))
    use(os.environ.get("GLASSNET_ISA", ""), int(text) if text else None)
    return _module()


def kind_of(architecture: Architecture) -> tuple[list[int], int, int]:
    """Return sizes, hidden activation and loss as the core numbers them."""
    pair = (architecture.output, architecture.loss)
    return list(architecture.sizes), HIDDEN.index(architecture.hidden), OUTPUT_LOSS_PAIRS.index(pair)


def check_array(name: str, array: NDArray[Any], dtype: Any, shape: tuple[int | None, ...]) -> None:
    """Raise `ShapeError` unless `array` has this dtype and shape (None: any length) and lies in one piece."""
    fits = isinstance(array, np.ndarray) and array.dtype == dtype and array.ndim == len(shape)
    if not fits or any(
        want is not None and want != got for want, got in zip(shape, array.shape, strict=True)
    ):
        want = ", ".join("n" if size is None else str(size) for size in shape)
        want += "," if len(shape) == 1 else ""
        found = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ShapeError(name, expected=f"{np.dtype(dtype)} ({want})", found=found)
    if not array.flags.c_contiguous:
        raise ShapeError(
            name,
            expected=_("an array that lies in one piece"),
            found=_("strides {strides}").format(strides=array.strides),
            advice="np.ascontiguousarray",
        )
