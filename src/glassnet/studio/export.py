"""The studio as one file: page, core, model and images inside it, opened by a double click; needs no server.

The images are IDX files, compressed and in base64. A policy in the file forbids every connection.
"""

import base64
import gzip
import hashlib
import html
import re

import numpy as np
from numpy.typing import NDArray

from glassnet.data import DataSet, DataSets
from glassnet.studio.page import Page

_SCRIPT = re.compile(r'<script type="module"[^>]*src="\./index\.js"></script>')
_STYLE = re.compile(r'<link rel="stylesheet"[^>]*href="\./style\.css">')
_FONT = re.compile(r"url\(\.?/?(?P<file>[\w.-]+\.ttf)\)")
_LANGUAGE = '<meta name="glassnet-language" content="" />'


def exported(
    page: Page, model: bytes, data: DataSets, *, train: int = 0, language: str | None = None
) -> bytes:
    """Return the file: `page` with `model`, the test set of `data` and its first `train` training images.

    With training images come all validation images. `language` is the one it opens in (ko or en); without it the
    browser's.
    """
    parts = {"core.wasm": page.content("core.wasm"), "worker.js": page.content("worker.js"), "model": model}
    parts |= _set("test", data.test)
    if train:
        parts |= _set("train", data.train, train) | _set("validation", data.validation)

    style = _FONT.sub(
        lambda found: f"url(data:font/ttf;base64,{_base64(page.content(found['file']))})",
        page.text("style.css"),
    )
    script = page.text("index.js").replace("</script", r"<\/script")
    policy = [
        "default-src 'none'",
        f"script-src 'wasm-unsafe-eval' blob: {_hash(script)}",
        f"style-src {_hash(style)}",
        "worker-src blob:",
        "img-src data: blob:",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    carried = "\n".join(
        f'<script type="application/gzip" id="glassnet-{name}">{_base64(gzip.compress(content, 9, mtime=0))}</script>'
        for name, content in parts.items()
    )
    text = page.text("index.html")
    for pattern, replacement in (
        (
            re.compile(r"<head>"),
            f'<head>\n<meta http-equiv="Content-Security-Policy" content="{html.escape("; ".join(policy))}">',
        ),
        (re.compile(re.escape(_LANGUAGE)), f'<meta name="glassnet-language" content="{language or ""}">'),
        (_STYLE, f"<style>{style}</style>"),
        (_SCRIPT, ""),
        (re.compile(r"</body>"), f'{carried}\n<script type="module">{script}</script>\n</body>'),
    ):
        text, count = pattern.subn(lambda _found, new=replacement: new, text)  # type: ignore[misc]
        if count != 1:
            raise RuntimeError(f"index.html has {pattern.pattern} {count} times")
    return text.encode()


def _set(name: str, images: DataSet, count: int | None = None) -> dict[str, bytes]:
    pixels, labels = images.images[:count], images.labels[:count]
    return {f"{name}-images": idx(pixels.reshape(-1, 28, 28)), f"{name}-labels": idx(labels)}


def idx(array: NDArray[np.uint8]) -> bytes:
    """Return bytes (n,) or (n, rows, columns) as an IDX file.

    >>> list(idx(np.array([7, 2], np.uint8)))
    [0, 0, 8, 1, 0, 0, 0, 2, 7, 2]
    """
    header = bytes((0, 0, 8, array.ndim)) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return header + np.ascontiguousarray(array, np.uint8).tobytes()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _hash(text: str) -> str:
    return f"'sha256-{_base64(hashlib.sha256(text.encode()).digest())}'"
