"""Fetched sets, against a server on this machine: whatever it does ends in data or in one plain sentence."""

import contextlib
import hashlib
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import glassnet
from glassnet.data import download as module
from glassnet.data.download import REMOTES
from glassnet.data.four_files import NAMES
from glassnet.data.loading import FETCHED

Handler = http.server.BaseHTTPRequestHandler
Behavior = Callable[[Handler, bytes], None]
FIRST = f"{NAMES[0]}.gz"


class Server:
    """Gives the files of a folder, each in the way that `behavior` says; counts what is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.behavior: Behavior = whole
        self.asked: list[str] = []
        self.done = threading.Event()
        outer = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                file = outer.folder / self.path.rsplit("/", 1)[-1]
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    outer.behavior(self, file.read_bytes())

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server.server_port}/data"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    def close(self) -> None:
        self.done.set()
        self.server.shutdown()
        self.server.server_close()


def whole(answer: Handler, content: bytes) -> None:
    answer.send_response(200)
    answer.send_header("Content-Length", str(len(content)))
    answer.end_headers()
    answer.wfile.write(content)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLASSNET_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "*")
    for name, remote in REMOTES.items():  # no test may reach the real servers, even when it fails
        monkeypatch.setitem(REMOTES, name, replace(remote, url="http://127.0.0.1:9/"))
    return tmp_path / "cache" / "kmnist"


@pytest.fixture
def server(
    tmp_path: Path, cache: Path, four_files: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    assert not cache.exists()
    folder = tmp_path / "served"
    folder.mkdir()
    four_files(folder, zipped=True)
    first, second, third, fourth = (
        hashlib.sha256((folder / f"{name}.gz").read_bytes()).hexdigest() for name in NAMES
    )
    monkeypatch.setitem(REMOTES, "kmnist", replace(REMOTES["kmnist"], sha256=(first, second, third, fourth)))
    server = Server(folder)
    yield server
    server.close()


def left(cache: Path) -> list[str]:
    return sorted(file.name for file in cache.iterdir()) if cache.exists() else []


def test_names_and_published_sums() -> None:
    assert tuple(REMOTES) == FETCHED
    for remote in REMOTES.values():
        assert [len(bytes.fromhex(one)) for one in remote.sha256] == [32] * 4
        assert len(set(remote.classes)) == 10
    assert REMOTES["fashion-mnist"].sha256[0].startswith("3aede38d")
    assert REMOTES["kmnist"].sha256[3].startswith("20bb9a0e")


def test_a_set_is_fetched_once_and_split_as_mnist(server: Server, cache: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    data = glassnet.load("kmnist", mirror=server.address, progress=lambda *step: seen.append(step))
    assert (len(data.train), len(data.validation), len(data.test)) == (22, 2, 10)
    assert data.train.labels[0] == 2  # image 0 is image 2 of the file: a twelfth of 24 is for validation
    assert (data.name, data.license, data.classes[0]) == ("kmnist", "CC BY-SA 4.0", "お")
    assert left(cache) == sorted(f"{name}.gz" for name in NAMES)
    assert server.asked == [f"/data/{name}.gz" for name in NAMES]
    for name in NAMES:
        size = (server.folder / f"{name}.gz").stat().st_size
        assert (f"{name}.gz", size, size) in seen
    again = glassnet.load("kmnist")  # from the cache: its real address is not asked
    np.testing.assert_array_equal(again.train.images, data.train.images)
    assert len(server.asked) == 4


def test_an_address_may_end_in_a_slash(server: Server, cache: Path) -> None:
    assert len(glassnet.load("kmnist", mirror=server.address + "/").test) == 10
    assert server.asked[0] == f"/data/{FIRST}"


def test_a_wrong_checksum_names_both_sums_and_leaves_nothing(server: Server, cache: Path) -> None:
    damaged = bytearray((server.folder / FIRST).read_bytes())
    damaged[100] ^= 1
    (server.folder / FIRST).write_bytes(damaged)
    with pytest.raises(glassnet.UnavailableError) as caught:
        glassnet.load("kmnist", mirror=server.address)
    assert caught.value.exit_code == 1
    assert REMOTES["kmnist"].sha256[0] in str(caught.value)
    assert hashlib.sha256(damaged).hexdigest() in str(caught.value)
    assert f"{server.address}/{FIRST}" in str(caught.value)
    assert left(cache) == []


def test_a_file_that_rots_in_the_cache_is_fetched_again(server: Server, cache: Path) -> None:
    glassnet.load("kmnist", mirror=server.address)
    (cache / FIRST).write_bytes(b"rotten")
    assert len(glassnet.load("kmnist", mirror=server.address).train) == 22
    assert server.asked[4:] == [f"/data/{FIRST}"]


def not_found(answer: Handler, _content: bytes) -> None:
    answer.send_error(404)


def broken(answer: Handler, _content: bytes) -> None:
    answer.send_error(503)


def truncated(answer: Handler, content: bytes) -> None:
    answer.send_response(200)
    answer.send_header("Content-Length", str(len(content)))
    answer.end_headers()
    answer.wfile.write(content[:-10])


def truncated_silently(answer: Handler, content: bytes) -> None:
    answer.send_response(200)
    answer.end_headers()
    answer.wfile.write(content[:-10])


def a_page(answer: Handler, _content: bytes) -> None:
    whole(answer, b"<!DOCTYPE html><title>Log in to the school's network</title>")


def nonsense(answer: Handler, _content: bytes) -> None:
    answer.wfile.write(b"\0\1\2 this is not HTTP\r\n\r\n")


def in_circles(answer: Handler, _content: bytes) -> None:
    answer.send_response(302)
    answer.send_header("Location", answer.path)
    answer.end_headers()


def elsewhere(answer: Handler, _content: bytes) -> None:
    answer.send_response(302)
    answer.send_header("Location", "file:///etc/passwd")
    answer.end_headers()


@pytest.mark.parametrize(
    ("behavior", "reason"),
    [
        (not_found, "the server answers 404"),
        (broken, "the server answers 503"),
        (truncated, "the connection broke off"),
        (truncated_silently, "SHA-256"),
        (a_page, "SHA-256"),
        (nonsense, "no connection"),
        (in_circles, "broke off"),
        (elsewhere, "the address leads nowhere"),
    ],
)
def test_a_broken_mirror_ends_in_a_sentence(
    server: Server, cache: Path, behavior: Behavior, reason: str
) -> None:
    server.behavior = behavior
    with pytest.raises(glassnet.UnavailableError, match=reason) as caught:
        glassnet.load("kmnist", mirror=server.address)
    assert caught.value.exit_code == 1
    assert FIRST in str(caught.value)
    assert left(cache) == []


def test_files_that_did_arrive_are_kept(server: Server, cache: Path) -> None:
    server.behavior = lambda answer, content: (whole if FIRST in answer.path else broken)(answer, content)
    with pytest.raises(glassnet.UnavailableError):
        glassnet.load("kmnist", mirror=server.address)
    assert left(cache) == [FIRST]


def test_a_server_that_hangs_is_given_up(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.2)

    def hang(_answer: Handler, _content: bytes) -> None:
        server.done.wait(20)

    server.behavior = hang
    with pytest.raises(glassnet.UnavailableError, match="the server does not answer"):
        glassnet.load("kmnist", mirror=server.address)
    assert left(cache) == []


def test_a_server_that_stops_half_way_is_given_up(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(answer: Handler, content: bytes) -> None:
        answer.send_response(200)
        answer.send_header("Content-Length", str(len(content)))
        answer.end_headers()
        answer.wfile.write(content[:100])
        server.done.wait(20)

    monkeypatch.setattr(module, "TIMEOUT", 0.2)
    server.behavior = half
    with pytest.raises(glassnet.UnavailableError, match="the server does not answer"):
        glassnet.load("kmnist", mirror=server.address)
    assert left(cache) == []


def test_a_server_that_drips_is_given_up(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(answer: Handler, content: bytes) -> None:
        answer.send_response(200)
        answer.send_header("Content-Length", str(len(content)))
        answer.end_headers()
        for byte in content:
            answer.wfile.write(bytes([byte]))
            time.sleep(0.01)

    monkeypatch.setattr(module, "STALL_SECONDS", 0.3)
    server.behavior = drip
    with pytest.raises(glassnet.UnavailableError, match="the server does not answer"):
        glassnet.load("kmnist", mirror=server.address)
    assert left(cache) == []


def test_a_server_that_never_ends_is_given_up(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(answer: Handler, _content: bytes) -> None:
        answer.send_response(200)
        answer.end_headers()
        while True:
            answer.wfile.write(bytes(1 << 16))

    monkeypatch.setattr(module, "LARGEST_FILE", 1 << 20)
    server.behavior = endless
    with pytest.raises(glassnet.UnavailableError, match="the server sends more than"):
        glassnet.load("kmnist", mirror=server.address)
    assert left(cache) == []


def test_no_network(cache: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(
        glassnet.UnavailableError, match=r"no connection; check the network, or .* --mirror URL"
    ):
        glassnet.load("fashion-mnist", mirror=f"http://127.0.0.1:{port}")
    assert left(cache) == []


def test_no_room_on_the_disk(server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_get", full)
    with pytest.raises(glassnet.UnavailableError, match="No space left on device; free some room"):
        glassnet.load("kmnist", mirror=server.address)
    assert left(cache) == []


def test_a_cache_that_cannot_be_a_folder(server: Server, cache: Path) -> None:
    cache.parent.write_bytes(b"a file stands here")
    with pytest.raises(glassnet.UnavailableError, match="GLASSNET_CACHE"):
        glassnet.load("kmnist", mirror=server.address)


@pytest.mark.parametrize(
    "mirror", ["ftp://example.org/", "file:///tmp", "example.org", "http://", "http://[", ""]
)
def test_an_address_that_is_none(cache: Path, mirror: str) -> None:
    with pytest.raises(glassnet.InputError, match="mirror"):
        glassnet.load("kmnist", mirror=mirror)


def test_a_mirror_for_what_is_not_fetched() -> None:
    with pytest.raises(glassnet.InputError, match="fashion-mnist, kmnist, found mnist"):
        glassnet.load("mnist", mirror="http://127.0.0.1/")
