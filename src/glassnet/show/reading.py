"""A Reading drawn on its picture: boxes with answers, refusals in another color and dashed; reads nothing."""

import base64
import io
from typing import TYPE_CHECKING

from glassnet.pictures.result import Digit, Reading
from glassnet.show.colors import INK
from glassnet.show.drawing import FONT

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

ANSWER, REFUSED = (11, 95, 165), (176, 84, 0)
SMALLEST = 480  # pixels of the longer side: a smaller picture is enlarged, so that its words can be read


def annotated(reading: Reading) -> bytes:
    """Return the picture as PNG bytes, each digit in a box with the answer and its confidence above it."""
    from PIL import Image, ImageDraw
    from PIL.PngImagePlugin import PngInfo

    gray = Image.fromarray(reading.stages["gray"])
    factor = max(1, -(-SMALLEST // max(gray.size)))
    picture = gray.resize((gray.width * factor, gray.height * factor), Image.Resampling.NEAREST).convert(
        "RGB"
    )
    draw = ImageDraw.Draw(picture)
    scale = picture.width / reading.size[0]
    for digit in (*reading.digits, *reading.refused):
        _box(draw, digit, scale, picture)
    target = io.BytesIO()
    about = PngInfo()
    about.add_text("Software", "glassnet")  # so that it may be replaced, and a photograph not
    picture.save(target, "PNG", pnginfo=about)
    return target.getvalue()


def html(reading: Reading) -> str:
    """Return the same picture for a notebook, with the digits or the reason below it."""
    from glassnet.show.html_parts import block, tag, words

    data = base64.b64encode(annotated(reading)).decode()
    image = tag("img", src=f"data:image/png;base64,{data}", alt=str(reading), style="max-width: 100%")
    return block(image + tag("p", words(str(reading))))


def _box(draw: "ImageDraw.ImageDraw", digit: Digit, scale: float, picture: "Image.Image") -> None:
    from PIL import ImageFont

    x, y, width, height = (round(side * scale) for side in digit.box)
    color = REFUSED if digit.label is None else ANSWER
    line = max(2, picture.width // 500)
    edges = (x - 2 * line, y - 2 * line, x + width + 2 * line, y + height + 2 * line)
    draw.rectangle(edges, outline=color, width=line if digit.label is not None else max(1, line // 2))
    size = int(min(max(height * 0.42, 13), picture.height / 10))
    words = "?" if digit.label is None else str(digit.label)
    font = ImageFont.truetype(str(FONT), size)
    small = ImageFont.truetype(str(FONT), max(10, size // 2))
    top = max(0, edges[1] - size - line)
    draw.text((edges[0], top), words, fill=color, font=font, stroke_width=2, stroke_fill="white")
    after = edges[0] + draw.textlength(words, font=font) + 3
    percent = f"{digit.confidence:.0%}"
    draw.text((after, top + size // 2), percent, fill=INK, font=small, stroke_width=2, stroke_fill="white")
