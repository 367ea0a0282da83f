"""The exception tree and its one formatter, and the system's reasons in words; checks nothing itself.

GlassnetError               exit code 3: our fault
├── InputError (ValueError)            2: wrong use or bad input
│   ├── ShapeError                        an array of another shape
│   ├── OutOfRangeError (IndexError)      an index past the end
│   └── FileFormatError                   a file that is not what it should be
└── UnavailableError                   1: no network, disk full, a refused answer
"""

import errno
from typing import ClassVar

from glassnet.locale import N_, _

_REASONS = {
    errno.ENOENT: N_("no such file"),
    errno.ENOTDIR: N_("no such file"),
    errno.EISDIR: N_("a folder"),
    errno.EACCES: N_("no permission"),
    errno.EPERM: N_("no permission"),
    errno.EROFS: N_("a place that can only be read"),
    errno.ENAMETOOLONG: N_("a name too long"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk is full"),
}


class GlassnetError(Exception):
    """An error that says what, what was expected, what was found and what to do.

    `what` names the thing (a file, an argument, a matrix); `expected`, `found` and `advice` are phrases in the
    language of the moment, each optional.

    >>> print(ShapeError("w1", expected="(14, 785)", found="(785, 14)", advice="did you transpose it?"))
    w1: expected (14, 785), found (785, 14); did you transpose it?
    """

    exit_code: ClassVar[int] = 3

    def __init__(
        self,
        what: str,
        *,
        expected: object = None,
        found: object = None,
        advice: str | None = None,
    ) -> None:
        self.what = what
        self.expected = expected
        self.found = found
        self.advice = advice
        super().__init__(what)

    def __str__(self) -> str:
        if self.expected is not None and self.found is not None:
            said = _("expected {expected}, found {found}").format(expected=self.expected, found=self.found)
        elif self.expected is not None:
            said = _("expected {expected}").format(expected=self.expected)
        else:
            said = _("found {found}").format(found=self.found) if self.found is not None else ""
        sentence = f"{self.what}: {said}" if said else self.what
        if not self.advice:
            return sentence
        return _("{error}; {advice}").format(error=sentence, advice=self.advice)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.expected, self.found, self.advice)


def reason(error: OSError) -> str:
    """Return what the system had against a file, in the current language where it is a common thing.

    >>> reason(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    'no such file'
    """
    known = _REASONS.get(error.errno or 0)
    return _(known) if known else error.strerror or str(error)


def _rebuild(
    kind: type[GlassnetError], what: str, expected: object, found: object, advice: str | None
) -> GlassnetError:
    return kind(what, expected=expected, found=found, advice=advice)


class InputError(GlassnetError, ValueError):
    """Wrong use or bad input."""

    exit_code = 2


class ShapeError(InputError):
    """An array whose shape or number type does not fit."""


class OutOfRangeError(InputError, IndexError):
    """An index past the end."""


class FileFormatError(InputError):
    """A file that is damaged or not of the kind it should be."""


class UnavailableError(GlassnetError):
    """Something that cannot be had now: a network, room on the disk, an answer that is refused."""

    exit_code = 1
