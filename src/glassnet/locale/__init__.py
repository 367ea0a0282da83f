"""The terminal's two languages, by the standard library's gettext; holds no text of its own.

The lecture's ledger carries its Korean and English itself (`lecture/steps.json`).
"""

import gettext
import os
from pathlib import Path

LANGUAGES = ("ko", "en")

_catalogs: dict[str, gettext.NullTranslations] = {}
_language: str | None = None


def _preferred() -> str:
    for variable in ("GLASSNET_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"


def language() -> str:
    """Return the language of messages: ``"ko"`` or ``"en"``.

    Until `use_language` is called it follows ``GLASSNET_LANG``, then the locale's own variables:
    ``ko*`` is Korean, anything else English.
    """
    return _language or _preferred()


def use_language(name: str | None) -> None:
    """Choose the language of messages for this process; ``None`` goes back to the environment's.

    Raises `ValueError` for anything but ``"ko"``, ``"en"`` and ``None``.

    >>> import glassnet
    >>> glassnet.use_language("en")
    >>> glassnet.language()
    'en'
    """
    global _language  # noqa: PLW0603 - one language for the whole process, as a locale is
    if name is not None and name not in LANGUAGES:
        raise ValueError(f"language: expected 'ko' or 'en', found {name!r}")
    _language = name


def _(message: str) -> str:
    """Translate an English sentence into the current language."""
    name = language()
    if name not in _catalogs:
        folder = Path(__file__).parent
        _catalogs[name] = gettext.translation("glassnet", folder, languages=[name], fallback=True)
    return _catalogs[name].gettext(message)


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark a sentence for translation where it is defined; `_` translates it where it is shown."""
    return message
