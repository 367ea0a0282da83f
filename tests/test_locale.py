"""Both languages are whole: every message translated, none stale, placeholders equal, catalogs compiled."""

import ast
import gettext
import json
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import glassnet
from glassnet import locale
from glassnet.locale import _

SOURCE = Path(glassnet.__file__).parent
CATALOGS = SOURCE / "locale" / "ko" / "LC_MESSAGES"
HANGUL = re.compile("[가-힣]")
HINT = "run `make locale`, then translate what is empty in glassnet.po"


def catalog(name: str) -> Catalog:
    with (CATALOGS / f"{name}.po").open("rb") as file:
        return read_po(file, locale="ko")


def marked() -> set[str]:
    """Every message that the source marks with `_` or `N_`."""
    found = extract_from_dir(SOURCE, keywords={"_": None, "N_": None})
    return {str(message) for _file, _line, message, _comments, _context in found}


def placeholders(text: str) -> list[str]:
    fields = string.Formatter().parse(text)
    return sorted(f"{name}:{form}" for _text, name, form, _conversion in fields if name is not None)


def test_every_message_is_in_the_catalog_and_no_other() -> None:
    listed = {str(message.id) for message in catalog("glassnet") if message.id}
    assert marked() - listed == set(), HINT
    assert listed - marked() == set(), HINT
    assert len(listed) > 50


@pytest.mark.parametrize("name", ["click", "glassnet"])
def test_nothing_is_untranslated_or_fuzzy(name: str) -> None:
    messages = [message for message in catalog(name) if message.id]
    assert [message.id for message in messages if not message.string or message.fuzzy] == [], HINT


def test_both_languages_have_the_same_placeholders() -> None:
    for message in catalog("glassnet"):
        if message.id and "{" in str(message.id):
            assert placeholders(str(message.string)) == placeholders(str(message.id)), message.id


def test_translations_keep_the_edges() -> None:
    for message in catalog("glassnet"):
        if message.id:
            english, korean = str(message.id), str(message.string)
            assert (english[:1].isspace(), english[-1:].isspace()) == (
                korean[:1].isspace(),
                korean[-1:].isspace(),
            )


@pytest.mark.parametrize("name", ["click", "glassnet"])
def test_the_compiled_catalog_is_the_written_one(name: str) -> None:
    with (CATALOGS / f"{name}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalog(name):
        if message.id and isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string, "run `make locale`"


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_message_is_put_together_before_it_is_translated(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if called in {"_", "N_"}:
            assert isinstance(node, ast.Call)
            (argument,) = node.args
            formed = isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Call)
            assert not formed, f"{path.name}:{node.lineno}: use .format() after translating"


def test_no_message_hides_in_an_f_string() -> None:
    """Before Python 3.12 nothing collects it there, and it would stay English."""
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
            for call in (node for node in ast.walk(text) if isinstance(node, ast.Call)):
                marks = isinstance(call.func, ast.Name) and call.func.id == "_"
                assert not (marks and isinstance(call.args[0], ast.Constant)), f"{path.name}:{text.lineno}"


def test_the_ledger_has_both_languages() -> None:
    tables = json.loads((SOURCE / "lecture" / "steps.json").read_text(encoding="utf-8"))

    def steps(value: object) -> list[dict[str, dict[str, str]]]:
        if isinstance(value, dict):
            return (
                [value] if "sentence" in value else [step for part in value.values() for step in steps(part)]
            )
        return [step for part in value for step in steps(part)] if isinstance(value, list) else []

    assert len(steps(tables)) > 20
    for step in steps(tables):
        for text in (step["title"], step["sentence"]):
            assert set(text) == {"en", "ko"}
            assert HANGUL.search(text["ko"])
            assert not HANGUL.search(text["en"])
            assert set(placeholders(text["ko"])) == set(placeholders(text["en"])), text["en"]


def test_messages_follow_the_language() -> None:
    glassnet.use_language("ko")
    assert HANGUL.search(_("expected {expected}"))
    glassnet.use_language("en")
    assert _("expected {expected}") == "expected {expected}"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "ko_KR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "ko_KR.UTF-8", "LANG": "en_US.UTF-8"}, "ko"),
        ({"GLASSNET_LANG": "ko", "LC_ALL": "en_US.UTF-8"}, "ko"),
        ({"GLASSNET_LANG": "fr"}, "en"),
    ],
)
def test_the_environment_chooses(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GLASSNET_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert glassnet.language() == expected


def test_other_languages_are_refused() -> None:
    assert locale.LANGUAGES == ("ko", "en")
    with pytest.raises(ValueError, match="expected 'ko' or 'en', found 'fr'"):
        glassnet.use_language("fr")
