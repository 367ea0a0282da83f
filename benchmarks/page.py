"""What the studio's page costs: its first picture, a stroke of the pen, an epoch of training.

    python benchmarks/page.py [--rounds N]

A fresh browser without a window each round, 1280 × 720. The first picture is the first frame with the digit in it,
counted from the request of the page. A stroke is a move of the pen until every number on the page is the new
drawing's; beside it stand the distances of the frames while the pen moves once in each, and how many of them had other
numbers than the frame before. An epoch is 55,000 images, with the evaluation of training and validation images after
it and without. Medians, and what nine in ten stay above and below. Needs `make page` and Chromium (`make chromium`).
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from glassnet.studio import server

SIZE = ViewportSize(width=1280, height=720)  # pixels
MOVES = 60  # of the pen, a round
PROMISED = {"first picture": 1500.0, "stroke": 16.0, "epoch, evaluated": 300.0}  # milliseconds

FIRST = """() => new Promise((resolve) => {
    const look = () => document.querySelector(".stage canvas") ? requestAnimationFrame(() => resolve(performance.now()))
        : requestAnimationFrame(look);
    look();
})"""

STROKE = """async ([moves, turn]) => {
    const pad = document.querySelector("canvas[role=application]"), paper = pad.getBoundingClientRect();
    const point = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, {
        bubbles: true, button: 0, buttons: 1,
        clientX: paper.left + x * paper.width, clientY: paper.top + y * paper.height,
    }));
    const sums = () => [...document.querySelectorAll("[data-step=z2]")].map((number) => number.dataset.value).join();
    const longest = 1000;  // milliseconds after which a move is taken for one that changes nothing
    const frame = () => new Promise(requestAnimationFrame);
    const wave = (k) => 0.5 + 0.35 * Math.sin(k / 4 + turn);
    const changes = [], frames = [];
    pad.setPointerCapture = () => {};  // there is no pointer
    point("pointerdown", wave(0), 0.1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (let k = 1; k <= moves; k++) {
        const before = sums(), begun = performance.now();
        const changed = new Promise((resolve) => new MutationObserver((_, observer) => {
            if (sums() === before) return;
            observer.disconnect();
            resolve(performance.now() - begun);
        }).observe(document.body, { subtree: true, attributes: true }));
        const nothing = new Promise((resolve) => setTimeout(resolve, longest, null));
        point("pointermove", wave(k), 0.1 + 0.4 * k / moves);
        changes.push(await Promise.race([changed, nothing]));
        await frame();
    }
    let last = await frame(), seen = 0, before = sums();
    for (let k = 1; k <= moves; k++) {
        point("pointermove", wave(k + moves), 0.5 + 0.4 * k / moves);
        const now = await frame();
        frames.push(now - last);
        seen += sums() !== before;
        [last, before] = [now, sums()];
    }
    point("pointerup", 0.5, 0.9);
    return { changes: changes.filter((change) => change !== null), frames, seen };
}"""


@contextmanager
def studio() -> Iterator[str]:
    """Serve the studio in a process of its own and give its address."""
    with server.listening(0) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "glassnet", "studio", "--no-open", "--port", str(port)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        process.stderr.readline()  # it is served from here on
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def epoch(page: Page, evaluated: bool) -> float:
    """Milliseconds for the second epoch of a run, as the page is given them."""
    home = page.url.split("#")[0]
    page.goto("about:blank")  # the runs of before are gone
    page.goto(home + f"#room=train&lang=en&epochs=3&evaluateEvery={int(evaluated)}")
    page.get_by_role("button", name="One epoch").click(timeout=60_000)
    page.wait_for_selector('.room[data-update="550"][data-status="paused"]')
    taken = page.evaluate(
        """() => new Promise((resolve) => {
            const room = document.querySelector(".room"), begun = performance.now();
            new MutationObserver((_, observer) => {
                if (room.dataset.update !== "1100" || room.dataset.status !== "paused") return;
                observer.disconnect();
                resolve(performance.now() - begun);
            }).observe(room, { attributes: true });
            const buttons = [...document.querySelectorAll("button")];
            buttons.find((button) => button.textContent.trim() === "One epoch").click();
        })"""
    )
    return float(taken)


def one_round(browser: Browser, address: str, turn: int) -> dict[str, list[float]]:
    """Measure everything once, in a page of its own."""
    page = browser.new_page(viewport=SIZE)
    page.goto(address + "#room=forward&test=0&step=loss&lang=en", wait_until="commit")
    first = page.evaluate(FIRST)
    page.wait_for_selector('main[data-status="ready"]')
    time.sleep(2)  # the training images come meanwhile
    stroke = page.evaluate(STROKE, [MOVES, turn])
    return {
        "first picture": [first],
        "stroke": stroke["changes"],
        "distance of frames": stroke["frames"],
        "frames with other numbers, of 60": [stroke["seen"]],
        "epoch, evaluated": [epoch(page, evaluated=True)],
        "epoch": [epoch(page, evaluated=False)],
    }


def line(name: str, values: Sequence[float]) -> str:
    """A row of the table."""
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 10], ordered[-1 - len(ordered) // 10]
    promised = f"   promised {PROMISED[name]:g}" if name in PROMISED else ""
    return f"{name:34} {statistics.median(ordered):8.1f} {low:8.1f} {high:8.1f}{promised}"


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("Chromium is missing: make chromium", file=sys.stderr)
        return 2
    found: dict[str, list[float]] = {}
    with studio() as address, sync_playwright() as playwright:
        for turn in range(rounds):
            flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=program, args=flags)
            version = browser.version
            for name, values in one_round(browser, address, turn).items():
                found.setdefault(name, []).extend(values)
            browser.close()
    print(
        f"Chromium {version}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; {rounds} rounds"
    )
    print(f"{'milliseconds':34} {'median':>8} {'10 %':>8} {'90 %':>8}")
    for name, values in found.items():
        print(line(name, values))
    return int(any(statistics.median(found[name]) > most for name, most in PROMISED.items()))


if __name__ == "__main__":
    sys.exit(main())
