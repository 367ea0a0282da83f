"""The house: which file may import which, what an import costs, and what every file begins with.

Nothing here runs a network; the files' own text and the list of loaded modules are looked at.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import glassnet

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "glassnet"

# From the ground up. A file imports from floors below its own, and from its own package.
FLOORS = (
    {"_version", "locale"},
    {"errors"},
    {"constraints", "files", "lecture"},
    {"data", "engine", "trace"},
    {"modelfile"},
    {"network"},
    {"evaluation", "training"},
    {"pictures"},
    {"show", "studio"},
    {"classroom"},
    {"cli"},
)
FLOOR_OF = {name: number for number, names in enumerate(FLOORS) for name in names}

# The roof: they only pass on what stands below.
ROOF = {"__init__", "__main__"}

# The one exception: results show themselves, and what shows them is imported when they do.
SHOWING = {"__rich__", "__str__", "_repr_html_"}
SHOWN = {
    "Evaluation",
    "Explanation",
    "Laboratory",
    "Reading",
    "Run",
    "Trace",
    "UpdateExplanation",
    "WeightExplanation",
}

# What may be imported at the top of a file, where: everybody else waits until it is used.
THIRD_PARTY = {"cli": {"click", "rich"}, "show": {"rich"}}

LONGEST = 400


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def part_of(path: Path) -> str:
    """The file's or package's name directly below glassnet."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(node: ast.AST, path: Path) -> list[str]:
    """The full names of the modules that one statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{name_of(path)}:{node.lineno}: relative import"
        assert node.module is not None
        if node.module == "glassnet":
            return [f"glassnet.{alias.name}" for alias in node.names]
        return [node.module]
    return []


def statements(
    tree: ast.AST, path: Path, inside: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Every import below `tree`: the module, the classes and functions around it, the line."""
    for node in ast.iter_child_nodes(tree):
        for module in imported(node, path):
            yield module, inside, getattr(node, "lineno", 0)
        named = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        yield from statements(node, path, (*inside, node.name) if named else inside)  # type: ignore[attr-defined]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), name_of(path))


def offenses(path: Path, tree: ast.Module) -> list[str]:
    """The imports of one file that its floor does not allow."""
    part = part_of(path)
    if part in ROOF:
        return []
    found = []
    for module, inside, line in statements(tree, path):
        words = module.split(".")
        if words[0] != "glassnet" or len(words) == 1:
            continue
        wanted = words[1]
        if wanted not in FLOOR_OF:  # a public name, taken from the roof
            found.append(f"{name_of(path)}:{line}: import it from its own file, not from glassnet: {module}")
            continue
        shows_itself = wanted == "show" and len(inside) == 2 and inside[0] in SHOWN and inside[1] in SHOWING
        if wanted != part and FLOOR_OF[wanted] >= FLOOR_OF[part] and not shows_itself:
            found.append(f"{name_of(path)}:{line}: {part} imports {module}, which is not below it")
    return found


def test_every_file_has_a_floor() -> None:
    parts = {part_of(path) for path in files("src/glassnet")}
    assert parts - ROOF <= set(FLOOR_OF)


@pytest.mark.parametrize("path", files("src/glassnet"), ids=name_of)
def test_imports_come_from_below(path: Path) -> None:
    assert offenses(path, parsed(path)) == []


@pytest.mark.parametrize(
    ("part", "code", "allowed"),
    [
        ("network", "from glassnet.trace import Trace", True),
        ("trace", "from glassnet.network import Network", False),
        ("trace", "import glassnet.network", False),
        ("trace", "from glassnet import network", False),
        ("trace", "from glassnet import Network", False),
        ("training/run", "from glassnet.training.recipe import Recipe", True),
        ("training/run", "from glassnet.evaluation import evaluate", False),
        ("lecture/forward", "from glassnet.errors import ShapeError", True),
        ("errors", "def f():\n    from glassnet.network import Network", False),
        ("trace", "class Trace:\n    def _repr_html_(self):\n        from glassnet.show import html", True),
        ("trace", "class Trace:\n    def __rich__(self):\n        from glassnet.show import terminal", True),
        ("trace", "class Trace:\n    def draw(self):\n        from glassnet.show import figure", False),
        (
            "network",
            "class Network:\n    def _repr_html_(self):\n        from glassnet.show import html",
            False,
        ),
    ],
)
def test_the_floors_hold_for_made_up_files(part: str, code: str, allowed: bool) -> None:
    assert (offenses(SOURCE / f"{part}.py", ast.parse(code)) == []) == allowed


@pytest.mark.parametrize("path", files("src/glassnet"), ids=name_of)
def test_heavy_things_are_imported_where_they_are_used(path: Path) -> None:
    allowed = {"numpy", "glassnet"} | THIRD_PARTY.get(part_of(path), set()) | set(sys.stdlib_module_names)
    tops = [node for node in parsed(path).body if not (isinstance(node, ast.If) and is_for_types(node))]
    top_level = {module.split(".")[0] for node in tops for module in imported(node, path)}
    assert top_level <= allowed


def is_for_types(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def test_the_lecture_imports_numpy_and_nothing_else() -> None:
    for path in files("src/glassnet/lecture"):
        modules = {module for module, _inside, _line in statements(parsed(path), path)}
        others = {m for m in modules if m.split(".")[0] not in sys.stdlib_module_names}
        assert {m for m in others if not m.startswith("glassnet.lecture")} <= {"numpy", "numpy.typing"}, path


def test_the_public_list_is_sorted_and_whole() -> None:
    assert glassnet.__all__ == sorted(glassnet.__all__, key=constants_then_classes_then_the_rest)
    assert len(set(glassnet.__all__)) == len(glassnet.__all__)
    for name in glassnet.__all__:
        assert getattr(glassnet, name) is not None
    assert set(dir(glassnet)) == set(glassnet.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = glassnet.nothing


def constants_then_classes_then_the_rest(name: str) -> tuple[bool, bool, str]:
    return not name.isupper(), not name[0].isupper(), name


@pytest.mark.parametrize("name", [name for name in glassnet.__all__ if name != "__version__"])
def test_public_things_say_what_they_are(name: str) -> None:
    value = getattr(glassnet, name)
    if not isinstance(value, dict):  # RECIPES is a table; its docstring would be dict's
        assert value.__doc__, f"glassnet.{name} has no docstring"


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after `code`, standard library apart."""
    report = f"import sys; before = set(sys.modules)\n{code}\nprint(*(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, env=os.environ
    )
    names = {module.split(".")[0] for module in done.stdout.split()}
    return {name for name in names if name not in sys.stdlib_module_names}


def test_importing_glassnet_brings_numpy_at_most() -> None:
    assert loaded_by("import glassnet") - {"numpy"} == {"glassnet"}


def test_the_whole_public_list_brings_numpy_alone() -> None:
    everything = "import glassnet\nfor name in glassnet.__all__: getattr(glassnet, name)"
    assert loaded_by(everything) == {"glassnet", "numpy"}


def test_help_needs_click_alone() -> None:
    called = "from glassnet.cli import group; group.main(['--help'], standalone_mode=False)"
    assert loaded_by(f"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()): {called}") == {
        "click",
        "glassnet",
    }


@pytest.mark.parametrize("path", files("src", "tests", "benchmarks", "tools"), ids=name_of)
def test_a_file_says_what_it_is_and_stays_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if text:
        assert ast.get_docstring(ast.parse(text)), (
            "the first lines say what a file is and what it refuses to be"
        )
    assert len(text.splitlines()) <= LONGEST
