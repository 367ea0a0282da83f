"""How `glassnet train` talks: progress while it trains, the results, the doctor's findings, what to do next."""

from contextlib import contextmanager
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from glassnet.cli.common import emit, say, show_all
from glassnet.errors import UnavailableError
from glassnet.evaluation import Evaluation, evaluate
from glassnet.locale import _
from glassnet.show.terminal import ruled_table
from glassnet.show.words import percent, set_name
from glassnet.training import diagnose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from glassnet.data import DataSets
    from glassnet.training import Finding, Recipe, Run
    from glassnet.training import Progress as Report

SETS = ("train", "validation", "test")
LINES = 10  # of a long run, at most so many epochs are told


@contextmanager
def progress(recipe: "Recipe", sets: "DataSets") -> "Iterator[Callable[[Report], None]]":
    """Give the function that training tells its progress: lines on standard error, in a terminal a bar below."""
    introduction = _(
        "Training on {count} images; epochs: {epochs}, images per update: {batch_size}. Ctrl-C interrupts."
    ).format(count=f"{len(sets.train):,}", epochs=f"{recipe.epochs:,}", batch_size=f"{recipe.batch_size:,}")
    screen = Console(stderr=True, highlight=False)
    every = max(1, recipe.epochs // LINES)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:
        tell = bars.console.print if screen.is_terminal else say
        task = bars.add_task("", total=None)
        epoch_loss: list[float] = []
        begun = False
        last = 0  # epoch that was told

        def told(report: "Report") -> None:
            nonlocal begun, last
            if not begun:  # only now: a run that cannot go on is refused before
                begun = True
                tell(introduction)
            epoch_loss.append(report.loss)
            now = _("epoch {epoch}/{epochs}, loss {loss:.4f}").format(
                epoch=report.epoch, epochs=report.epochs, loss=report.loss
            )
            bars.update(task, total=report.updates, completed=report.update, description=now)
            if (done := report.evaluated) is None:
                return
            if done.epoch >= last + every or done.epoch == report.epochs:
                last = done.epoch
                line = _("epoch {epoch}  loss {loss}").format(
                    epoch=str(done.epoch).rjust(len(str(report.epochs))),
                    loss=f"{sum(epoch_loss) / len(epoch_loss):.4f}",
                )
                if done.validation is not None:
                    line += "  " + _("validation {accuracy}").format(
                        accuracy=percent(done.validation.accuracy)
                    )
                tell(line)
            epoch_loss.clear()

        yield told


@dataclass(frozen=True)
class Results:
    """A finished run, its best network's evaluation on each set that has images, and the doctor's findings."""

    run: "Run"
    sets: "dict[str, Evaluation | None]"
    findings: "tuple[Finding, ...]"

    @classmethod
    def of(cls, run: "Run", sets: "DataSets") -> "Results":
        """Evaluate the best network of `run` on the three sets and ask the doctor."""
        best = run.best
        parts = {name: getattr(sets, name) for name in SETS}
        results = {name: evaluate(best, part) if len(part) else None for name, part in parts.items()}
        return cls(run, results, diagnose(run, sets))

    def metadata(self) -> dict[str, str]:
        """Return what the model's file says beyond the run's address."""
        test = self.sets["test"]
        return {} if test is None else {"test_accuracy": f"{test.accuracy:.4f}"}

    def to_json(self, recipe: str, load_seconds: float, model: str) -> dict[str, Any]:
        """Return the command's answer; a set without images has null."""
        run, best, test = self.run, self.run.best, self.sets["test"]
        return {
            "network": {"sizes": best.sizes, "fingerprint": best.fingerprint},
            "engine": run.engine,
            "recipe": recipe,
            "settings": run.recipe.to_json(),
            "seed": run.seed,
            "data_sha256": run.data_sha256,
            "update": int(best.metadata["update"]),
            "seconds": {"load": round(load_seconds, 4), "train": round(run.seconds, 4)},
            "loss": {name: result and result.loss for name, result in self.sets.items()},
            "accuracy": {name: result and result.accuracy for name, result in self.sets.items()},
            "test_interval": test and test.interval,
            "findings": [finding.to_json() for finding in self.findings],
            "model": model,
        }


def show(
    results: Results, recipe: str, load_seconds: float, model: str, data: str, *, replaced: bool
) -> None:
    """Print the results, the findings, the model's place and what to do next with it and the `data`."""
    run, best = results.run, results.run.best
    trained = _(
        "Trained {sizes} by the recipe {recipe}, seed {seed}: {updates} updates in {seconds:.1f} s."
    ).format(
        sizes="-".join(str(size) for size in best.sizes),
        recipe=recipe,
        seed=run.seed,
        updates=f"{run.update:,}",
        seconds=run.seconds,
    )
    lines = [trained, _("The data were read in {seconds:.2f} s.").format(seconds=load_seconds)]
    if run.best_epoch is not None:
        lines.append(
            _("The best by validation is the network after epoch {epoch}.").format(epoch=run.best_epoch.epoch)
        )
    table = ruled_table()
    table.add_column("", no_wrap=True)
    for heading in (_("images"), _("loss"), _("accuracy"), _("interval (95 %)")):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, result in results.sets.items():
        if result is not None:
            low, high = result.interval
            between = _("{low} to {high}").format(low=percent(low), high=percent(high))
            table.add_row(
                set_name(name), f"{result.count:,}", f"{result.loss:.4f}", percent(result.accuracy), between
            )
    saved = (
        _("Saved as {file} (the older one is replaced), fingerprint {fingerprint}")
        if replaced
        else _("Saved as {file}, fingerprint {fingerprint}")
    )
    name, same_data = quote(model), "" if data == "mnist" else f" --data {quote(data)}"
    show_all(
        Text("\n".join(lines)),
        Text(),
        table,
        Text(),
        *told(results.findings),
        Text(),
        Text(saved.format(file=model, fingerprint=best.fingerprint)),
        Text(),
        Text(_("Next:"), "bold"),
        Text(f"  glassnet forward --model {name} --test 0{same_data}"),
        Text(f"  glassnet evaluate {name}{same_data}"),
    )


def told(findings: "tuple[Finding, ...]") -> list[Text]:
    """Write the doctor's findings in plain words."""
    if not findings:
        return [Text(_("The doctor found nothing wrong with this run."))]
    lines = []
    for finding in findings:
        lines += [Text(finding.title, "bold"), Text(f"{finding.evidence} {finding.remedy}")]
    return lines


def failed(run: "Run", *, as_json: bool) -> int:
    """Say that training ended without a network and why, and return the exit code: a check has failed."""
    findings = diagnose(run)
    error = UnavailableError(
        _("this training"),
        found=_("a loss that is not a number, in update {update}").format(update=run.diverged),
        advice=_("no model was saved"),
    )
    if as_json:
        fields = {"kind": type(error).__name__, "exit_code": error.exit_code, "message": str(error)}
        emit({"error": fields, "findings": [finding.to_json() for finding in findings]})
    else:
        show_all(*told(findings))
    say(_("Error: {message}").format(message=error))
    return error.exit_code
