"""The command line as a whole: what it imports, both languages, errors and their exit codes, JSON."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import glassnet
from glassnet.cli import COMMANDS, group
from glassnet.cli.common import emit, plain, shortest
from glassnet.cli.failures import guarded
from glassnet.cli.words import asked_language, columns, wrapped
from glassnet.errors import FileFormatError, GlassnetError, InputError, UnavailableError
from glassnet.locale import LANGUAGES


def glassnet_command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "glassnet", *arguments],
        check=False,
        encoding="utf-8",
        stderr=subprocess.PIPE,
        **{"stdout": subprocess.PIPE, **options},
    )


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(group, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["--version"], ["--lang", "ko", "--help"], ["nonsense"]]
)
def test_the_group_needs_neither_numpy_nor_rich(arguments: list[str]) -> None:
    code = (
        "import sys; from glassnet.cli import group\n"
        f"group.main({arguments!r}, standalone_mode=False)\n"
        "sys.exit(bool({'numpy', 'rich', 'PIL', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_alone_it_says_how_to_begin() -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "glassnet forward" in out
    for name in COMMANDS:
        assert f"\n  {name} " in out


def test_version() -> None:
    assert run("--version") == (0, f"glassnet {glassnet.__version__}\n", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_shared_options_and_its_own_help(name: str) -> None:
    code, out, _err = run(name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: glassnet {name} ")
    for option in ("--json", "--lang [ko|en]", "--help"):
        assert f"\n  {option} " in out


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS)], ids=" ".join)
def test_korean_help_is_korean_throughout_and_fits(arguments: list[str]) -> None:
    code, out, _err = run(*arguments, "--lang", "ko", "--help")
    assert code == 0
    assert out.startswith(f"사용법: glassnet {' '.join(arguments)}".rstrip())
    for english in ("Usage", "Options", "Commands", "default:", "Show this", "FILE", "[OPTIONS]"):
        assert english not in out
    assert max(columns(line) for line in out.splitlines()) <= 80


@pytest.mark.parametrize(
    "words",
    [
        ["--lang", "ko", "forward", "--bogus"],
        ["forward", "--bogus", "--lang=ko"],
        ["forward", "--bogus", "--lang", "ko"],
    ],
)
def test_lang_is_followed_wherever_it_stands(words: list[str]) -> None:
    code, _out, err = run(*words)
    assert code == 2
    assert "오류: '--bogus' 옵션은 없습니다." in err
    assert "Error" not in err


def test_the_locale_chooses_and_lang_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSNET_LANG", "ko")
    assert "사용법" in run("--help")[1]
    assert "Usage" in run("--help", "--lang", "en")[1]
    assert "사용법" in run("--help")[1]  # nothing is left behind


def test_another_language_is_refused() -> None:
    code, _out, err = run("forward", "--lang", "fr")
    assert code == 2
    assert "'fr' is not one of 'ko', 'en'." in err


def test_a_misspelled_command_is_an_error() -> None:
    code, _out, err = run("forwad")
    assert code == 2
    assert "No such command 'forwad'. Did you mean 'forward'?" in err
    assert "No such command 'xyz'." in run("xyz")[2]


@given(
    st.lists(
        st.sampled_from(["forward", "--lang", "--lang=ko", "--lang=en", "ko", "en", "fr", "--", "--lang="])
    )
)
def test_the_asked_language_is_one_there_is(words: list[str]) -> None:
    assert asked_language(words) in (*LANGUAGES, None)
    assert asked_language(["--", *words]) is None
    assert asked_language(["--lang", "ko", "--", *words]) == "ko"


@given(st.text(alphabet="ab 가나 ", max_size=80), st.integers(1, 40))
def test_wrapped_lines_are_narrow_and_lose_nothing(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert " ".join(lines).split() == text.split()
    assert all(columns(line) <= width or " " not in line for line in lines)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GlassnetError("x"), 3),
        (InputError("x", expected="y"), 2),
        (FileFormatError("x", found="z"), 2),
        (UnavailableError("x", advice="w"), 1),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (OSError(errno.ENOSPC, "No space left on device", "file"), 1),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "file"), 2),
        (PermissionError(errno.EACCES, "Permission denied", "file"), 2),
        (MemoryError(), 1),
        (BrokenPipeError(), 1),
        (click.UsageError("x"), 2),
        (ZeroDivisionError("x"), 3),
        (RecursionError("x"), 3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_error_has_its_exit_code_and_one_sentence(
    error: BaseException, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise error

    assert guarded(fails, as_json=False) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert len(err.splitlines()) == (0 if isinstance(error, BrokenPipeError) else 1)


def test_an_error_as_json_names_its_parts(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> None:
        raise InputError("w1", expected="(14, 785)", found=(785, 14), advice="did you transpose it?")

    assert guarded(fails, as_json=True) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "glassnet": glassnet.__version__,
        "schema": 1,
        "error": {
            "kind": "InputError",
            "exit_code": 2,
            "message": "w1: expected (14, 785), found (785, 14); did you transpose it?",
            "what": "w1",
            "expected": "(14, 785)",
            "found": "(785, 14)",
            "advice": "did you transpose it?",
        },
    }


def test_a_name_cannot_move_the_cursor_or_break_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> None:
        raise InputError("a\x1b[2J\nb\r가", found="x")

    assert guarded(fails, as_json=False) == 2
    assert capsys.readouterr().err == "Error: a\\x1b[2J\\nb\\r가: found x\n"


def test_a_fault_of_ours_shows_its_traceback_only_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise ZeroDivisionError("one\ntwo")

    assert guarded(fails, as_json=False) == 3
    assert "(ZeroDivisionError: one two)" in capsys.readouterr().err
    monkeypatch.setenv("GLASSNET_DEBUG", "1")
    assert guarded(fails, as_json=False) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (1, 1), (True, 0), ("text", 0)])
def test_a_command_may_return_its_exit_code(result: object, code: int) -> None:
    assert guarded(lambda: result, as_json=False) == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
@pytest.mark.parametrize("arguments", [["--help"], ["forward", "--json"], ["forward"]])
def test_a_full_disk_behind_standard_output_is_told(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = glassnet_command(*arguments, stdout=full)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "Error: the disk is full; free some room and try again"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["forward", "--json"], ["forward", "--backward", "--test", "1"]]
)
def test_a_reader_that_goes_away_is_no_error_to_speak_of(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = glassnet_command(*arguments, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_an_encoding_without_our_letters_is_no_error() -> None:
    done = glassnet_command(
        "--lang",
        "ko",
        "forward",
        "--test",
        "0",
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "z2 = np.dot(w1, a1)" in done.stdout


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_float32_is_written_as_the_shortest_text_that_gives_it_back(value: float) -> None:
    number = np.float32(value)
    text = json.dumps(shortest(number))
    assert np.float32(float(text)) == number
    assert len(text) <= len(repr(float(number)))


def test_json_has_no_nan_and_keeps_arrays_in_rows(capsys: pytest.CaptureFixture[str]) -> None:
    emit(
        {
            "rows": np.array([[0.1, np.nan], [np.inf, -2]], np.float32),
            "count": np.int64(3),
            "name": "가",
            "path": Path("a"),
            "odd": "\udcff",
            "list": (1.5, float("nan"), None, True),
        }
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["rows"] == [[0.1, None], [None, -2.0]]
    assert answer["count"] == 3
    assert answer["list"] == [1.5, None, None, True]
    assert (answer["name"], answer["path"], answer["odd"]) == ("가", "a", "\udcff")


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=8)
)
def test_plain_gives_what_json_accepts(value: object) -> None:
    json.dumps(plain(value), allow_nan=False)


@pytest.fixture(autouse=True)
def _no_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLASSNET_DEBUG", raising=False)
