"""The studio's server: this machine alone, this page alone, a fixed list of files; how it begins and ends."""

import http.client
import io
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

import glassnet
from commandline import CommandLine
from glassnet.errors import InputError, UnavailableError
from glassnet.studio import page as pages
from glassnet.studio import server


def ask(
    address: str, path: str = "/", method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (lower case) and body of one request; `host` and `origin` as given."""
    place = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=10)
    try:
        connection.putrequest(method, path, skip_host="host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders()
        if body is not None:
            connection.send(body)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_it_serves_the_page_the_core_the_model_and_the_data(address: str) -> None:
    files = pages.data_files()
    for path, kind, content in [
        ("/", "text/html; charset=utf-8", None),
        ("/index.js", "text/javascript; charset=utf-8", None),
        ("/worker.js", "text/javascript; charset=utf-8", None),
        ("/core.wasm", "application/wasm", None),
        ("/model", "application/octet-stream", pages.model_bytes("lecture")),
        ("/test-images", "application/octet-stream", files["test-images"].read_bytes()),
        ("/test-labels", "application/octet-stream", files["test-labels"].read_bytes()),
    ]:
        status, headers, body = ask(address, path)
        assert (status, headers["content-type"]) == (200, kind), path
        assert int(headers["content-length"]) == len(body) > 0
        assert content is None or body == content


def test_every_answer_carries_the_policy(address: str) -> None:
    for path in ("/", "/index.js", "/nothing", "/model"):
        _status, headers, _body = ask(address, path)
        for name, value in server.HEADERS.items():
            assert headers[name] == value
    policy = server.HEADERS["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy


def test_digits_are_taught_for_the_page_alone(address: str) -> None:
    assert ask(address, "/teach", "POST", bytes(785))[0] == 403
    assert ask(address, "/teach", "POST", bytes(2_001 * 785), **{"x-glassnet": "1"})[0] == 413
    assert ask(address, "/teach", "GET", None, **{"x-glassnet": "1"})[0] == 405
    for content, query, expected in [
        (bytes(785 * 19), "lang=en", "your digits: expected at least 20 digits of your own, found 19"),
        (bytes(785 * 19), "lang=ko", "내 숫자: 필요: 내 숫자 20개 이상 / 실제: 19"),
        (b"", "lang=en", "your digits: expected at least 20"),
        (bytes(784), "lang=en", "your digits: expected rows of 785 bytes, found 784"),
        (b"\x0a" + bytes(784) + bytes(785 * 20), "lang=en", "labels: expected labels from 0 to 9, found 10"),
        (
            bytes(785 * 20),
            "lang=en&model=/etc/passwd",
            "model: expected reader, lecture, found '/etc/passwd'",
        ),
    ]:
        status, headers, body = ask(address, f"/teach?{query}", "POST", content, **{"x-glassnet": "1"})
        (line,) = body.decode().splitlines()
        assert (status, headers["content-type"]) == (200, "application/x-ndjson")
        assert json.loads(line)["problem"].startswith(expected), line


def test_a_picture_is_read_for_the_page_alone(address: str) -> None:
    image = b"P5 28 28 255 " + glassnet.mnist().test.images[0].tobytes()
    status, headers, body = ask(address, "/picture?lang=en", "POST", image, **{"x-glassnet": "1"})
    answer = json.loads(body)
    assert (status, headers["content-type"]) == (200, "application/json")
    assert answer["text"] == "7"
    assert [stage["name"] for stage in answer["laboratory"]["stages"]][-1] == "centered"
    # a form or script of another site cannot send the header without asking first, and is not answered when it asks
    assert ask(address, "/picture", "POST", image)[0] == 403
    assert ask(address, "/picture", "POST", image, origin="http://evil.com", **{"x-glassnet": "1"})[0] == 403
    assert ask(address, "/picture", "OPTIONS", origin="http://evil.com")[0] in (403, 405)
    assert ask(address, "/picture")[0] == 405


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_what_is_no_picture_is_told_in_a_sentence(address: str, lang: str) -> None:
    whole = io.BytesIO()
    Image.new("L", (60, 60), 255).save(whole, "PNG")
    for content, word in (
        (b"", "0"),
        (pickle.dumps({"weights": 1}), "PNG"),
        (whole.getvalue()[:60], ""),
        (b"P5 60000 60000 255 ", "64,000,000"),
    ):
        status, _headers, body = ask(address, f"/picture?lang={lang}", "POST", content, **{"x-glassnet": "1"})
        problem = json.loads(body)["problem"]
        assert status == 200
        assert word in problem
        assert "Traceback" not in problem
        assert any("가" <= letter <= "힣" for letter in problem) == (lang == "ko")
    for query in ("digit=-1", "digit=x", "threshold=2", "threshold=nan"):
        _status, _headers, body = ask(
            address, f"/picture?{query}", "POST", whole.getvalue(), **{"x-glassnet": "1"}
        )
        assert query.partition("=")[0] in json.loads(body)["problem"]
    blank = json.loads(ask(address, "/picture", "POST", whole.getvalue(), **{"x-glassnet": "1"})[2])
    assert blank["laboratory"] is None
    assert blank["reason"]


def test_a_picture_that_is_too_large_is_refused_before_it_is_read(address: str) -> None:
    place = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=10)
    connection.putrequest("POST", "/picture")
    connection.putheader("x-glassnet", "1")
    connection.putheader("content-length", str(100_000_000))
    connection.endheaders()  # not a byte of it is sent
    assert connection.getresponse().status == 413
    connection.close()


def test_only_its_own_name_and_origin(address: str) -> None:
    port = urllib.parse.urlsplit(address).port
    for host in (
        "evil.com",
        f"evil.com:{port}",
        "127.0.0.1",
        f"127.0.0.1:{port}.evil.com",
        "",
        f"127.0.0.2:{port}",
    ):
        assert ask(address, host=host)[0] == 403, host
    for origin in (
        "http://evil.com",
        "null",
        f"http://127.0.0.1:{port}.evil.com",
        f"https://127.0.0.1:{port}",
        "http://127.0.0.1",
    ):
        assert ask(address, origin=origin)[0] == 403, origin
    for name in (f"127.0.0.1:{port}", f"localhost:{port}"):
        assert ask(address, host=name, origin=f"http://{name}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/..%2fpyproject.toml",
        "//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/model/../server.py",
        "/page.py",
        "/index.html%00.js",
        "/?file=/etc/passwd",
        "/data/",
    ],
)
def test_no_address_is_a_path(address: str, path: str) -> None:
    status, _headers, body = ask(address, path)
    assert status == (200 if path.startswith("/?") else 404)
    assert b"root:" not in body
    assert b"[project]" not in body


def test_nothing_can_be_sent(address: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for path in ("/", "/model", "/nothing"):
            assert ask(address, path, method, b"{}")[0] in (404, 405), (method, path)
    assert ask(address, "/model", "POST", b"x" * 100_000)[0] in (405, 413)


def test_it_listens_on_this_machine_alone_and_finds_a_free_port() -> None:
    with server.listening(0) as first:
        host, port = first.getsockname()
        assert host == "127.0.0.1"
        with server.listening(port) as second:
            assert second.getsockname()[0] == "127.0.0.1"
            assert second.getsockname()[1] != port


def test_without_the_page_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnavailableError, match="make page"):
        pages.built(tmp_path)
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    found = CommandLine("studio").answer("--no-open", code=1)
    assert "make page" in found["error"]["advice"]
    code, _out, err = CommandLine("studio").run("--export", str(tmp_path / "lesson.html"), "--lang", "ko")
    assert code == 1
    assert "make page" in err
    assert list(tmp_path.iterdir()) == []


def test_wrong_use_is_told(tmp_path: Path) -> None:
    command = CommandLine("studio")
    for arguments, part in [
        (["--port", "70000"], "0 to 65535"),
        (["--train", "5"], "--export"),
        (["--model", str(tmp_path / "none")], "none"),
        (["--model", __file__], "test_server.py"),
    ]:
        code, out, err = command.run(*arguments, "--no-open", "--lang", "en")
        assert (code, out) == (2, "")
        assert part in err
        assert "Traceback" not in err


def test_a_network_for_other_data_is_refused(tmp_path: Path) -> None:
    from glassnet import Network

    Network((64, 5, 10), seed=0).save(tmp_path / "small.safetensors")
    with pytest.raises(InputError, match="64-5-10"):
        pages.model_bytes(str(tmp_path / "small.safetensors"))


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def command_of(built: pages.Page, port: int) -> list[str]:
    """The command that serves `built`, in a process of its own."""
    program = "\n".join(
        (
            "from pathlib import Path",
            "from glassnet.cli import main",
            "from glassnet.studio import page",
            f"page.FOLDER = Path({str(built.files['index.html'].parent)!r})",
            "main()",
        )
    )
    options = ["--no-open", "--json", "--lang", "en", "--port", str(port)]
    return [sys.executable, "-c", program, "studio", *options]


def test_it_says_where_it_is_and_ctrl_c_ends_it(built: pages.Page) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    with (
        taken,
        subprocess.Popen(
            command_of(built, port), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running,
    ):
        assert running.stdout is not None
        said = json.loads(running.stdout.readline())
        assert said["port"] != port
        assert said["address"] == f"http://127.0.0.1:{said['port']}/#lang=en"
        assert ask(said["address"].partition("#")[0], "/index.js")[0] == 200
        running.send_signal(signal.SIGINT)
        _out, err = running.communicate(timeout=30)
    assert running.returncode == 0
    assert err.strip() == f"port {port} is taken; {said['port']} is used"


@pytest.mark.parametrize("model", ["lecture", "reader"])
def test_ctrl_c_ends_it_while_a_network_is_taught(built: pages.Page, model: str) -> None:
    test = glassnet.mnist().test
    digits = b"".join(bytes([test.labels[i]]) + test.images[i].tobytes() for i in range(30))
    pipe = subprocess.PIPE
    with subprocess.Popen(command_of(built, 0), stdout=pipe, stderr=pipe, text=True) as running:
        assert running.stdout is not None
        address = json.loads(running.stdout.readline())["address"].partition("#")[0]
        request = urllib.request.Request(f"{address}teach?model={model}", digits, {"x-glassnet": "1"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            lines = [json.loads(answer.readline()) for _line in range(3)]  # it is training
            running.send_signal(signal.SIGINT)
            lines += [json.loads(line) for line in answer]
        _out, err = running.communicate(timeout=60)
    assert {line["what"] for line in lines} == {"fold"}
    assert (running.returncode, err) == (0, "")
