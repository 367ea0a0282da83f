"""What the studio is made of: the built page's files, MNIST's files and the model's bytes; serves nothing."""

from dataclasses import dataclass
from pathlib import Path

from glassnet.data.four_files import NAMES
from glassnet.data.packaged import FOLDER as MNIST
from glassnet.errors import InputError, UnavailableError, reason
from glassnet.locale import _
from glassnet.modelfile import read
from glassnet.network import PACKAGED

FOLDER = Path(__file__).parent / "page"
DATA = dict(zip(("training-images", "training-labels", "test-images", "test-labels"), NAMES, strict=True))

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".wasm": "application/wasm",
    ".ttf": "font/ttf",
}


@dataclass(frozen=True)
class Page:
    """The built page: its files by their names, ``index.html``, ``worker.js``, ``core.wasm``, …"""

    files: dict[str, Path]

    def text(self, name: str) -> str:
        """Return one of its files as text."""
        return self.files[name].read_text(encoding="utf-8")

    def content(self, name: str) -> bytes:
        """Return one of its files as bytes."""
        return self.files[name].read_bytes()


def built(folder: Path | None = None) -> Page:
    """Return the page in `folder`, by default `FOLDER`.

    Raises `UnavailableError`, saying what to do, where it has not been built.
    """
    files = {path.name: path for path in sorted((folder or FOLDER).rglob("*")) if path.suffix in MEDIA_TYPES}
    if not {"index.html", "index.js", "worker.js", "style.css", "core.wasm"} <= set(files):
        raise UnavailableError(
            _("the studio's page"),
            found=_("not built"),
            advice=_(
                "in a clone, run make page (Node 18 and npm are needed); or install the wheel, which has it"
            ),
        )
    return Page(files)


def data_files() -> dict[str, Path]:
    """Return MNIST's four files, raw IDX, by the names that the page asks for: ``test-images`` and so on."""
    return {name: MNIST / file for name, file in DATA.items()}


def model_bytes(model: str) -> bytes:
    """Return the file of a model, checked: a path, or the name of a packaged one.

    The page shows networks of 784 inputs and 10 outputs; raises `InputError` for others and for what is no model.
    """
    packaged = PACKAGED / f"{model}.safetensors"
    path = packaged if packaged.is_file() and not Path(model).exists() else Path(model)
    architecture, _weights, _metadata = read(path)
    sizes = architecture.sizes
    if (sizes[0], sizes[-1]) != (784, 10):
        raise InputError(str(path), expected="784-…-10", found="-".join(map(str, sizes)))
    try:
        return path.read_bytes()
    except OSError as error:  # gone since it was read a moment ago
        raise InputError(str(path), found=reason(error)) from error
