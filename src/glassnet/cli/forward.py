"""`glassnet forward`: one image through a network, step by step, to its loss; computes nothing itself."""

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from glassnet.cli.common import (
    IMAGE_TITLES,
    argument,
    chosen_image,
    command,
    data_options,
    emit,
    image_options,
    load_data,
    load_model,
    model_option,
    option,
    part_of,
    plain,
    say,
    show_all,
)
from glassnet.cli.words import WHOLE
from glassnet.errors import InputError, UnavailableError
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glassnet.network import Network
    from glassnet.trace import Explanation, Trace

DEFAULT_IMAGE = ("test", 0)


@command(
    N_(
        "Show forward propagation for one image, step by step: each line of Python, its shape, its values, the loss."
    ),
    examples=N_(
        "Examples:\n\n"
        "  glassnet forward --test 8\n"
        "  glassnet forward --step z2 --row 3\n"
        "  glassnet forward my-digit.png --target 5 --backward\n"
        "  glassnet forward --run run.safetensors --at 120 --test 7"
    ),
)
@argument("file", metavar=N_("FILE"), required=False)
@image_options
@option(
    "--target",
    type=WHOLE,
    metavar=N_("DIGIT"),
    help=N_("The digit that FILE shows; with it there is a loss."),
)
@model_option
@option(
    "--run",
    "run_file",
    metavar=N_("FILE"),
    help=N_("A training run instead of a model: its network after --at."),
)
@option(
    "--at", type=WHOLE, metavar="N", help=N_("With --run: after update N, 0 the start; otherwise the last.")
)
@option("--averaged", is_flag=True, help=N_("With --run: the averaged weights of a recipe that has them."))
@option("--step", metavar="ID", help=N_("Only this step, with all its values: x, a1, z2, a2, …"))
@option(
    "--row", type=WHOLE, metavar="N", help=N_("With --step z2 and the like: neuron N's sum, written out.")
)
@option(
    "--top",
    type=WHOLE,
    metavar="K",
    default=10,
    show_default=True,
    help=N_("With --row: the K largest terms."),
)
@option("--backward", is_flag=True, help=N_("Go on to the gradients of all weights."))
@data_options
def forward(
    file: str | None,
    train: int | None,
    validation: int | None,
    test: int | None,
    target: int | None,
    model: str,
    run_file: str | None,
    at: int | None,
    averaged: bool,
    step: str | None,
    row: int | None,
    top: int,
    backward: bool,
    data: str,
    mirror: str | None,
    as_json: bool,
) -> None:
    """Trace one image and show the trace, one step of it, or one neuron."""
    import numpy as np

    context = click.get_current_context()
    chosen = chosen_image(train, validation, test)
    if file is not None and chosen is not None:
        raise click.UsageError(_("give a file or an image of the data, not both"), context)
    if file is None and target is not None:
        raise click.UsageError(_("--target is for a file; images of the data have their label"), context)
    if row is not None and step is None:
        raise click.UsageError(_("--row needs --step, such as --step z2 --row 3"), context)
    if top < 1:
        raise click.BadParameter(_("it must be 1 or more"), context, param_hint="'--top'")

    if run_file is None and (at is not None or averaged):
        raise click.UsageError(_("--at and --averaged need --run FILE"), context)
    if run_file is not None and context.get_parameter_source("model") is not ParameterSource.DEFAULT:
        raise click.UsageError(_("give --model or --run, not both"), context)

    network = load_model(model) if run_file is None else _of_run(run_file, at, averaged, data, mirror)
    if file is not None:
        image, described, title = _of_file(file, target)
    else:
        name, index = (chosen.set, chosen.index) if chosen else DEFAULT_IMAGE
        sets = load_data(data, mirror)
        image, label = part_of(sets, name)[index]
        described = {"set": name, "index": index, "label": label}
        title = _(IMAGE_TITLES[name]).format(index=index, data=sets.name, label=label)
        target = label

    with np.errstate(all="ignore"):  # weights so large that numbers overflow: shown, not warned of
        trace = network.trace(image, target)
    if step is not None:
        trace.step(step)  # an unknown one is said before anything is shown
    explanation = trace.explain(step, row, top) if step is not None and row is not None else None
    if as_json:
        fields = _fields(
            network,
            trace,
            described,
            step,
            explanation,
            backward=backward,
            run_file=run_file,
            averaged=averaged,
        )
        emit(fields)
        return
    if run_file is not None:
        title += ", " + _("after update {update}").format(update=f"{int(network.metadata['update']):,}")
    _show(trace, title, step, explanation, backward=backward)
    if file is None and chosen is None and step is None:
        say(_("No image was named, so this is test image 0. Another: glassnet forward --test 1"))


def _of_run(file: str, at: int | None, averaged: bool, data: str, mirror: str | None) -> "Network":
    from glassnet.training import Run

    run = Run.load(file)
    own = None if data == "mnist" else load_data(data, mirror)  # MNIST is found by its sum
    return run.at(run.update if at is None else at, averaged, data=own)


def _of_file(file: str, target: int | None) -> "tuple[NDArray[Any], dict[str, Any], str]":
    from glassnet.pictures import read

    reading = read(file)
    found = reading.digits or reading.refused
    if not found:
        raise UnavailableError(f"{file}: {reading.reason}")
    if len(found) > 1:
        raise InputError(
            file,
            expected=_("a picture with one digit"),
            found=str(len(found)),
            advice=_("glassnet predict reads several"),
        )
    title = _("Picture {file}").format(file=file)
    if reading.inverted:
        title += ", " + _("inverted: its ink was dark on light")
    described = {"set": None, "index": None, "label": target, "file": file, "inverted": reading.inverted}
    return found[0].image, described, title


def _fields(
    network: "Network",
    trace: "Trace",
    image: dict[str, Any],
    step: str | None,
    explanation: "Explanation | None",
    *,
    backward: bool,
    run_file: str | None,
    averaged: bool,
) -> dict[str, Any]:
    import numpy as np

    parts = ("forward", "loss", "backward") if backward else ("forward", "loss")
    items = [trace.step(step)] if step is not None else [item for item in trace if item.step.part in parts]
    described: dict[str, Any] = {"sizes": network.sizes, "fingerprint": network.fingerprint}
    if run_file is not None:
        described |= {"run": run_file, "update": int(network.metadata["update"]), "averaged": averaged}
    fields: dict[str, Any] = {
        "image": image,
        "network": described,
        "steps": [{"id": item.step.id, "shape": item.step.shape, "value": item.value} for item in items],
        "prediction": trace.prediction if np.isfinite(trace.outputs).all() else None,
        "target": trace.target,
        "loss": trace["loss"][0, 0] if "loss" in trace else None,
    }
    if explanation is not None:
        fields["explanation"] = _float32(explanation.to_json())
    return fields


def _float32(value: Any, key: str = "") -> Any:
    """Give the numbers of an explanation that are float32 their shortest text; products and rest are float64."""
    import numpy as np

    if isinstance(value, dict):
        return {name: _float32(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_float32(item) for item in value]
    return plain(np.float32(value)) if isinstance(value, float) and key not in ("product", "rest") else value


def _show(
    trace: "Trace", title: str, step: str | None, explanation: "Explanation | None", *, backward: bool
) -> None:
    from rich.text import Text

    from glassnet.show.step import StepView
    from glassnet.show.terminal import PARTS, TraceView, renderable

    heading = Text(title, "bold")
    if explanation is not None:
        show_all(heading, renderable(explanation))
    elif step is not None:
        show_all(heading, StepView(trace.step(step), whole=True))
    else:
        show_all(heading, TraceView(trace, PARTS if backward else ("forward", "loss")))
