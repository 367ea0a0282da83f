"""`glassnet studio`: the page in the browser, served on this machine or written as one file; computes nothing."""

import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from glassnet.cli.common import command, emit, load_data, model_option, option, say
from glassnet.cli.words import WHOLE
from glassnet.errors import InputError, OutOfRangeError
from glassnet.locale import N_, _, language

if TYPE_CHECKING:
    from glassnet.studio.page import Page

LARGEST_PORT = 65_535


@command(
    N_(
        "Open the studio: see in the browser how the network computes, and learns. It needs no network connection."
    ),
    examples=N_(
        "Examples:\n\n"
        "  glassnet studio\n"
        "  glassnet studio --model model.safetensors --no-open\n"
        "  glassnet studio --export lesson.html --train 5000"
    ),
)
@option(
    "--port",
    type=WHOLE,
    metavar="N",
    default=8428,
    show_default=True,
    help=N_("The port; a free one if it is taken."),
)
@option("--no-open", is_flag=True, help=N_("Do not open the browser."))
@model_option
@option("--export", "target", metavar=N_("FILE"), help=N_("Write the whole studio as one HTML file instead."))
@option(
    "--train", type=WHOLE, metavar="N", default=0, help=N_("With --export: also the first N training images.")
)
def studio(port: int, no_open: bool, model: str, target: str | None, train: int, as_json: bool) -> None:
    """Serve it, or write it."""
    from glassnet.studio import page as pages

    if not 0 <= port <= LARGEST_PORT:
        raise InputError(
            "--port", expected=_("{low} to {high}").format(low=0, high=LARGEST_PORT), found=str(port)
        )
    if train and target is None:
        raise InputError("--train", found=str(train), advice=_("it needs --export"))
    if target is not None:
        _check_target(target)
    weights = pages.model_bytes(model)
    page = pages.built()
    if target is None:
        _serve(page, weights, port, as_json=as_json, browser=not no_open)
        return

    from glassnet.files import write_whole
    from glassnet.studio.export import exported

    data = load_data("mnist")
    if not 0 <= train <= len(data.train):
        raise OutOfRangeError(
            "--train", expected=_("{low} to {high}").format(low=0, high=len(data.train)), found=train
        )
    content = exported(page, weights, data, train=train, language=language())
    write_whole(target, content)
    if as_json:
        emit({"file": target, "bytes": len(content), "train": train})
    else:
        say(
            _("{file}: {megabytes} MB, opens with a double click").format(
                file=target, megabytes=f"{len(content) / 1e6:.1f}"
            )
        )


def _check_target(target: str) -> None:
    from glassnet.files import check_place

    suffix = Path(target).suffix
    if suffix.lower() not in (".html", ".htm"):
        raise InputError(target, expected=_("a name that ends in .html"), found=suffix or Path(target).name)
    check_place(target)


def _serve(page: "Page", model: bytes, port: int, *, as_json: bool, browser: bool) -> None:
    from glassnet.studio import server

    listener = server.listening(port)
    found = listener.getsockname()[1]
    address = f"http://{server.HOST}:{found}/#lang={language()}"
    if found != port and port != 0:
        say(_("port {port} is taken; {found} is used").format(port=port, found=found))
    if as_json:
        emit({"address": address, "port": found})
    else:
        say(_("The studio is at {address}").format(address=address))
        say(_("Ctrl-C ends it."))
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    server.serve(server.application(page, model, found), listener)
