"""Draw progress: as a picture in SVG, and as a line of blocks for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from heedful.practise.progress import SKILLS, Progress

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 640, 74, 170, 62, 34
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_STYLE: Final = """
  .practise-chart { font: 14px system-ui, sans-serif; color: #1d2733; background: #fff }
  .practise-chart text { fill: currentColor } .practise-chart .faint { opacity: .62; font-size: 12px }
  .practise-chart .grid { stroke: currentColor; opacity: .16 }
  .practise-chart .line { fill: none; stroke: #0f766e; stroke-width: 2.5 }
  .practise-chart .dot { fill: #0f766e } .practise-chart .paper { fill: #fff }
  @media (prefers-color-scheme: dark) {
    .practise-chart { color: #e6edf3; background: #12181f } .practise-chart .paper { fill: #12181f }
    .practise-chart .line { stroke: #5eead4 } .practise-chart .dot { fill: #5eead4 }
  }
"""


def svg(progress: Progress) -> str:
    """Return a picture of the skills over the sessions: one row each, on a scale from never to always.

    It has a title and a description for those who do not see it, and follows the reader's light or dark theme.
    """
    rows = list(SKILLS)
    height = _TOP + _ROW * len(rows) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="practise-chart" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="practise-title practise-desc">',
        f'<title id="practise-title">Your skills over {len(progress.points)} conversations</title>',
        f'<desc id="practise-desc">{escape(described(progress))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{height}"/>',
        '<text x="16" y="22" class="faint">share of your replies, from never to always, oldest first</text>',
    ]
    for number, skill in enumerate(rows):
        parts += _row(skill, [point.skills.get(skill) for point in progress.points], _TOP + number * _ROW)
    return "\n".join([*parts, "</svg>"])


def sparkline(values: Sequence[float | None]) -> str:
    """Return values in [0, 1] as a line of blocks; "·" where there is none.

    Examples:
        >>> sparkline([0.0, 0.5, None, 1.0])
        '▁▅·█'
    """
    return "".join("·" if value is None else _BLOCKS[min(7, int(value * 8))] for value in values)


def described(progress: Progress) -> str:
    """Return progress in words, for those who do not see the picture."""
    if not progress.points:
        return "There is nothing to show yet: a conversation of at least three replies comes first."
    told = []
    for skill, name in SKILLS.items():
        values = [value for point in progress.points if (value := point.skills.get(skill)) is not None]
        if not values:
            told.append(f"{name}: no occasion yet")
            continue
        what = "slips" if skill == "repairing" else "replies"
        began = "" if len(values) == 1 else f"from {values[0]:.0%} to "
        told.append(f"{name}: {began}{values[-1]:.0%} of your {what}")
    return f"{'; '.join(told)}."


def _row(skill: str, values: Sequence[float | None], top: float) -> list[str]:
    low, high = top + _ROW - 18, top + 8
    wide = _WIDTH - _LEFT - _RIGHT
    step = wide / max(1, len(values) - 1)
    places = [
        (_LEFT + (number * step if len(values) > 1 else wide / 2), low - value * (low - high))
        for number, value in enumerate(values)
        if value is not None
    ]
    parts = [
        f'<text x="16" y="{(low + high) / 2 + 5:.0f}">{escape(SKILLS[skill])}</text>',
        *(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.0f}" y2="{y:.0f}"/>' for y in (low, high)),
    ]
    if len(places) > 1:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline class="line" points="{line}"/>')
    parts += [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in places]
    latest = next((value for value in reversed(values) if value is not None), None)
    label = "no occasion" if latest is None else f"{latest:.0%}"
    return [*parts, f'<text class="faint" x="{_WIDTH - _RIGHT + 10}" y="{(low + high) / 2 + 5:.0f}">{label}</text>']
