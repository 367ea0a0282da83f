"""The language of the page, for as long as an answer to it is made; holds no words."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from glassnet.locale import LANGUAGES, language, use_language

_one_at_a_time = threading.Lock()  # the language is the process's


@contextmanager
def speaking(query: Mapping[str, str]) -> Iterator[None]:
    """Speak the language that `query` asks for as ``lang`` (ko or en), else the one of the process; others wait.

    >>> from glassnet.locale import _
    >>> with speaking({"lang": "ko"}):
    ...     _("nothing")
    '없음'
    """
    with _one_at_a_time:
        before = language()
        try:
            use_language(query["lang"] if query.get("lang") in LANGUAGES else before)
            yield
        finally:
            use_language(before)
