"""The studio as people use it: the page built once, served on this machine, and opened in Debian's Chromium.

`studio(fragment)` opens it and gives a Playwright page; whatever it was used for, in the end nobody may have been asked
for anything outside, no policy broken, and nothing written to the console.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

import glassnet
from glassnet.studio import page as pages
from glassnet.studio import server

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
expect.set_options(timeout=20_000)  # milliseconds: the other tests run beside these

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> pages.Page:
    """The page, built from `web/` as `make page` does; GLASSNET_TEST_PAGE names one that is already built."""
    ready = os.environ.get("GLASSNET_TEST_PAGE")
    if ready:
        return pages.built(Path(ready))
    npm = shutil.which("npm")
    if npm is None:
        pytest.fail("npm is missing: tools/node.sh", pytrace=False)
    folder = tmp_path_factory.mktemp("page")
    if not (WEB / "node_modules" / ".package-lock.json").exists():
        subprocess.run([npm, "ci"], cwd=WEB, check=True, capture_output=True)
    build = [npm, "run", "build", "--", "--outDir", str(folder), "--emptyOutDir"]
    done = subprocess.run(build, cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    subprocess.run(
        [sys.executable, ROOT / "tools/wasm.py", folder / "core.wasm"], check=True, capture_output=True
    )
    return pages.built(folder)


@contextmanager
def served(application_at: Callable[[int], Any]) -> Iterator[str]:
    """Serve an application in a thread of this process and give its address."""
    listener = server.listening(0)
    port = listener.getsockname()[1]
    config = uvicorn.Config(application_at(port), lifespan="off", log_level="error", ws="none")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://{server.HOST}:{port}/"
    finally:
        running.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def address(built: pages.Page, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the studio is served, with MNIST's test set and 5,000 validation and 1,000 training images."""
    folder = tmp_path_factory.mktemp("data")
    files = pages.data_files()
    for name, size in (("training-images", 16 + 6000 * 784), ("training-labels", 8 + 6000)):
        content = bytearray(files[name].read_bytes()[:size])
        content[4:8] = (6000).to_bytes(4, "big")
        (folder / name).write_bytes(content)
        files[name] = folder / name
    with served(lambda port: server.application(built, pages.model_bytes("lecture"), port, files)) as found:
        yield found


@pytest.fixture(scope="session")
def whole_address(built: pages.Page) -> Iterator[str]:
    """Where the studio is served with all of MNIST, for tests that train."""
    with served(lambda port: server.application(built, pages.model_bytes("lecture"), port)) as found:
        yield found


def five_digits() -> NDArray[np.uint8]:
    """Return a sheet of paper, (90, 320), with the first five test digits: 72104."""
    paper = np.full((90, 320), 235, np.uint8)
    for place, image in enumerate(glassnet.mnist().test.images[:5].reshape(-1, 28, 28)):
        large = np.kron(image, np.ones((2, 2), np.uint8))
        paper[17:73, 10 + 62 * place : 66 + 62 * place] -= (large * 0.8).astype(np.uint8)
    return paper


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the browser's camera sees, for who may use it: `five_digits` in the middle of a sheet, as YUV4MPEG2."""
    sheet = np.full((480, 640), 235, np.uint8)
    sheet[150:330] = np.kron(five_digits(), np.ones((2, 2), np.uint8))
    gray = np.full(240 * 320 * 2, 128, np.uint8)
    target = tmp_path_factory.mktemp("camera") / "sheet.y4m"
    target.write_bytes(
        b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + b"FRAME\n" + sheet.tobytes() + gray.tobytes()
    )
    return target


@pytest.fixture(scope="session")
def browser(camera: Path) -> Iterator[Browser]:
    """Debian's Chromium, without a window; its camera sees `camera`."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for found in map(shutil.which, names) if found), None)
    if program is None:
        pytest.fail("Chromium is missing: tools/chromium.sh", pytrace=False)
    flags = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera}"]
    flags += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def studio(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Return a function that opens the studio: ``studio("#room=forward&test=0", width=390, height=844)``.

    `at` is another address than the usual one, `ready=False` does not wait; the rest goes to Playwright's
    `new_context`. Motion is reduced unless ``reduced_motion="no-preference"``.
    """
    contexts, said, foreign = [], [], []

    def open_studio(
        fragment: str = "", *, at: str | None = None, width: int = 1280, height: int = 720, ready: bool = True,
        **options: Any,
    ) -> Page:  # fmt: skip
        home = request.getfixturevalue("address") if at is None else at
        options = {"reduced_motion": "reduce", "locale": "en-US"} | options
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        own = (home, "data:", "blob:")
        page.on("request", lambda sent: None if sent.url.startswith(own) else foreign.append(sent.url))
        page.on("console", lambda message: said.append(message.text) if message.type != "debug" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(home + fragment)
        if ready:
            page.wait_for_selector('main[data-status="ready"]')
        return page

    yield open_studio
    for context in contexts:
        context.close()
    assert foreign == []
    assert said == []


def reloaded_without(page: Page, file: str) -> Callable[[], None]:
    """Load the page anew while `file` does not come; return the function that lets it come."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/{file}", hold)
    page.reload()
    return lambda: held.pop().continue_()


def numbers(page: Page) -> dict[tuple[str, int, int], tuple[str, str]]:
    """Every number of a step on the page: (step, row, column) to (its value in full, its text)."""
    found = page.evaluate(
        """() => [...document.querySelectorAll("[data-step][data-value]")].map(({ dataset: d, textContent }) =>
            [d.step, Number(d.row), Number(d.column), d.value, textContent.trim()])"""
    )
    return {(step, row, column): (value, text) for step, row, column, value, text in found}
