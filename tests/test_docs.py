"""The documentation: builds strictly, asks nobody else for anything, and says what the ledger says.

The pages' code blocks are run by the root `conftest.py`, not here.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from glassnet.lecture.steps import ledger

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LANGUAGES = ("en", "ko")
PAGES = sorted(path.name for path in (DOCS / "en").glob("*.md"))
READMES = {"en": ROOT / "README.md", "ko": ROOT / "README.ko.md"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--site-dir",
        str(folder),
    ]  # --quiet hears no warning
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def rows(page: Path) -> list[list[str]]:
    """The cells of every table row of a page, without the lines under the headings."""
    lines = page.read_text(encoding="utf-8").splitlines()
    tables = [line.strip("|").split(" | ") for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in cells] for cells in tables]


def blocks(page: Path) -> list[str]:
    """The code blocks of a page without comments, and of console blocks the commands: the rest is in its language."""
    text = re.sub(r" +# .*", "", page.read_text(encoding="utf-8"))
    found = re.findall(r"^```(python|console|sh)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    commands = re.compile(r"^\$ .*\n", re.MULTILINE)
    return ["".join(commands.findall(code)) if kind == "console" else code for kind, code in found]


def test_every_page_is_built_in_both_languages(site: Path) -> None:
    for page in PAGES:
        name = page.replace(".md", ".html")
        assert 'lang="ko"' in (site / name).read_text(encoding="utf-8")[:200]
        assert 'lang="en"' in (site / "en" / name).read_text(encoding="utf-8")[:200]


def test_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    fetching = re.compile(
        r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//[^>]*>"""
    )
    for page in site.rglob("*.html"):
        assert fetching.findall(page.read_text(encoding="utf-8")) == [], page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import", sheet.read_text(encoding="utf-8")), (
            sheet
        )


def test_no_page_needs_what_the_theme_would_fetch() -> None:
    for page in DOCS.rglob("*.md"):
        assert "```mermaid" not in page.read_text(encoding="utf-8"), page


def test_both_languages_have_the_same_pages() -> None:
    assert [path.name for path in sorted((DOCS / "ko").glob("*.md"))] == PAGES
    assert "index.md" in PAGES


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_code(page: str) -> None:
    assert blocks(DOCS / "ko" / page) == blocks(DOCS / "en" / page)


def test_both_readmes_have_the_same_code() -> None:
    assert blocks(READMES["ko"]) == blocks(READMES["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notation_page_is_the_ledger(language: str) -> None:
    shown = [cells for cells in rows(DOCS / language / "notation.md") if cells[0].startswith("`")]
    assert shown == [
        [f"`{step.id}`", f"`{step.python}`", f"{step.shape[0]} × {step.shape[1]}", step.part]
        for step in ledger(optimizer="sgd")
    ]


def test_both_glossaries_have_the_same_terms() -> None:
    english = [(cells[0], cells[1]) for cells in rows(DOCS / "en" / "glossary.md")[1:]]
    korean = [(cells[1], cells[0]) for cells in rows(DOCS / "ko" / "glossary.md")[1:]]
    assert english == korean
    assert len({term for term, _korean in english}) == len(english) > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lecture_page_shows_the_code_that_runs(language: str) -> None:
    def body(code: str) -> list[str]:
        (function,) = (
            node
            for node in ast.parse(code).body
            if isinstance(node, ast.FunctionDef) and node.name == "neural_network"
        )
        statements = [node for node in function.body if not isinstance(node, ast.Expr)]
        return [ast.unparse(node) for node in statements]

    (shown,) = (
        block for block in blocks(DOCS / language / "lecture.md") if block.startswith("def neural_network")
    )
    source = ROOT / "src" / "glassnet" / "lecture" / "forward.py"
    assert body(shown) == body(source.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [*READMES.values(), *DOCS.rglob("*.md")], ids=lambda path: path.name)
def test_links_between_files_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("page", ["index.html", "en/index.html"])
def test_its_pictures_are_there_in_both_languages(site: Path, page: str) -> None:
    pictures = re.findall(r'<img[^>]* src="([^"]+)"', (site / page).read_text(encoding="utf-8"))
    assert pictures
    assert all((site / page).parent.joinpath(name).exists() for name in pictures), pictures
