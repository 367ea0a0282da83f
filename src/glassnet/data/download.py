"""Data sets that are fetched once and kept: Fashion-MNIST and KMNIST, through pooch; trusts no server.

Every file is compared with its known SHA-256 before it gets its name in the cache, so a broken, hostile or
hanging mirror leaves nothing behind.
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from glassnet.data.four_files import NAMES, from_four
from glassnet.data.sets import DataSets
from glassnet.errors import InputError, UnavailableError
from glassnet.locale import _

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes that have arrived, and how many there will be (0: unknown)."""

TIMEOUT = 20.0  # seconds to wait for a connection, and for each further piece
STALL_SECONDS, STALL_BYTES = 30.0, 8192  # a server that gives less in this time is given up
LARGEST_FILE = 1 << 26  # 64 MB, twice the largest of these files: a mirror that never ends is given up too
CHUNK = 1 << 16


@dataclass(frozen=True)
class Remote:
    """A data set on a server: the folder's `url`, and the sums of the four .gz files in `NAMES`' order."""

    url: str
    source: str
    license: str
    classes: tuple[str, ...]
    sha256: tuple[str, str, str, str]


REMOTES = {
    "fashion-mnist": Remote(
        url="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        source="Fashion-MNIST, https://github.com/zalandoresearch/fashion-mnist (Zalando)",
        license="MIT",
        classes=(
            "T-shirt", "Trouser", "Pullover", "Dress", "Coat",
            "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        sha256=(
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
    "kmnist": Remote(
        url="http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        source="KMNIST, http://codh.rois.ac.jp/kmnist/ (ROIS-DS Center for Open Data in the Humanities)",
        license="CC BY-SA 4.0",
        classes=("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を"),
        sha256=(
            "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
            "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
            "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
            "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
        ),
    ),
}  # fmt: skip


def download(name: str, *, mirror: str | None = None, progress: Progress | None = None) -> DataSets:
    """Return the data set `name` of `REMOTES`: from the cache or, the first time, its server or `mirror`.

    `mirror` is the address of a folder that has the four .gz files. They are kept in
    ``pooch.os_cache("glassnet")`` or the folder that ``GLASSNET_CACHE`` names.

    Raises `UnavailableError` when there is no network, the server does not answer in time, what it gives has
    another SHA-256, or the disk has no room; `InputError` for an address that is not http or https.
    """
    remote = REMOTES[name]
    base = (remote.url if mirror is None else mirror).rstrip("/") + "/"
    if not _is_address(base):
        raise InputError(
            "mirror",
            expected=_("an address that begins with http:// or https://"),
            found=repr(mirror),
            advice=_("to read files of your own, give their folder instead of the name"),
        )
    import pooch  # type: ignore[import-untyped]

    pooch.get_logger().setLevel(logging.WARNING)  # it would write to standard error
    sums = {f"{file}.gz": one for file, one in zip(NAMES, remote.sha256, strict=True)}
    store = pooch.create(
        path=cache_folder() / name,
        base_url=base,
        registry={file: f"sha256:{one}" for file, one in sums.items()},
    )
    paths = [Path(_fetch(store, file, one, progress)) for file, one in sums.items()]
    return from_four(
        name, paths, source=remote.source, license_=remote.license, classes=remote.classes, verified=True
    )


def cache_folder() -> Path:
    """Return the folder in which fetched data sets are kept: ``GLASSNET_CACHE``, or the system's for caches."""
    import pooch

    return Path(os.environ.get("GLASSNET_CACHE") or pooch.os_cache("glassnet"))


def _is_address(text: str) -> bool:
    try:
        return text.startswith(("http://", "https://")) and bool(urlsplit(text).hostname)
    except ValueError:
        return False


def _fetch(store: Any, file: str, sha256: str, progress: Progress | None) -> str:
    """Return the path of `file` in the cache, every failure in one sentence."""
    import requests
    import urllib3.exceptions

    url = store.get_url(file)

    def get(_url: str, output: str | IO[bytes], _store: object) -> None:
        with Path(str(output)).open("wb") as target:
            _get(url, target, lambda done, total: progress(file, done, total) if progress else None)
        _check(url, str(output), sha256)

    network = _("check the network, or name another server with --mirror URL (in Python: mirror=…)")
    slow = _("the server does not answer")
    try:
        return str(store.fetch(file, downloader=get))
    except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) as error:
        raise _failure(url, slow, network) from error
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
        raise _failure(url, _("the address leads nowhere"), network) from error
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "?"
        raise _failure(url, _("the server answers {status}").format(status=status), network) from error
    except (requests.ConnectionError, urllib3.exceptions.NewConnectionError) as error:
        raise _failure(url, _("no connection"), network) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _failure(url, _("the connection broke off"), network) from error
    except OSError as error:  # after the network's own, which are OSErrors too: the disk
        raise _failure(
            str(store.abspath),
            error.strerror or str(error),
            _("free some room, or set GLASSNET_CACHE to another folder"),
        ) from error


def _failure(what: str, reason: str, advice: str) -> UnavailableError:
    return UnavailableError(
        _("{what} could not be fetched: {reason}").format(what=what, reason=reason), advice=advice
    )


def _get(url: str, target: IO[bytes], progress: Callable[[int, int], None]) -> None:
    """Copy `url` to `target` as it is, in pieces, and give up on servers that drip or never end."""
    import requests

    headers = {"Accept-Encoding": "identity"}  # the .gz itself is what has the known sum
    with requests.get(url, stream=True, timeout=TIMEOUT, headers=headers) as answer:
        answer.raise_for_status()
        length = answer.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else 0
        # read1 waits at most once, so that the clock is looked at; older versions of urllib3 lack it.
        read = getattr(answer.raw, "read1", answer.raw.read)
        done = marked = 0
        mark = time.monotonic()
        while piece := read(CHUNK):
            target.write(piece)
            done += len(piece)
            if done > LARGEST_FILE:
                raise _failure(
                    url,
                    _("the server sends more than {count} bytes").format(count=f"{LARGEST_FILE:,}"),
                    _("try another server"),
                )
            if (now := time.monotonic()) - mark > STALL_SECONDS:
                if done - marked < STALL_BYTES:
                    raise TimeoutError(url)
                mark, marked = now, done
            progress(done, total)


def _check(url: str, path: str, expected: str) -> None:
    """Compare the file at `path` with its known sum, before pooch moves it into the cache."""
    with Path(path).open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise UnavailableError(
            url,
            expected=f"SHA-256 {expected}",
            found=found,
            advice=_("nothing was kept; the server has another or a damaged file, try another one"),
        )
