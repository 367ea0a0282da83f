"""A file is whole or not there."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import glassnet
from glassnet import InputError, UnavailableError
from glassnet.files import check_place, write_whole
from glassnet.show.figure import draw
from glassnet.training import Recipe


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "note"
    write_whole(path, b"glassnet first")
    write_whole(path, b"glassnet second")
    assert path.read_bytes() == b"glassnet second"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_are_those_of_an_ordinary_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "ours", b"")
    (tmp_path / "theirs").write_bytes(b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode


def test_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model"
    write_whole(path, b"glassnet old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnavailableError, match="disk is full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"glassnet old"
    assert list(tmp_path.iterdir()) == [path]


def test_real_full_device() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises((UnavailableError, InputError)):
        write_whole("/dev/full/model", b"x")


def test_devices_stay_devices_and_links_stay_links(tmp_path: Path) -> None:
    pipe, real, link = tmp_path / "pipe", tmp_path / "real", tmp_path / "link"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="a pipe or device"):
        write_whole(pipe, b"x")
    assert pipe.is_fifo()
    real.write_bytes(b"glassnet old")
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys, glassnet.files as files\n"
        "os.fsync = lambda _handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "files.write_whole(sys.argv[1], b'a part')"
    )
    path, others = (
        tmp_path / "run [1].x",
        [".run [1].x.backup", ".run [1].x.backup01.part1", ".run 1.x.aaaaaaaa.part"],
    )
    for name in others:
        (tmp_path / name).touch()
    write_whole(path, b"glassnet old")
    for _time in range(3):
        assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == -signal.SIGKILL
    assert (
        len(list(tmp_path.iterdir())) == 1 + len(others) + 1
    )  # each has removed what the one before it left
    assert path.read_bytes() == b"glassnet old"
    write_whole(path, b"new")
    assert {entry.name for entry in tmp_path.iterdir()} == {path.name, *others}


def test_a_file_that_is_being_written_is_no_leftover(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync, times = os.fsync, []

    def write_another_meanwhile(handle: int) -> None:
        sync(handle)
        times.append(handle)
        if len(times) == 1:
            write_whole(tmp_path / "run", b"glassnet, the other's")

    monkeypatch.setattr(os, "fsync", write_another_meanwhile)
    write_whole(tmp_path / "run", b"ours")
    assert (tmp_path / "run").read_bytes() == b"ours"
    assert [entry.name for entry in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("name", ["notes.png", "notes.svg", "notes.pdf", "notes.html"])
def test_a_file_that_speaks_of_glassnet_is_not_its_own(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"how I use glassnet")
    with pytest.raises(InputError, match="another file, which is left as it is"):
        check_place(path)


@pytest.mark.parametrize("content", [b"three years of work", b"\x89PNG", b"%PDF" + bytes(200_000)])
def test_what_glassnet_has_not_written_is_never_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "theirs"
    path.write_bytes(content)
    with pytest.raises(InputError, match="another file, which is left as it is"):
        check_place(path)
    with pytest.raises(InputError, match="another file, which is left as it is"):
        write_whole(path, b"glassnet")
    assert path.read_bytes() == content


def test_what_glassnet_writes_may_be_replaced_by_the_same_kind(tmp_path: Path) -> None:
    network = glassnet.Network((784, 2, 10), seed=0)
    trace = network.trace(glassnet.mnist().test.images[0], target=7)
    for name in ("figure.png", "figure.svg", "figure.pdf"):
        for _time in range(2):
            draw(trace, tmp_path / name)
    run = glassnet.train(network, glassnet.mnist().train[:100], Recipe(1, 50, learning_rate=1.0))
    for _time in range(2):
        network.save(tmp_path / "model")
        run.save(tmp_path / "run")
    with pytest.raises(InputError, match="of the same kind"):
        network.save(tmp_path / "run")
    with pytest.raises(InputError, match="of the same kind"):
        run.save(tmp_path / "model")
    (tmp_path / "empty").touch()
    network.save(tmp_path / "empty")


def test_missing_folder_and_folder_as_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="existing folder"):
        write_whole(tmp_path / "none" / "file", b"")
    with pytest.raises(InputError, match="a folder"):
        write_whole(tmp_path, b"")
