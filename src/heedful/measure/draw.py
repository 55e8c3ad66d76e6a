"""Draw curves and confusion matrices as SVG that takes its colors from the page, in light, dark and print."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from heedful.measure.detail import Bin, Covered

WIDTH, HEIGHT = 320, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 40
_NUMBERED: Final = 14
"""Up to so many labels the cells of a confusion matrix hold their numbers."""


def calibration(bins: Sequence[Bin]) -> str:
    """Draw the share that was right over the probability that was stated; on the diagonal it knows itself."""
    most = max((each.n for each in bins), default=1)
    dots = "".join(
        f'<circle class="dot" cx="{_x(each.stated):.1f}" cy="{_y(each.right):.1f}" '
        f'r="{2 + 5 * (each.n / most) ** 0.5:.1f}">'
        f"<title>stated {each.stated:.2f}, right {each.right:.2f}, n = {each.n:,}</title></circle>"
        for each in bins
    )
    line = _path([(each.stated, each.right) for each in bins])
    ideal = f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    return _chart("Calibration", "probability stated", "share right", ideal + line + dots)


def coverage(points: Sequence[Covered]) -> str:
    """Draw how right the surest answers are, over the share of the items that is answered."""
    line = _path([(each.share, each.right) for each in points])
    return _chart("Coverage", "share answered, surest first", "share right", line)


def curve(lines: Sequence[tuple[str, Sequence[tuple[float, float, float, float]]]], across: str, up: str) -> str:
    """Draw named curves of (x, value, low, high), each with its interval as a band; x begins at 0.

    Args:
        lines: name and points of each.
        across: what x counts.
        up: what the value is.
    """
    points = [point for _, each in lines for point in each]
    if not points:
        return ""
    widest = max(point[0] for point in points) or 1.0
    least = min(point[2] for point in points)
    most = max(point[3] for point in points)
    room = (most - least) or 1.0
    least, most = least - 0.05 * room, most + 0.05 * room

    def place(x: float, value: float) -> tuple[float, float]:
        return x / widest, (value - least) / (most - least)

    drawn = []
    for number, (name, each) in enumerate(lines):
        band = [place(x, high) for x, _, _, high in each] + [place(x, low) for x, _, low, _ in reversed(each)]
        shape = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in band)
        drawn.append(f'<polygon class="band k{number}" points="{shape}"/>')
        drawn.append(_path([place(x, value) for x, value, _, _ in each], f"k{number}", name))
    steps = [(share, least + share * (most - least)) for share in (0.0, 0.5, 1.0)]
    ups = [(share, f"{value:.2f}") for share, value in steps]
    acrosses = [(share, f"{share * widest:,.0f}") for share in (0.0, 0.5, 1.0)]
    return _chart("Curve", across, up, "".join(drawn), acrosses, ups)


def confusion(labels: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Draw a confusion matrix: what people said down the side, what the machine said along the top; rows shaded."""
    numbered = len(labels) <= _NUMBERED
    cell = 34 if numbered else 17
    margin = 8 + max(len(label) for label in labels) * 6.4
    size = margin + cell * len(labels) + 4
    parts = []
    for row, line in enumerate(counts):
        whole = sum(line) or 1
        y = margin + row * cell
        parts.append(
            f'<text class="tick" x="{margin - 6:.0f}" y="{y + cell / 2 + 4:.0f}" text-anchor="end">'
            f"{escape(labels[row])}</text>"
        )
        for column, count in enumerate(line):
            x = margin + column * cell
            share = count / whole
            told = f"{labels[row]}, called {labels[column]}: {count:,} of {whole:,}"
            parts.append(
                f'<rect class="{"hit" if row == column else "miss"}" x="{x:.0f}" y="{y:.0f}" width="{cell - 1}" '
                f'height="{cell - 1}" fill-opacity="{0.06 + 0.94 * share:.3f}"><title>{escape(told)}</title></rect>'
            )
            if numbered and count:
                strong = " strong" if share > 0.45 else ""
                parts.append(
                    f'<text class="count{strong}" x="{x + cell / 2 - 0.5:.1f}" y="{y + cell / 2 + 4:.0f}" '
                    f'text-anchor="middle">{count}</text>'
                )
    for column, label in enumerate(labels):
        x = margin + column * cell + cell / 2 + 4
        parts.append(
            f'<text class="tick" transform="translate({x:.0f} {margin - 6:.0f}) rotate(-90)">{escape(label)}</text>'
        )
    return (
        f'<svg class="confusion" viewBox="0 0 {size:.0f} {size:.0f}" style="width:{size:.0f}px" role="img" '
        f'aria-label="Confusion matrix: rows are what people said, columns what was answered">{"".join(parts)}</svg>'
    )


def _chart(
    name: str,
    across: str,
    up: str,
    inside: str,
    acrosses: Sequence[tuple[float, str]] = ((0.0, "0"), (0.5, "0.5"), (1.0, "1")),
    ups: Sequence[tuple[float, str]] = ((0.0, "0"), (0.5, "0.5"), (1.0, "1")),
) -> str:
    grid = "".join(
        f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(at):.1f}" y2="{_y(at):.1f}"/>'
        f'<text class="tick" x="{_LEFT - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{told}</text>'
        for at, told in ups
    )
    anchors = {0.0: "start", 1.0: "end"}
    grid += "".join(
        f'<text class="tick" x="{_x(at):.1f}" y="{HEIGHT - _BOTTOM + 16}" '
        f'text-anchor="{anchors.get(at, "middle")}">{told}</text>'
        for at, told in acrosses
    )
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{name}: {escape(up)} over {escape(across)}">'
        f"{grid}{inside}"
        f'<text class="axis" x="{(_x(0) + _x(1)) / 2:.0f}" y="{HEIGHT - 6}" '
        f'text-anchor="middle">{escape(across)}</text>'
        f'<text class="axis" transform="translate(11 {(_y(0) + _y(1)) / 2:.0f}) rotate(-90)" '
        f'text-anchor="middle">{escape(up)}</text>'
        "</svg>"
    )


def _path(points: Sequence[tuple[float, float]], kind: str = "k0", name: str = "") -> str:
    if not points:
        return ""
    drawn = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    title = f"<title>{escape(name)}</title>" if name else ""
    return f'<polyline class="line {kind}" points="{drawn}">{title}</polyline>'


def _x(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)
