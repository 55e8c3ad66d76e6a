"""Draw what was seen: boxes and bars on a copy of a picture, and the course of a video."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from heedful.labels import FACE

if TYPE_CHECKING:
    from heedful.cli.seen import Seen
    from heedful.perceive.face import Face
    from heedful.types import Image

COLOURS: Final = {
    "neutral": "#8a8f98", "happiness": "#e0a100", "surprise": "#d5639b", "sadness": "#3f78c9", "anger": "#d1453b",
    "disgust": "#5d9b3a", "fear": "#8460c8", "contempt": "#a5793c",
}  # fmt: skip
"""One colour per expression."""
_LEAST = 0.05
_PANEL = 240


def picture_with(image: Image, faces: Sequence[Face]) -> Any:
    """Return a copy of a picture, as Pillow has them, with each face boxed, and bars of what it shows beside it."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    share = max(1.0, 720 / max(image.width, image.height))
    photo = Pillow.fromarray(image.pixels).resize((round(image.width * share), round(image.height * share)))
    rows = [_shown(face) for face in faces]
    high = max(photo.height, 20 + sum(46 + 22 * len(row) for row in rows))
    canvas = Pillow.new("RGB", (photo.width + _PANEL, high), "white")
    canvas.paste(photo, (0, 0))
    draw, font = ImageDraw.Draw(canvas), _font(14)
    top, left = 14, photo.width + 14
    for number, (face, row) in enumerate(zip(faces, rows, strict=True), start=1):
        shown = face.reading.expressed[0] if face.reading.expressed else ""
        colour = COLOURS.get(shown, "#8a8f98")
        x, y, side = (value * share for value in (face.found.left, face.found.top, face.found.side))
        draw.rectangle([x, y, x + side, y + side], outline=colour, width=max(2, round(side / 60)))
        _tag(draw, (x, y), str(number), colour)
        told = f"{number}  looks {shown}" if shown else f"{number}  not sure enough"
        draw.text((left, top), told, fill="#222222", font=_font(16))
        draw.text((left, top + 20), f"sure to {face.reading.confidence:.0%}", fill="#777777", font=_font(12))
        top += 40
        for label, value in row:
            draw.text((left, top), label, fill="#444444", font=font)
            draw.rectangle([left + 86, top + 4, left + 86 + 100 * value, top + 15], fill=COLOURS[label])
            draw.text((left + 90 + 100 * value, top), f"{value:.0%}", fill="#777777", font=_font(12))
            top += 22
        top += 6
    if not faces:
        draw.text((left, top), "no face was found", fill="#777777", font=font)
    return canvas


def _shown(face: Face) -> list[tuple[str, float]]:
    shares = sorted(face.reading.probabilities.items(), key=lambda each: -each[1])
    return [(label, share) for label, share in shares if share >= _LEAST][:4]


def _tag(draw: Any, at: tuple[float, float], text: str, colour: str) -> None:
    x, y = at[0], max(0.0, at[1] - 20)
    draw.rectangle([x, y, x + 10 + 9 * len(text), y + 20], fill=colour)
    draw.text((x + 5, y + 1), text, fill="white", font=_font(15))


def timeline(seen: Seen) -> Any:
    """Return the course of a video as a Pillow picture: each expression's share over time, and the gestures below."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    wide, high, left, right = 960, 460, 56, 170
    canvas = Pillow.new("RGB", (wide, high), "white")
    draw, font = ImageDraw.Draw(canvas), _font(13)
    end = max(seen.seconds, 0.1)
    low, top = 330, 30

    def at(seconds: float) -> float:
        return left + (wide - left - right) * seconds / end

    for share in (0.0, 0.5, 1.0):
        y = low - (low - top) * share
        draw.line([left, y, wide - right, y], fill="#dddddd")
        draw.text((left - 44, y - 8), f"{share:.0%}", fill="#777777", font=font)
    step = next((each for each in (1, 2, 5, 10, 30, 60, 300, 600) if end / each <= 10), 1800)
    for second in range(0, int(end) + 1, step):
        draw.line([at(second), low, at(second), low + 5], fill="#777777")
        draw.text((at(second) - 6, low + 8), f"{second} s", fill="#777777", font=font)
    faces = [(moment, reading) for moment, reading in seen.moments if reading.modality == "face"]
    for label in FACE:
        for (start, reading), following in zip(faces, [*faces[1:], (end, None)], strict=True):
            if reading.abstained:
                continue
            y = low - (low - top) * reading.probabilities[label]
            draw.line([at(start), y, at(following[0]), y], fill=COLOURS[label], width=3)
            if following[1] is not None and not following[1].abstained:
                to = low - (low - top) * following[1].probabilities[label]
                draw.line([at(following[0]), y, at(following[0]), to], fill=COLOURS[label], width=3)
    for number, label in enumerate(FACE):
        y = top + 22 * number
        draw.rectangle([wide - right + 20, y + 3, wide - right + 34, y + 13], fill=COLOURS[label])
        draw.text((wide - right + 42, y), label, fill="#444444", font=font)
    _gestures(draw, seen, at, low + 44)
    if not seen.moments:
        draw.text((left + 20, top + 20), "no face could be followed", fill="#777777", font=_font(16))
    return canvas


def _gestures(draw: Any, seen: Seen, at: Any, top: float) -> None:
    told: set[tuple[str, float]] = set()
    rows: dict[str, int] = {}
    for _, reading in seen.moments:
        for each in reading.evidence if reading.modality == "gesture" else ():
            if (each.label, round(each.start, 1)) in told:
                continue
            told.add((each.label, round(each.start, 1)))
            row = rows.setdefault(each.label, len(rows))
            y = top + 19 * (row % 4)
            draw.rectangle([at(each.start), y, max(at(each.start) + 4, at(each.end)), y + 13], fill="#b9c4d0")
            draw.text((at(each.start) + 3, y - 1), each.label, fill="#333333", font=_font(12))


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)
