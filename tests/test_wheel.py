"""The wheel: what is in it, and that it works in an environment of its own without a network connection."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import glassnet

ROOT = Path(__file__).parents[1]
MIB = 1 << 20

# Loaded by the new environment's Python before anything else: whoever reaches for the network fails.
OFFLINE = """import socket
def refuse(*arguments, **named): raise OSError("no network in this test")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
"""


def build(folder: Path, *arguments: object, **environment: str) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, *arguments]
    done = subprocess.run(
        [str(part) for part in command],
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built out of it."""
    folder = tmp_path_factory.mktemp("dist")
    build(folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def archive(dist: Path) -> Path:
    (built,) = dist.glob("*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (built,) = dist.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def plain_wheel(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that the source archive gives where there is no compiler."""
    folder = tmp_path_factory.mktemp("plain")
    build(folder, "--wheel", archive, CXX="/no/compiler", CMAKE_CXX_COMPILER="/no/compiler")
    (built,) = folder.glob("*.whl")
    return built


def environment(wheel: Path, home: Path) -> Path:
    """Return the Python of a new environment with the wheel, the dependencies of this one, and no network."""
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    variables = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", variables))
    # After the environment's own packages comes the folder with the dependencies. Its .pth files are not read, so
    # that the checkout, which is installed there as editable, stays out of sight.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (packages / "offline.py").write_text(OFFLINE, encoding="utf-8")
    (packages / "offline.pth").write_text("import offline", encoding="utf-8")
    executable = Path(sysconfig.get_path("scripts", "venv", variables)) / Path(sys.executable).name
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(executable),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, str(wheel)], check=True)
    return executable


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(wheel, tmp_path_factory.mktemp("wheel") / "venv")


def run(python: Path, *arguments: str, folder: Path) -> str:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, *arguments], cwd=folder, env=variables, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_names_say_whom_they_are_for(archive: Path, wheel: Path, plain_wheel: Path) -> None:
    name = f"glassnet-{glassnet.__version__}"
    assert archive.name == f"{name}.tar.gz"
    assert plain_wheel.name == f"{name}-py3-none-any.whl"
    release = f"cp3{sys.version_info.minor}"
    abi = f"{release}-{release}" if sys.version_info < (3, 12) else "cp312-abi3"
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    assert wheel.name == f"{name}-{abi}-{platform}.whl"


def test_the_archive_has_what_the_commands_need(archive: Path) -> None:
    """Everything that is kept under version control but how it is kept: `make test` runs from the archive too."""
    with tarfile.open(archive) as tar:
        inside = {name.partition("/")[2] for name in tar.getnames()}
    folders = ["core", "fuzz", "src", "tests", "tools", "docs", "benchmarks", "web"]
    kept = subprocess.run(
        ["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if kept.returncode != 0:
        pytest.skip("not a git checkout, so nothing says which files there should be")
    assert set(kept.stdout.split()) - inside == set()
    assert not [name for name in inside if name.endswith((".so", ".pyc")) or "node_modules" in name]


def test_without_a_compiler_numpy_computes(plain_wheel: Path, tmp_path: Path) -> None:
    python = environment(plain_wheel, tmp_path / "venv")
    found = json.loads(run(python, "-m", "glassnet", "info", "--json", folder=tmp_path))
    assert found["engine"]["name"] == "numpy"
    forward = json.loads(run(python, "-m", "glassnet", "forward", "--test", "0", "--json", folder=tmp_path))
    assert (forward["prediction"], forward["target"]) == (7, 7)


def test_everything_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    source = ROOT / "src" / "glassnet"
    wanted = {
        str(path.relative_to(source.parent))
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    ours = {name for name in inside if ".dist-info/" not in name}
    (core,) = (name for name in ours if name.startswith("glassnet/engine/_core."))
    assert ours - {core} == wanted - {core}
    for kind in ("steps.json", "-ubyte", ".safetensors", ".mo", ".ttf", "py.typed"):
        assert any(name.endswith(kind) for name in wanted), kind
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in inside}


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 16 * MIB


def test_the_wheel_is_what_runs(python: Path, tmp_path: Path) -> None:
    shown = run(
        python, "-c", "import glassnet; print(glassnet.__version__, glassnet.__file__)", folder=tmp_path
    )
    version, path = shown.split(maxsplit=1)
    assert version == glassnet.__version__
    assert Path(path.strip()).is_relative_to(python.parents[1])


def test_there_is_no_network(python: Path, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no network in this test"):
        run(python, "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:1')", folder=tmp_path)


def test_the_command_line_works_without_a_network(python: Path, tmp_path: Path) -> None:
    assert "glassnet" in run(python, "-m", "glassnet", "--help", folder=tmp_path)
    assert (
        json.loads(run(python, "-m", "glassnet", "info", "--json", folder=tmp_path))["engine"]["name"]
        == "core"
    )
    data = json.loads(run(python, "-m", "glassnet", "data", "--json", folder=tmp_path))
    assert (data["train"], data["validation"], data["test"]) == (55_000, 5_000, 10_000)
    forward = json.loads(run(python, "-m", "glassnet", "forward", "--test", "0", "--json", folder=tmp_path))
    assert (forward["prediction"], forward["target"]) == (7, 7)
    assert run(python, "-m", "glassnet", "--lang", "ko", "forward", "--test", "0", folder=tmp_path)


def test_the_entry_point_is_installed(python: Path, tmp_path: Path) -> None:
    program = next(path for path in python.parent.iterdir() if path.stem == "glassnet")
    done = subprocess.run([program, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["glassnet", glassnet.__version__]


def test_training_works_from_the_wheel(python: Path, tmp_path: Path) -> None:
    code = """
import glassnet
digits = glassnet.mnist()
recipe = glassnet.Recipe(epochs=2, batch_size=100, learning_rate=3.0)
run = glassnet.train(glassnet.Network(seed=0), digits.train[:3000], recipe)
run.last.save("model.safetensors")
print(glassnet.evaluate(glassnet.Network.load("model.safetensors"), digits.test).accuracy)
"""
    assert float(run(python, "-c", code, folder=tmp_path)) > 0.7
