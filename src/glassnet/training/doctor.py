"""What is wrong with a run, in plain words, with evidence and remedy; trains and changes nothing."""

from dataclasses import asdict, dataclass
from typing import Any

from glassnet.training.run import Run


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a run: what (`title`), how one sees it (`evidence`), what to change (`remedy`).

    `kind` is one of the keys of `KINDS`; `update` is where it began, or None. Texts are in the language of the moment.
    """

    kind: str
    title: str
    evidence: str
    remedy: str
    update: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return every field by name."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.title} {self.evidence} {self.remedy}"


def diagnose(run: Run) -> tuple[Finding, ...]:
    """Return what is wrong with `run`, the gravest first; nothing for a healthy one."""
    return ()
