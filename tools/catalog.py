"""The Korean catalog: collect the messages that the source marks, keep their translations, compile; translates nothing.

    .po    what people edit       .mo    what `gettext` reads

Messages use str.format, so that a % in one is a percent sign; pybabel's own commands would take it for a placeholder
of the old kind. Dates and line numbers are left out: without a change in the source nothing changes here.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "glassnet"
FOLDER = SOURCE / "locale" / "ko" / "LC_MESSAGES"
KEYWORDS = {"_": None, "N_": None}
HEADER = "# glassnet in Korean. Edit the translations here, then run `make locale`.\n#"


class Plain(Catalog):
    """A catalog whose header says what gettext needs, and no more."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's lines."""
        return [
            ("Project-Id-Version", "glassnet"),
            ("Language", "ko"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]


def read(name: str) -> Catalog:
    """Read `name`.po; without the file an empty catalog."""
    path = FOLDER / f"{name}.po"
    if not path.exists():
        return Plain("ko")
    with path.open("rb") as file:
        return read_po(file, locale="ko")


def collected(translated: Catalog) -> Catalog:
    """Return every message of the source with its translation in `translated`, or an empty one."""
    fresh = Plain("ko", header_comment=HEADER, fuzzy=False)
    found = sorted(extract_from_dir(SOURCE, keywords=KEYWORDS), key=lambda message: message[:2])
    for file, _line, identity, _comments, _context in found:
        old = translated.get(str(identity))
        fresh.add(identity, old.string if old else "", locations=[(f"src/glassnet/{file}", 0)])
    return fresh


def written(catalog: Catalog) -> bytes:
    """Return the catalog as the bytes of a .po file."""
    for message in catalog:
        message.flags.discard("python-format")
    file = io.BytesIO()
    write_po(file, catalog, width=0, include_lineno=False)
    return file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """Return the catalog as the bytes of a .mo file."""
    plain = Plain("ko")  # Babel's own header holds the time, which would change the file every time
    for message in catalog:
        if message.id:
            plain[message.id] = message
    file = io.BytesIO()
    write_mo(file, plain)
    return file.getvalue()


def missing(catalog: Catalog) -> list[Message]:
    """Return the messages without a translation, and those that a person has to look at."""
    return [message for message in catalog if message.id and (not message.string or message.fuzzy)]


def main() -> int:
    """Bring both catalogs up to date; list what lacks a translation."""
    glassnet = collected(read("glassnet"))
    (FOLDER / "glassnet.po").write_bytes(written(glassnet))
    for name, catalog in (("glassnet", glassnet), ("click", read("click"))):
        (FOLDER / f"{name}.mo").write_bytes(compiled(catalog))
        print(f"{name}: {len(catalog)} messages, {len(missing(catalog))} to translate")
    for message in missing(glassnet):
        print(f"  {message.locations[0][0]}: {message.id!r}")
    return 1 if missing(glassnet) else 0


if __name__ == "__main__":
    sys.exit(main())
