"""Writing a file so that it is whole or not there, and never over another's; knows no format."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

from glassnet.errors import InputError, UnavailableError, reason
from glassnet.locale import _

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed
    fcntl = None


TELLING = 65536  # bytes at a file's beginning, and at its end, that tell what it is
MARKS = {
    ".png": "Software\0glassnet",
    ".svg": "<dc:title>glassnet</dc:title>",
    ".pdf": "/Producer (glassnet)",
    ".html": 'name="generator" content="glassnet"',
    ".htm": 'name="generator" content="glassnet"',
}
"""What a drawing or page of glassnet has in it, by the ending of its name: a text that merely speaks of it has not."""


def check_place(path: str | os.PathLike[str], mark: str | None = None, room: int = 0) -> None:
    """Refuse a place where nothing can be written, or where a file is that glassnet has not written.

    Every file of ours has a `mark` near its beginning or its end, models and runs their own, drawings and pages that
    of MARKS; an empty file may be replaced, too. A command calls it before it computes anything. Raises `InputError`,
    or `UnavailableError` where the folder cannot be written to or its disk has less `room`, in bytes.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     photo = Path(folder) / "photo.png"
    ...     _ = photo.write_bytes(bytes([137]) + b"PNG and so on")
    ...     check_place(photo)
    Traceback (most recent call last):
    glassnet.errors.InputError: ...
    """
    target = Path(os.path.realpath(path)) if Path(path).is_symlink() else Path(path)
    if target.is_dir():
        raise InputError(str(target), expected=_("a file"), found=_("a folder"))
    if target.exists() and not target.is_file():
        raise InputError(str(target), expected=_("a file"), found=_("a pipe or device"))
    if not target.parent.is_dir():
        raise InputError(
            str(target),
            expected=_("an existing folder"),
            found=str(target.parent),
            advice=_("create it first"),
        )
    if not os.access(target.parent, os.W_OK):
        raise UnavailableError(
            str(target.parent), found=_("a folder that cannot be written to"), advice=_("choose another")
        )
    if room and shutil.disk_usage(target.parent).free < room:
        raise UnavailableError(
            str(target),
            found=_("the disk is full"),
            advice=_("nothing was written; free some room or choose another folder"),
        )
    if not target.exists():
        return
    try:
        with target.open("rb") as file:
            told = file.read(TELLING)
            file.seek(max(0, target.stat().st_size - TELLING))
            told += file.read(TELLING)
    except OSError as error:
        raise InputError(str(target), found=reason(error), advice=_("choose another name")) from error
    mark = mark or MARKS.get(target.suffix.lower(), "glassnet")
    if told and mark.encode() not in told:
        raise InputError(
            str(target),
            expected=_("a new file, or one of the same kind that glassnet has written"),
            found=_("another file, which is left as it is"),
            advice=_("choose another name"),
        )


def write_whole(path: str | os.PathLike[str], content: bytes, mark: str | None = None) -> None:
    """Write `content` beside `path`, flush it to the disk and rename it into place, as `check_place` allows it.

    A reader, or a process killed at any moment, sees the old file or the new one, never a part. Behind a link it is
    the file it leads to that is written. What a killed process has left beside it is removed by the next.

    Raises `UnavailableError` when the disk is full or cannot be written, `InputError` when the folder is missing
    or `path` is a folder, a pipe, a device or a file without the `mark`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "note", b"whole")
    ...     (Path(folder) / "note").read_bytes()
    b'whole'
    """
    check_place(path, mark)
    target = Path(os.path.realpath(path)) if Path(path).is_symlink() else Path(path)
    temporary: str | None = None
    try:
        _clear_leftovers(target)
        handle, temporary = _beside(target)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(temporary).chmod(0o666 & ~_umask())
            if fcntl is not None:  # still locked: nobody takes it for a leftover
                Path(temporary).replace(target)
        if fcntl is None:  # Windows renames no open file
            Path(temporary).replace(target)
        temporary = None
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise UnavailableError(
            str(target),
            found=reason(error),
            advice=_("nothing was written; free some room or choose another folder")
            if full
            else _("nothing was written; choose another folder"),
        ) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


@contextmanager
def sole_writer(path: str | os.PathLike[str]) -> Iterator[None]:
    """Keep `path` for this process as long as the block lasts; what is kept is a lock in the temporary folder.

    Raises `UnavailableError` where another process keeps it. Where there are no locks (Windows) nothing is kept.

    >>> with sole_writer("a-run"), sole_writer("another-run"):
    ...     pass
    """
    if fcntl is None:
        yield
        return
    name = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:32]
    lock = Path(tempfile.gettempdir()) / f"glassnet-{os.getuid()}-{name}.lock"
    while True:
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError:  # nothing can be written there
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise UnavailableError(
                str(path),
                found=_("another process that is writing it"),
                advice=_("wait until it has ended, or choose another name"),
            ) from error
        except OSError:  # a file system without locks
            break
        if os.fstat(handle).st_nlink:
            break
        os.close(handle)  # the one before has just ended and taken its lock away
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(handle)


def _beside(target: Path) -> tuple[int, str]:
    """Open a new file beside `target`, locked where there are locks, and return its handle and path."""
    while True:
        handle, path = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
        if fcntl is None:
            return handle, path
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, path
        os.close(handle)  # another process took it for a leftover before it was locked


def _clear_leftovers(target: Path) -> None:
    """Remove what processes that are no more have left beside `target`: a living one holds a lock on its file."""
    form = re.compile(rf"\.{re.escape(target.name[:100])}\.[a-z0-9_]{{8}}\.part")
    for path in [Path(entry.path) for entry in os.scandir(target.parent) if form.fullmatch(entry.name)]:
        with suppress(OSError):  # locked, gone, or another's
            if fcntl is None:
                path.unlink()
                continue
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
