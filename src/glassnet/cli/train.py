"""`glassnet train`: train a network, save the best of the run, and say how good it is; trains nothing itself.

On Ctrl-C the run is left in a file from which it goes on to the same weights as without the interruption.
"""

import time
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassnet.cli.common import command, data_options, emit, load_data, option, say
from glassnet.cli.failures import INTERRUPTED
from glassnet.cli.words import REAL, WHOLE
from glassnet.errors import InputError
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from glassnet.engine.architecture import Architecture
    from glassnet.network import Network
    from glassnet.training import Distortion, Recipe, Run

DEFAULT_SIZES = "784-14-10"
DEFAULT_RECIPE = "default"
DEFAULT_OUT = "model.safetensors"
CHANGES = ("epochs", "batch_size", "learning_rate", "optimizer")


@command(
    N_(
        "Train a network on the training images and save the best of the run, judged on the validation images."
    ),
    examples=N_(
        "Examples:\n\n"
        "  glassnet train --recipe lecture\n"
        "  glassnet train --sizes 784-30-10 --epochs 20 --out bigger.safetensors\n"
        "  glassnet train --run long.safetensors          Ctrl-C, and later\n"
        "  glassnet train --run long.safetensors --resume"
    ),
)
@option("--sizes", metavar="784-14-10", help=N_("Neurons of each layer, the 784 pixels first."))
@option("--hidden", metavar=N_("NAME"), help=N_("Activation of hidden layers: sigmoid, tanh or relu."))
@option("--output", metavar=N_("NAME"), help=N_("Activation of the outputs: sigmoid or softmax."))
@option(
    "--loss",
    metavar=N_("NAME"),
    help=N_("squared_error, binary_cross_entropy, or cross_entropy with softmax."),
)
@option("--recipe", metavar=N_("NAME"), help=N_("lecture (plain SGD), quick, or default (the best)."))
@option(
    "--epochs", type=WHOLE, metavar="N", help=N_("Visits to every training image, instead of the recipe's.")
)
@option("--batch-size", type=WHOLE, metavar="N", help=N_("Images for one update of the weights."))
@option("--learning-rate", type=REAL, metavar="R", help=N_("How far one update goes."))
@option("--optimizer", metavar=N_("NAME"), help=N_("sgd, momentum or adam."))
@option(
    "--distortion",
    metavar="rotation=8,shift=0.7",
    help=N_("How far training images are changed at most (rotation, scale, shear, shift, elastic), or none."),
)
@option("--seed", type=WHOLE, metavar="N", help=N_("Initial weights and order of images; 0 if not given."))
@option(
    "--run", "run_file", metavar=N_("FILE"), help=N_("Keep the run here after every epoch, to resume from.")
)
@option("--resume", is_flag=True, help=N_("Go on with the run in --run FILE."))
@option("--out", metavar=N_("FILE"), default=DEFAULT_OUT, show_default=True, help=N_("Where the model goes."))
@data_options
def train(
    sizes: str | None,
    hidden: str | None,
    output: str | None,
    loss: str | None,
    recipe: str | None,
    run_file: str | None,
    resume: bool,
    distortion: str | None,
    seed: int | None,
    out: str,
    data: str,
    mirror: str | None,
    as_json: bool,
    **given: float | str | None,
) -> int:
    """Train, save, evaluate, report."""
    from glassnet import modelfile
    from glassnet.cli import training_report
    from glassnet.files import check_place
    from glassnet.training import train as train_network

    if resume and run_file is None:
        raise click.UsageError(
            _("--resume needs --run FILE, the run to go on with"), click.get_current_context()
        )
    _check_files(out, run_file, resume=resume)
    saved = _saved(run_file) if resume else None
    if resume and saved is None:
        say(_("There is no run in {file} yet: a new one begins.").format(file=run_file))
    network, seed = _network(sizes, hidden, output, loss, seed, saved)
    check_place(out, modelfile.MARK, room=2**16 + sum(weight.nbytes for weight in network.weights.values()))
    changes: dict[str, Any] = {key: given[key] for key in CHANGES if given[key] is not None}
    if distortion is not None:
        changes["distortion"] = _distortion(distortion)
    chosen, name = _recipe(recipe, changes, saved, network.architecture)

    if output is not None or loss is not None:  # one of them may have chosen the other
        say(_("Outputs: {output}, loss: {loss}.").format(output=network.output, loss=network.loss))
    began = time.perf_counter()
    sets = load_data(data, mirror)
    load_seconds = time.perf_counter() - began
    again = _again(run_file, data, out)
    try:
        with training_report.progress(chosen, sets) as told:
            run = train_network(network, sets, chosen, seed, run_file=run_file, resume=resume, progress=told)
    except KeyboardInterrupt:
        if run_file is not None and Path(run_file).is_file():
            say(_("The run is kept up to its last epoch. Go on with: {command}").format(command=again))
        raise
    if run.interrupted:
        return _leave(run, run_file, data, out, as_json=as_json)
    if run.diverged is not None and run.best_epoch is None:
        return training_report.failed(run, as_json=as_json)

    results = training_report.Results.of(run, sets)
    replaced = Path(out).exists()
    run.best.save(out, **results.metadata())
    if as_json:
        emit(results.to_json(name, load_seconds, out))
    else:
        training_report.show(results, name, load_seconds, out, data, replaced=replaced)
    return 0


def _check_files(out: str, run_file: str | None, *, resume: bool) -> None:
    """Refuse, before anything is trained, places that cannot be written to or would replace something else."""
    from glassnet import modelfile
    from glassnet.files import check_place
    from glassnet.training import runfile

    if run_file is not None and Path(run_file).is_file() and not resume:
        raise InputError(
            run_file,
            expected=_("a new file for the run"),
            found=_("one that exists"),
            advice=_("add --resume to go on with the run in it, or choose another name"),
        )
    check_place(out, modelfile.MARK)
    if run_file is not None:
        check_place(run_file, runfile.MARK)
        if Path(out).resolve() == Path(run_file).resolve():
            raise InputError("--out", expected=_("another file than --run"), found=out)


def _saved(run_file: str | None) -> "Run | None":
    from glassnet.training import Run

    return Run.load(run_file) if run_file is not None and Path(run_file).exists() else None


def _network(
    sizes: str | None,
    hidden: str | None,
    output: str | None,
    loss: str | None,
    seed: int | None,
    saved: "Run | None",
) -> "tuple[Network, int]":
    """Return the untrained network and the seed; what is not given comes from the saved run, or is the lecture's."""
    from glassnet.data.sets import CLASSES
    from glassnet.engine.architecture import OUTPUT_LOSS_PAIRS, Architecture
    from glassnet.modelfile import parse_sizes
    from glassnet.network import Network

    start = saved.architecture if saved is not None else Architecture(parse_sizes(DEFAULT_SIZES))
    if (output is None) != (loss is None):  # the other half of the only pair, or of the first
        pairs = [pair for pair in OUTPUT_LOSS_PAIRS if output in (None, pair[0]) and loss in (None, pair[1])]
        output, loss = pairs[0] if pairs else (output or start.output, loss or start.loss)
    if seed is None:
        seed = saved.seed if saved is not None else 0
    layers = parse_sizes(sizes) if sizes is not None else start.sizes
    if sizes is not None and len(layers) > 1 and layers[-1] > CLASSES:
        raise InputError(
            "--sizes",
            expected=_("{count} outputs at the end, one for each digit").format(count=CLASSES),
            found=sizes,
            advice=f"--sizes {sizes}-{CLASSES}",
        )
    network = Network(
        layers,
        hidden or start.hidden,
        output or start.output,
        loss or start.loss,
        seed=seed,
    )
    return network, seed


def _distortion(text: str) -> "Distortion | None":
    """Return what `rotation=8,shift=0.7` says; None for `none`."""
    from dataclasses import fields

    from glassnet.training import Distortion

    if text.strip() == "none":
        return None
    names = [field.name for field in fields(Distortion)]
    amounts: dict[str, Any] = {}
    for number, part in enumerate(text.split(",")):  # each name once
        name, _equals, amount = (word.strip() for word in part.partition("="))
        try:
            amounts[name] = float(amount)
        except ValueError:
            amounts[name] = None
        if name not in names or amounts[name] is None or len(amounts) <= number:
            raise InputError(
                "--distortion",
                expected=_("none, or {names} with their amounts, such as rotation=8,shift=0.7").format(
                    names=", ".join(names)
                ),
                found=repr(part),
            )
    return Distortion(**amounts)


def _recipe(
    name: str | None, changes: dict[str, Any], saved: "Run | None", architecture: "Architecture"
) -> "tuple[Recipe, str]":
    """Return the recipe, and how it is called: a name, with what differs behind it (`default epochs=2`)."""
    from glassnet.training import RECIPES, Recipe

    if saved is not None and name is None:
        chosen = replace(saved.recipe, **changes)
    else:
        chosen = Recipe.named(name or DEFAULT_RECIPE, architecture, **changes)
    numbers = chosen.to_json()

    def differing(known: str) -> list[str]:
        base = RECIPES[known].to_json()
        return [f"{key}={_said(value)}" for key, value in numbers.items() if value != base[key]]

    called = name or min(RECIPES, key=lambda known: (len(differing(known)), known != DEFAULT_RECIPE))
    return chosen, " ".join([called, *differing(called)])


def _said(value: Any) -> str:
    """Return a recipe's value as the command line takes it."""
    if isinstance(value, dict):  # a distortion
        from glassnet.training import Distortion

        usual = Distortion().to_json()
        return ",".join(f"{name}={amount:g}" for name, amount in value.items() if amount != usual[name])
    if isinstance(value, float):
        return f"{value:.12g}"  # a warm-up is a share of other epochs
    return "none" if value is None else str(value)


def _again(run_file: str | None, data: str, out: str) -> str:
    """Return the command that goes on with the run."""
    from shlex import quote

    words = ["glassnet", "train", "--run", run_file or "", "--resume"]
    words += ["--out", out] if out != DEFAULT_OUT else []
    words += ["--data", data] if data != "mnist" else []
    return " ".join(quote(word) for word in words)


def _leave(run: "Run", run_file: str | None, data: str, out: str, *, as_json: bool) -> int:
    """Keep an interrupted run, say how to go on with it, and return the exit code."""
    if run_file is None:
        run_file = free_name(out)
        run.save(run_file)
    message = _("Interrupted after update {update} of {updates}. Go on with: {command}").format(
        update=f"{run.update:,}", updates=f"{run.updates:,}", command=_again(run_file, data, out)
    )
    say(message)
    if as_json:
        error = {"kind": "Interrupted", "exit_code": INTERRUPTED, "message": message}
        emit({"error": error, "run": run_file, "update": run.update, "updates": run.updates})
    return INTERRUPTED


def free_name(out: str) -> str:
    """Return a file beside the model for a run that was given none: model.run.safetensors, model.run2…, …"""
    stem = Path(out).with_suffix("")
    numbered = (f"{stem}.run{number}.safetensors" for number in chain([""], count(2)))
    return next(name for name in numbered if not Path(name).exists())
