"""`load`: a data set by name or by folder; the readers themselves are next door."""

import os
from collections.abc import Callable
from pathlib import Path

from glassnet.data.packaged import mnist
from glassnet.data.sets import DataSets
from glassnet.errors import InputError
from glassnet.locale import _

FETCHED = ("fashion-mnist", "kmnist")
DATA_NAMES = ("mnist", *FETCHED)


def load(
    name_or_folder: str | os.PathLike[str],
    *,
    mirror: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> DataSets:
    """Return the three sets of a data set, all indices 0-based.

    `name_or_folder`: "mnist" (packaged), "fashion-mnist" or "kmnist" (fetched once, then kept), or a folder: four
    IDX files as MNIST's, raw or .gz, or one sub-folder of 28 × 28 pictures per class (see `read_folder`). A folder
    that has one of these names is given as ``"./mnist"``.
    `mirror`: address of another server's folder, for the two that are fetched.
    `progress`: called with a name, how much is done and how much there is (0: unknown), in bytes or pictures.

    Raises `InputError` and `FileFormatError` for what cannot be read, `UnavailableError` for what cannot be had.

    >>> import glassnet
    >>> glassnet.load("mnist") is glassnet.mnist()
    True
    """
    if not isinstance(name_or_folder, str | os.PathLike) or not str(name_or_folder):
        expected = _("one of {names}, or a folder").format(names=", ".join(DATA_NAMES))
        raise InputError("data", expected=expected, found=repr(name_or_folder))
    fetched = isinstance(name_or_folder, str) and name_or_folder in FETCHED
    if mirror is not None and not fetched:
        raise InputError(
            "mirror",
            expected=_("a data set that is fetched: {names}").format(names=", ".join(FETCHED)),
            found=str(name_or_folder),
        )
    if fetched:
        from glassnet.data.download import download

        return download(str(name_or_folder), mirror=mirror, progress=progress)
    if name_or_folder == "mnist":
        return mnist()
    if not Path(name_or_folder).exists():
        raise InputError(
            str(name_or_folder),
            expected=_("one of {names}, or a folder").format(names=", ".join(DATA_NAMES)),
            found=_("nothing there"),
        )
    from glassnet.data.folder import read_folder

    return read_folder(name_or_folder, progress)
