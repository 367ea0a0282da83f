"""Three data sets in the terminal: sizes, sums, the balance of the classes, where they come from; reads no file."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from glassnet.locale import N_, _
from glassnet.show.numbers import ACCENT, QUIET, bar

if TYPE_CHECKING:
    from glassnet.data.sets import DataSets

SETS = {"train": N_("training set"), "validation": N_("validation set"), "test": N_("test set")}
BAR = 12


class Overview:
    """What rich prints for three sets, from top to bottom."""

    def __init__(self, sets: "DataSets") -> None:
        self.sets = sets

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield title, sizes, classes and origin, with an empty line between them."""
        sets = self.sets
        low, high = sets.range
        title = _("{data}: {count} images of 28 × 28 pixels, values {low} to {high}").format(
            data=sets.name, count=f"{sum(len(part) for part in sets):,}", low=low, high=high
        )
        yield Text(title, "bold")
        for part in (
            _sizes(sets),
            _balance(sets, options.max_width, ascii_only=options.ascii_only),
            _origin(sets),
        ):
            yield Text()
            yield part
        if sets.files:
            shift = _(
                "Training image N is image N + {count} of the file; the first {count} are for validation."
            )
            yield Text()
            yield Text(shift.format(count=f"{len(sets.validation):,}"), QUIET)


def _sizes(sets: "DataSets") -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), header_style=QUIET)
    table.add_column("")
    table.add_column(_("images"), justify="right")
    table.add_column(_("numbered"), justify="right")
    table.add_column(_("SHA-256 of images and labels"))
    for part in sets:
        table.add_row(_(SETS[part.name]), f"{len(part):,}", f"0 … {len(part) - 1:,}", f"{part.sha256[:16]}…")
    return table


def _balance(sets: "DataSets", width: int, *, ascii_only: bool) -> Table:
    """One row a class: how many images it has in each set, with a bar on the scale of that set's largest."""
    names = [name if name == str(label) else f"{label} {name}" for label, name in enumerate(sets.classes)]
    heads = [_("class"), *(_(SETS[part.name]) for part in sets)]
    taken = max(map(cell_len, [heads[0], *names])) + sum(max(cell_len(head), 6) for head in heads[1:])
    longest = min(BAR, (width - taken - 4) // 3 - 3)  # 4: a space after each; 3: those around a bar
    table = Table(box=None, padding=(0, 1, 0, 0), header_style=QUIET)
    table.add_column(heads[0], no_wrap=True)
    for head in heads[1:]:
        table.add_column(head, justify="right", no_wrap=True, min_width=6)
        if longest > 0:
            table.add_column("", width=longest + 2)
    for label, name in enumerate(names):
        row: list[str | Text] = [name]
        for part in sets:
            count, most = int(part.counts[label]), int(part.counts.max())
            row.append(f"{count:,}")
            if longest > 0:
                row.append(Text(bar(count / most, longest, ascii_only=ascii_only), ACCENT))
        table.add_row(*row)
    return table


def _origin(sets: "DataSets") -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    rows = [(_("Source"), sets.source), (_("License"), sets.license)]
    rows += [(_("Note"), note) for note in sets.notes]
    for name, value in rows:
        if value:
            table.add_row(Text(name, QUIET), Text(value))
    widest = max((len(file) for file in sets.files), default=0)
    for index, (file, sha256) in enumerate(sets.files.items()):
        head = "" if index else _("Verified") if sets.verified else _("Files")
        table.add_row(Text(head, QUIET), Text(f"{file:<{widest}}  SHA-256 {sha256[:16]}…"))
    return table
