"""The studio's pictures for README and docs, taken in Debian's Chromium from the built page; nothing is touched up.

    python tools/studio_pictures.py

`make page` has to have built the page. Colors are reduced to the 256 that cover them best, which these flat pictures
hardly show.
"""

import io
import shutil
import threading
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from glassnet.studio import page as pages
from glassnet.studio import server

ASSETS = Path(__file__).parents[1] / "docs" / "assets"

# Test image 8 is a 5 that is read as a 6, 115 a 4 with something of a 9. A view with `speed=slow` is taken on the way
# back of an update.
VIEWS = {
    "studio-forward": "#room=forward&test=115&step=loss",
    "studio-neuron": "#room=forward&test=115&step=a2&depth=neuron&neuron=3",
    "studio-data": "#room=data&test=115",
    "studio-loss": "#room=loss&test=8",
    "studio-train": "#room=train&test=115&epochs=2&update=900",
    "studio-slow": "#room=train&test=115&epochs=2&speed=slow",
    "studio-test": "#room=test",
    "studio-handwriting": "#room=handwriting&written=5",
}


def main() -> None:
    """Take every view in both languages."""
    listener = server.listening(0)
    port = listener.getsockname()[1]
    application = server.application(pages.built(), pages.model_bytes("lecture"), port)
    running = uvicorn.Server(uvicorn.Config(application, lifespan="off", log_level="error", ws="none"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for language in ("ko", "en"):
                for name, fragment in VIEWS.items():
                    page = browser.new_page(
                        viewport={"width": 1280, "height": 720},
                        device_scale_factor=1.5,
                        reduced_motion="reduce",
                    )
                    page.goto(f"http://127.0.0.1:{port}/{fragment}&lang={language}&theme=light")
                    page.wait_for_selector('main[data-status="ready"]', timeout=60_000)
                    page.wait_for_selector('[role="progressbar"]', state="detached", timeout=120_000)
                    page.wait_for_timeout(2500)
                    if "speed=slow" in fragment:
                        page.locator("button.primary").first.click()
                        page.wait_for_selector("[data-phase=backward]", timeout=60_000)
                        page.wait_for_timeout(500)
                    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                    picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
                        ASSETS / f"{name}-{language}.png", optimize=True
                    )
                    page.close()
            browser.close()
    finally:
        running.should_exit = True
        thread.join()


if __name__ == "__main__":
    main()
