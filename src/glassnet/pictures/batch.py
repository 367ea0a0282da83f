"""Many pictures, in parallel and in order: what is given becomes files, each is read, none ends the others."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from glob import glob, has_magic
from pathlib import Path
from typing import TypeVar

from glassnet.data.picture import SUFFIXES
from glassnet.errors import GlassnetError, InputError, reason
from glassnet.locale import _, language, use_language
from glassnet.pictures.read import read
from glassnet.pictures.result import Reading

T = TypeVar("T")

FEW = 24  # pictures that are read here, before other processes would have started
AHEAD = 8  # pictures a process that wait for their turn: memory stays bounded


def files_of(names: Sequence[str]) -> list[str]:
    """Return the files that names stand for: files, folders (their pictures, by name) and patterns such as ``*.png``.

    A name that fits nothing is returned as it is: reading it says what is wrong. Raises `InputError` for a folder or
    a pattern without pictures.
    """
    found: list[str] = []
    for name in names:
        if os.path.isdir(name):
            inside = _pictures(name)
        elif has_magic(name) and not os.path.lexists(name):
            inside = sorted(glob(name, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        else:
            found.append(name)
            continue
        if not inside:
            expected = _("a folder or pattern with pictures ({endings})").format(endings=", ".join(SUFFIXES))
            raise InputError(name, expected=expected, found=_("none"))
        found += inside
    return found


def _pictures(folder: str) -> list[str]:
    try:
        entries = sorted(Path(folder).rglob("*"))
    except OSError as error:
        raise InputError(folder, expected=_("a readable folder"), found=reason(error)) from error
    return [
        str(entry) for entry in entries if entry.suffix.lower() in SUFFIXES and not entry.name.startswith(".")
    ]


def read_many(
    files: Sequence[str],
    then: Callable[[Reading], T],
    model: str = "reader",
    processes: int | None = None,
) -> Iterator[tuple[str, T | GlassnetError]]:
    """Yield (file, what `then` makes of its Reading), or (file, the error), in the order of `files`.

    With more than two dozen files, `processes` (as many as there are cores) work at the same time, and `then`, a
    function of a module, is called in them: what it returns is all that stays in memory.
    """
    work = partial(_one, then, model, language())
    count = processes or min(8, os.cpu_count() or 1)
    if len(files) < FEW or count == 1:
        for file in files:
            yield file, work(file)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    waiting: deque[tuple[str, Future[T | GlassnetError]]] = deque()
    with ProcessPoolExecutor(count, get_context("spawn"), _one_thread) as pool:
        rest = iter(files)
        try:
            for file in rest:
                waiting.append((file, pool.submit(work, file)))
                if len(waiting) >= AHEAD * count:
                    name, done = waiting.popleft()
                    yield name, done.result()
            while waiting:
                name, done = waiting.popleft()
                yield name, done.result()
        finally:
            for _name, future in waiting:
                future.cancel()


def _one_thread() -> None:
    """Let this process compute on one thread, unless another number is asked for: the others have the other cores."""
    os.environ.setdefault("GLASSNET_THREADS", "1")


def _one(then: Callable[[Reading], T], model: str, spoken: str, file: str) -> T | GlassnetError:
    if language() != spoken:  # another process begins in the language of the environment
        use_language(spoken)
    try:
        return then(read(file, model))
    except GlassnetError as error:
        return error
    except MemoryError:
        return InputError(file, expected=_("a picture that fits into memory"), found=_("a larger one"))
