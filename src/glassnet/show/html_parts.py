"""What every HTML block is made of: elements, escaping, tints, pictures, legends, one style sheet; knows no network."""

import base64
import struct
import zlib
from collections.abc import Iterable
from html import escape

from glassnet.locale import language
from glassnet.show.colors import ONE, Colors, diverging, hexadecimal
from glassnet.show.numbers import ACCENT

# Each rule begins with the class three times over: a notebook's own rules for tables are outweighed, and nothing
# outside of the block is touched.
_STYLE = """
{g}{{font:14px/1.45 system-ui,"Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif;max-width:64rem}}
{g}:lang(ko){{word-break:keep-all}}
{g} h3{{font-size:1.25em;font-weight:600;margin:.2em 0 .6em}}
{g} h4{{font-size:1.05em;font-weight:600;margin:1.4em 0 .4em}}
{g} p{{margin:.4em 0}}
{g} table{{border-collapse:collapse;margin:.3em 0;font-size:1em;color:inherit;border:0;table-layout:auto}}
{g} tr{{background:none}}
{g} th,{g} td{{text-align:left;vertical-align:top;padding:.3em .7em .3em 0;border:0;max-width:none;\
white-space:normal;background:none}}
{g} th{{font-weight:600}}
{g} thead th{{font-weight:400;opacity:.72}}
{g} tbody tr,{g} tfoot tr{{border-top:1px solid rgba(128,128,128,.28)}}
{g} .n{{text-align:right;padding:.3em .6em;font-variant-numeric:tabular-nums;white-space:nowrap}}
{g} .q{{opacity:.72}}
{g} .one{{background:{one};color:#fff;border-radius:3px;padding:0 .4em}}
{g} code{{font:.93em ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;background:none;color:inherit;\
padding:0;white-space:pre-wrap}}
{g} .side{{display:flex;gap:1.6em;align-items:flex-start;flex-wrap:wrap}}
{g} img{{display:inline-block;margin:0;max-width:none;image-rendering:pixelated;border:1px solid rgba(128,128,128,.5);\
background:#fff;vertical-align:top}}
{g} .cells{{display:flex;flex-wrap:wrap;gap:2px 4px}}
{g} .cells span{{padding:0 .35em;border-radius:3px;font-variant-numeric:tabular-nums;white-space:nowrap}}
{g} .cells b{{font-weight:400;opacity:.6;font-size:.85em;margin-right:.35em}}
{g} .bar{{display:inline-block;height:.75em;border-radius:1px;vertical-align:baseline}}
{g} .gallery{{display:flex;flex-wrap:wrap;gap:.7em}}
{g} figure{{margin:0;text-align:center;font-size:.9em;line-height:1.3}}
{g} .scale{{display:inline-block;width:12em;max-width:100%;font-size:.85em}}
{g} .scale i{{display:block;height:.7em;border:1px solid rgba(128,128,128,.5)}}
{g} .scale span{{display:flex;justify-content:space-between}}
{g} summary{{cursor:pointer;margin:1em 0 .3em;font-weight:600}}
"""


def block(content: str) -> str:
    """Wrap `content` in the one element that a notebook gets, with its style sheet and its language."""
    style = _STYLE.format(g=".glassnet.glassnet.glassnet", one=ONE).strip()
    return f'<div class="glassnet" lang="{language()}"><style>{style}</style>{content}</div>'


def tag(name: str, *content: str, classes: str = "", **attributes: str) -> str:
    """Return an element around `content`, which is HTML already; attribute values are escaped.

    >>> tag("td", words("1 < 2"), classes="n")
    '<td class="n">1 &lt; 2</td>'
    """
    pairs = ({"class": classes} if classes else {}) | attributes
    written = "".join(f' {key}="{escape(value)}"' for key, value in pairs.items())
    return f"<{name}{written}>{''.join(content)}</{name}>"


def words(text: object) -> str:
    """Return any text as HTML that shows it letter by letter."""
    return escape(str(text))


def table(heads: Iterable[str], rows: Iterable[str], foot: str = "", numbers: Iterable[int] = ()) -> str:
    """Return a table from column heads (text) and rows (HTML); heads whose places are in `numbers` stand right."""
    right = set(numbers)
    head = "".join(
        tag("th", words(name), classes="n" if place in right else "", scope="col")
        for place, name in enumerate(heads)
    )
    below = tag("tfoot", foot) if foot else ""
    return tag("table", tag("thead", tag("tr", head)), tag("tbody", *rows), below)


def number(text: str, *, tint: str = "", element: str = "td") -> str:
    """Return a cell with a number at its right edge."""
    return tag(element, words(text), classes="n", **({"style": tint} if tint else {}))


def tinted(value: float, scale: float, *, activation: bool = False) -> str:
    """Return the style of a number's background, stronger the farther from 0, never opaque.

    Blue above 0 and orange below; an activation is teal.

    >>> tinted(1.0, 1.0), tinted(-0.5, 1.0), tinted(0.0, 1.0)
    ('background:rgba(47,127,208,.55)', 'background:rgba(232,128,31,.28)', '')
    """
    share = min(abs(value) / scale, 1.0) if value == value else 0.0
    strength = f"{share * 0.55:.2f}".lstrip("0")
    if strength == ".00":
        return ""
    color = "20,150,135" if activation and value > 0 else "47,127,208" if value > 0 else "232,128,31"
    return f"background:rgba({color},{strength})"


def bar(share: float, color: str = ACCENT, rem: float = 10) -> str:
    """Return a bar of `share` (0…1) of `rem` root ems; its number stands beside it."""
    width = min(max(share, 0.0), 1.0) * rem if share == share else 0.0
    return tag("span", classes="bar", style=f"width:{width:.2f}rem;background:{color}", role="presentation")


def picture(colors: Colors, side: str, label: str, **attributes: str) -> str:
    """Return colors (rows, columns, 3) as an image `side` wide (a CSS length) that says `label` to who cannot see."""
    return (
        f'<img src="{_png(colors)}" alt="{escape(label)}" style="width:{side};{attributes.get("style", "")}">'
    )


def scale(largest: float, label: str) -> str:
    """Return the legend of a diverging scale from −largest to +largest, as `colors.diverging` paints it."""
    places = [place / 20 for place in range(21)]
    stops = ",".join(f"{hexadecimal(diverging(2 * place - 1, 1.0))} {place:.0%}" for place in places)
    numbers = "".join(tag("span", words(text)) for text in (f"−{largest:.4g}", "0", f"+{largest:.4g}"))
    return tag(
        "span",
        words(label),
        tag("i", style=f"background:linear-gradient(90deg,{stops})"),
        tag("span", numbers),
        classes="scale",
    )


def _png(colors: Colors) -> str:
    """Write colors (rows, columns, 3) uint8 as a PNG in a data address. Source: the PNG specification (ISO 15948)."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows, columns, _channels = colors.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    lines = b"".join(b"\0" + row.tobytes() for row in colors)  # each row with filter 0: none
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(lines, 9)), chunk(b"IEND", b"")]
    content = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode("ascii")
    return f"data:image/png;base64,{content}"
