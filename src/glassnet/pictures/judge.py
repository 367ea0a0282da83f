"""What is no digit: blots, lines, scribbles, letters; each refusal has its sentence. Finds nothing by itself.

The network has seen ten digits and little else; these are the checks it cannot make, and the threshold on what it says.
"""

from glassnet.locale import N_, _
from glassnet.pictures.reader import Reader
from glassnet.pictures.segments import Segment

FILLED = 0.93  # share of its box that a blot fills, where a digit other than 1 has holes and bays
FLAT = 2.6  # width in heights that no digit has
BESIDE = 0.6  # of the threshold is enough in a row of likely digits
UNLIKE = 0.3  # share of the usual height below which something beside the writing is no digit

BLANK = N_("the sheet is blank: no ink stands out from the paper")
TEXTURE = N_("this looks like a photo of something, not like writing")
UNSURE = N_("it does not look enough like a digit: {digit} would be right in {share} of such cases")
NO_DIGIT = N_("something is written, but nothing that looks like a digit")


def reason(segment: Segment, tall: float, reader: Reader, *, alone: bool) -> str | None:
    """Return why a segment gets no answer, or None where it gets one.

    `tall` is the usual height of the writing; `alone`: there is no row of likely digits that would speak for it.
    """
    height, width = segment.bottom - segment.top, segment.right - segment.left
    if width > FLAT * height:
        return _("it is wider than any digit")
    filled = segment.area / (height * width)
    if filled > FILLED and width > 0.5 * height:
        return _("it is a blot: filled, without strokes")
    if height < UNLIKE * tall:
        return _("it is small beside the rest of the writing")
    answer = segment.answer
    if answer.confidence < (reader.threshold if alone else BESIDE * reader.threshold):
        return _(UNSURE).format(digit=answer.label, share=f"{answer.confidence:.0%}")
    return None
