"""One formatter, in both languages, and a tree whose classes carry their exit codes."""

import errno
import pickle

import pytest

import glassnet
from glassnet.errors import (
    FileFormatError,
    GlassnetError,
    InputError,
    OutOfRangeError,
    ShapeError,
    UnavailableError,
    reason,
)


def test_says_what_expected_found_and_advice() -> None:
    error = ShapeError("w1", expected="(14, 785)", found="(785, 14)", advice="did you transpose it?")
    assert str(error) == "w1: expected (14, 785), found (785, 14); did you transpose it?"
    assert str(InputError("seed", found="-1")) == "seed: found -1"
    assert str(InputError("sizes")) == "sizes"


def test_speaks_korean() -> None:
    glassnet.use_language("ko")
    assert "expected" not in str(ShapeError("w1", expected=1, found=2))


@pytest.mark.parametrize(
    ("kind", "builtin", "code"),
    [
        (GlassnetError, Exception, 3),
        (InputError, ValueError, 2),
        (ShapeError, ValueError, 2),
        (FileFormatError, ValueError, 2),
        (OutOfRangeError, IndexError, 2),
        (UnavailableError, Exception, 1),
    ],
)
def test_tree_and_exit_codes(kind: type[GlassnetError], builtin: type[Exception], code: int) -> None:
    assert issubclass(kind, builtin)
    assert kind.exit_code == code


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.EROFS, errno.ENOSPC])
def test_the_common_reasons_of_the_system_are_in_korean(number: int) -> None:
    glassnet.use_language("ko")
    assert not reason(OSError(number, "said in English")).isascii()


def test_a_rare_reason_is_the_system_s() -> None:
    assert reason(OSError(errno.EPIPE, "Broken pipe")) == "Broken pipe"
    assert reason(OSError("alone")) == "alone"


def test_survives_pickling_between_processes() -> None:
    error = FileFormatError("a.idx", expected="16 bytes", found="3", advice="copy it again")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
