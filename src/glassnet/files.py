"""Writing a file so that it is whole or not there; knows no format."""

import errno
import os
import tempfile
from pathlib import Path

from glassnet.errors import InputError, UnavailableError, reason
from glassnet.locale import _


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` beside `path`, flush it to the disk and rename it into place.

    A reader, or a process killed at any moment, sees the old file or the new one, never a part. Behind a link it is
    the file it leads to that is written.

    Raises `UnavailableError` when the disk is full or cannot be written, `InputError` when the folder is missing
    or `path` is a folder, a pipe or a device.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "note", b"whole")
    ...     (Path(folder) / "note").read_bytes()
    b'whole'
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
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
