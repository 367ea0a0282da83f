"""`glassnet info`: versions, the engine and why it is that one, folders, packaged models; changes nothing."""

import os
import platform
import warnings
from pathlib import Path
from typing import Any

from glassnet._version import __version__
from glassnet.cli.common import command, emit, show_all
from glassnet.locale import N_, _

REASONS = {
    "used": N_("used"),
    "available": N_("available"),
    "not run by this processor": N_("this processor does not have it"),
    "not compiled": N_("for another kind of processor, not compiled here"),
    "asked for": N_("GLASSNET_ENGINE=numpy asks for it"),
    "not built": N_("the compiled core is not built; with a C++ compiler, pip install builds it"),
    "fastest": N_("the compiled core"),
}


@command(N_("Show what is at work here: versions, the engine, threads, folders, packaged models."))
def info(as_json: bool) -> None:
    """Collect and show it."""
    found = collected()
    if as_json:
        emit(found)
        return
    from rich.table import Table
    from rich.text import Text

    from glassnet.show.numbers import QUIET

    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in _lines(found):
        table.add_row(Text(name, QUIET), value)
    show_all(table)


def collected() -> dict[str, Any]:
    """Return the version, engine, machine, folders and models."""
    import numpy as np

    from glassnet.data.download import cache_folder
    from glassnet.data.packaged import FOLDER
    from glassnet.network import PACKAGED, Network

    models = []
    for path in sorted(PACKAGED.glob("*.safetensors")):
        network = Network.load(path)
        models.append(
            {
                "name": path.stem,
                "sizes": network.sizes,
                "fingerprint": network.fingerprint,
                "test_accuracy": float(network.metadata["test_accuracy"]),
            }
        )
    return {
        "version": __version__,
        "engine": _engine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
        "data_folder": str(FOLDER),
        "cache_folder": str(cache_folder()),
        "package_folder": str(Path(__file__).parents[1]),
        "models": models,
    }


def _engine() -> dict[str, Any]:
    """Return which engine computes, why, and every instruction set with what keeps it from being used."""
    from glassnet.engine import chosen, native
    from glassnet.engine.core import ISAS

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the warning says is said here
        compiled = chosen.compiled()
    known = native.info() if native.available() else None
    runs = dict(known.compiled) if known is not None else {}
    sets = []
    for name in sorted({*ISAS, *runs}, key=lambda name: [*ISAS, name].index(name)):
        used = compiled and known is not None and name == known.isa
        if known is None:
            status = "not built"
        elif name not in runs:
            status = "not compiled"
        else:
            status = "used" if used else "available" if runs[name] else "not run by this processor"
        sets.append({"name": name, "available": runs.get(name, False), "used": used, "reason": status})
    asked = os.environ.get("GLASSNET_ENGINE") == "numpy"
    return {
        "name": chosen.name(),
        "reason": "fastest" if compiled else "asked for" if asked else "not built",
        "instruction_set": known.isa if compiled and known is not None else None,
        "register_bytes": known.register_bytes if compiled and known is not None else None,
        "threads": known.threads if compiled and known is not None else 1,
        "instruction_sets": sets,
    }


def _lines(found: dict[str, Any]) -> list[tuple[str, str]]:
    engine = found["engine"]
    known = [
        ("glassnet", found["version"]),
        (_("Engine"), f"{engine['name']}: {_(REASONS[engine['reason']])}"),
    ]
    known += [
        (_("Instruction sets") if place == 0 else "", f"{item['name']}: {_(REASONS[item['reason']])}")
        for place, item in enumerate(engine["instruction_sets"])
    ]
    known += [
        (_("Threads"), str(engine["threads"])),
        ("Python", found["python"]),
        ("NumPy", found["numpy"]),
        (_("Machine"), found["machine"]),
        (_("Data"), found["data_folder"]),
        (_("Fetched data"), found["cache_folder"]),
    ]
    for place, model in enumerate(found["models"]):
        sizes = "-".join(str(size) for size in model["sizes"])
        known.append(
            (_("Packaged models") if place == 0 else "", f"{model['name']}: {sizes}, {model['fingerprint']}")
        )
    return known
