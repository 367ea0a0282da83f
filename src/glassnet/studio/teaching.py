"""Digits that were kept in the page, taught to a network; serves nothing.

The page sends rows of 785 bytes, a label and 784 pixels, and is told how far it has got, line by line, as JSON:

    {"what": "fold", "done": 2, "all": 5}     progress: five times a fifth is held back, then "all" is taught
    {"taught": {…}, "model": "…"}             the figures of `Taught.to_json`, and the model's file in base64
    {"problem": "…"}                          why not, a sentence
"""

import asyncio
import base64
import json
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from glassnet.data import DataSet
from glassnet.data.idx import PIXELS
from glassnet.errors import GlassnetError, InputError
from glassnet.locale import _
from glassnet.pictures.own import Own, check_enough
from glassnet.pictures.reader import MODELS
from glassnet.pictures.teaching import teach
from glassnet.studio.language import speaking

ROW = 1 + PIXELS
Line = dict[str, object]
_one_at_a_time = threading.Lock()


class AbandonedError(Exception):
    """Nobody waits for the answer any more."""


async def lines(
    content: bytes, query: Mapping[str, str], leaving: set[Callable[[], None]]
) -> AsyncIterator[str]:
    """Teach in a thread, and yield a line of JSON for all that is done; a page that goes away ends the work.

    `query` may have ``model`` (reader or lecture) and ``lang`` (ko or en). While it lasts, `leaving` has the function
    that ends it early.
    """
    loop, told, left = asyncio.get_running_loop(), asyncio.Queue[Line | None](), threading.Event()

    def tell(line: Line | None) -> None:
        if left.is_set():
            raise AbandonedError
        with suppress(RuntimeError):  # the server has ended in this moment
            loop.call_soon_threadsafe(told.put_nowait, line)

    def work() -> None:
        with suppress(AbandonedError), _one_at_a_time:
            tell(answer(content, query, lambda what, done, of: tell({"what": what, "done": done, "all": of})))
            tell(None)

    def leave() -> None:
        left.set()
        loop.call_soon_threadsafe(told.put_nowait, None)

    leaving.add(leave)
    threading.Thread(target=work).start()
    try:
        while (line := await told.get()) is not None:
            yield json.dumps(line, allow_nan=False, ensure_ascii=False) + "\n"
    finally:
        left.set()
        leaving.discard(leave)


def answer(content: bytes, query: Mapping[str, str], progress: Callable[[str, int, int], None]) -> Line:
    """Return the last line: what was taught, or the problem.

    >>> answer(bytes(785), {"lang": "en"}, print)
    {'problem': 'your digits: expected at least 20 digits of your own, found 1; write every digit a few times'}
    """
    try:
        with speaking(query):
            own, model = _own(content), query.get("model", "reader")
            if model not in MODELS:
                raise InputError("model", expected=", ".join(MODELS), found=repr(model[:20]))
        taught = teach(own, model, progress=progress)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "mine.safetensors"
            taught.save(file)
            return {"taught": taught.to_json(), "model": base64.b64encode(file.read_bytes()).decode()}
    except GlassnetError as error:
        with speaking(query):
            return {"problem": str(error)}


def _own(content: bytes) -> Own:
    rows, rest = divmod(len(content), ROW)
    if rest:
        raise InputError(
            _("your digits"), expected=_("rows of {count} bytes").format(count=ROW), found=f"{len(content):,}"
        )
    check_enough(_("your digits"), rows)
    table = np.frombuffer(content, np.uint8).reshape(rows, ROW)
    digits = DataSet("own", np.ascontiguousarray(table[:, 1:]), table[:, 0].copy())
    return Own(digits, tuple(str(number) for number in range(rows)), ())
