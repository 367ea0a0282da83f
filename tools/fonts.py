"""Make the packaged font for figures and the page: a subset of Noto Sans KR; draws nothing.

    python tools/fonts.py NotoSansKR_400Regular.ttf

The source is Noto Sans KR Regular 2.004-H2 (npm: @expo-google-fonts/noto-sans-kr 0.4.3), SIL Open Font License 1.1,
reserved font name 'Source'. The subset holds ASCII, Latin-1, the signs of `SIGNS`, the syllables of our own Korean
and the common ones of `hangul.txt`, so that a new sentence rarely needs a new font. Without hinting or layout tables.
The same input gives the same bytes. A test says when it must be made again.
"""

import hashlib
import io
import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent
SOURCE_SHA256 = "8cbc9b353bb9ce848fd69bb6a507319dfacc659cf5fd643db5d88f3c4970e1dd"
TARGET = ROOT / "src/glassnet/show/fonts/GlassnetSansKR-Regular.ttf"
FAMILY = "Glassnet Sans KR"
SIGNS = "–—‘’“”…←↑→↓−∂∑√∞≈≠≤≥·×½¹²³⁴°±σεβηΣΔ■□▲△▼▽◆◇○●★☆✓"
RAISED = dict(zip("⁰⁵⁶⁷⁸⁹⁻ⁿᵀᵘ", "056789−nTu", strict=True))  # the source has ¹ ² ³ ⁴
HATS = {"\u0302": "^"}  # the hats of Adam's m and v, over the letter before
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖ", "0123456789ijk", strict=True))


def characters() -> str:
    """Return every character that the font must hold, once each, in order."""
    texts = [SIGNS, *RAISED, *LOWERED, *HATS, "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)]))]
    texts.append((ROOT / "tools/hangul.txt").read_text(encoding="utf-8"))
    catalog = ROOT / "src/glassnet/locale/ko/LC_MESSAGES/glassnet.po"
    if catalog.exists():
        texts.append(catalog.read_text(encoding="utf-8"))
    steps = json.loads((ROOT / "src/glassnet/lecture/steps.json").read_text(encoding="utf-8"))
    texts.append(json.dumps(steps, ensure_ascii=False))
    page = [
        path for path in sorted((ROOT / "web/src").rglob("*")) if path.suffix in {".ts", ".svelte", ".json"}
    ]
    syllables = filter(is_syllable, "".join(path.read_text(encoding="utf-8") for path in page))
    return "".join(sorted((set("".join(texts)) | set(syllables)) - {"\n"}))


def is_syllable(letter: str) -> bool:
    """Whether it is a Korean syllable."""
    return "가" <= letter <= "힣"


def add_scaled(font: TTFont, letters: dict[str, str], rise: int) -> None:
    """Add each missing sign as its plain letter at 60 %, moved up by `rise` units (1000 to the em)."""
    for sign, letter in letters.items():
        plain = font.getBestCmap()[ord(letter)]
        pen = TTGlyphPen(font.getGlyphSet())
        pen.addComponent(plain, (0.6, 0, 0, 0.6, 0, rise))
        name = f"uni{ord(sign):04X}"
        font["glyf"][name] = pen.glyph()
        width, left = font["hmtx"][plain]
        font["hmtx"][name] = (round(width * 0.6), round(left * 0.6))
        font["vmtx"][name] = font["vmtx"][plain]
        for table in font["cmap"].tables:
            if table.isUnicode() and table.format != 14:
                table.cmap[ord(sign)] = name


def made(source: bytes) -> bytes:
    """Return the subset of the font file `source`, renamed, with its copyright and license kept inside."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14]
    options.drop_tables += ["BASE", "GDEF", "GSUB", "STAT", "vhea", "vmtx"]
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    add_scaled(font, RAISED, rise=380)
    add_scaled(font, LOWERED, rise=-120)
    add_scaled(font, HATS, rise=350)
    for hat in HATS:
        font["hmtx"][font.getBestCmap()[ord(hat)]] = (0, -430)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters())
    subsetter.subset(font)
    names = {1: FAMILY, 3: f"{FAMILY} Regular, from Noto Sans KR 2.004-H2", 4: f"{FAMILY} Regular"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
        elif record.nameID == 6:
            record.string = "GlassnetSansKR-Regular"
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def main() -> None:
    """Read the source named on the command line, check that it is the known one, write the subset."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    source = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(source).hexdigest() != SOURCE_SHA256:
        sys.exit(f"{sys.argv[1]}: expected Noto Sans KR Regular 2.004-H2 with SHA-256 {SOURCE_SHA256}")
    content = made(source)
    TARGET.write_bytes(content)
    print(f"{TARGET.relative_to(ROOT)}: {len(content):,} bytes, {len(characters())} characters")


if __name__ == "__main__":
    main()
