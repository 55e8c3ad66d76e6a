"""Draw how learning goes: what people like is foreseen, then seen, then learned from, in the order it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from heedful.errors import InputError
from heedful.learn.bounds import Said, admitted, weighed
from heedful.learn.calibration import Correction, corrections, fitted, given_to_felt
from heedful.learn.feedback import Lesson
from heedful.learn.preference import Levels, learn_many
from heedful.learn.promote import Candidate, chosen_rightly, plain_weights
from heedful.types import Record

STEP: Final = 50
"""Comparisons per point."""
_Z: Final = 1.96
Drawn = Literal["preference", "calibration"]
"""What there is a curve of: what people prefer, and how feelings are misread here."""
_TITLES: Final[Mapping[Drawn, tuple[str, str, str]]] = {
    "preference": ("What people like, foreseen", "comparisons", "chosen as people chose"),
    "calibration": ("Corrected feelings, read anew", "corrected feelings", "share given to what they felt"),
}
"""What stands above a curve, below it and beside it."""


@dataclass(frozen=True, slots=True)
class Point(Record):
    """A stretch of the curve."""

    feedback: int
    """Comparisons, or corrected feelings, that came before its end."""
    learned: float
    """Share of the stretch that was chosen as people chose, or of what was read that was given to what they felt, by
    what had been learned before."""
    frozen: float
    """The same with nothing learned."""
    low: float
    """Lower end of the 95 % interval of `learned`."""
    high: float
    """Upper end of it."""


@dataclass(frozen=True, slots=True)
class Curve(Record):
    """How often the reply that people like better is chosen, or what they felt is read, as feedback comes."""

    points: tuple[Point, ...]
    """In order."""
    settled: int
    """Comparisons, or corrected feelings, in all."""


def curve_of(lessons: Sequence[tuple[int, Lesson]], weight: float, step: int = STEP) -> Curve:
    """Return the curve of some feedback: each stretch is foreseen from those before it (progressive validation).

    Args:
        lessons: with the time of each in microseconds since 1970, oldest first.
        weight: of what is liked, as in the settings.
        step: comparisons per point.

    Source: Blum, Kalai and Langford (1999), Beating the hold-out.
    """
    said = weighed(admitted(lessons))
    levels = Levels()
    points = []
    for start in range(0, len(said), step):
        part = said[start : start + step]
        points.append(_point(part, start + len(part), levels, weight))
        levels = learn_many(((each.setting, each.comparison) for each in part), levels)
    return Curve(tuple(points), len(said))


def curve_of_reading(lessons: Sequence[tuple[int, Lesson]], step: int = STEP) -> Curve:
    """Return how much of what was read goes to what people felt, where they corrected it, by the corrections before.

    People correct what was misread, so with nothing learned the share is low: it says nothing of how well all messages
    are read.

    Args:
        lessons: with the time of each in microseconds since 1970, oldest first.
        step: corrected feelings per point.
    """
    said = corrections(lessons)
    points = []
    for start in range(0, len(said), step):
        part = said[start : start + step]
        points.append(_point_of_reading(part, start + len(part), fitted(said[:start])))
    return Curve(tuple(points), len(said))


def _point(part: Sequence[Said], upto: int, levels: Levels, weight: float) -> Point:
    candidate = Candidate(plain_weights(levels), 0, 0, 0, 0)
    now = [chosen_rightly(candidate.taste(each.setting), each.comparison, weight) for each in part]
    before = [chosen_rightly(None, each.comparison, weight) for each in part]
    return _between(now, before, upto)


def _point_of_reading(part: Sequence[Correction], upto: int, shift: Mapping[str, float]) -> Point:
    now, before = ([given_to_felt(each, by) for each in part] for by in (shift, {}))
    return _between(now, before, upto)


def _between(now: Sequence[float], before: Sequence[float], upto: int) -> Point:
    """Return a point with Wilson's interval (1927); of values between 0 and 1 it is wider than it need be."""
    mean, n = sum(now) / len(now), len(now)
    middle = (mean + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z / (1 + _Z**2 / n) * (mean * (1 - mean) / n + _Z**2 / (4 * n * n)) ** 0.5
    return Point(upto, mean, sum(before) / len(before), max(0.0, middle - reach), min(1.0, middle + reach))


def draw(curve: Curve, path: Path, kind: Drawn = "preference") -> Path:
    """Draw a curve as PNG or SVG, by the path's ending; raise InputError if there is nothing to draw."""
    if not curve.points:
        raise InputError("there is no feedback to draw yet.")
    title, below, beside = _TITLES[kind]
    return draw_lines(
        path,
        title,
        [point.feedback for point in curve.points],
        {
            "learned": ([p.learned for p in curve.points], [(p.low, p.high) for p in curve.points]),
            "nothing learned": ([p.frozen for p in curve.points], None),
        },
        (below, beside),
    )


Band = Sequence[tuple[float, float]] | None
"""Low and high end of each value, or None."""


def draw_lines(
    path: Path, title: str, x: Sequence[float], lines: dict[str, tuple[Sequence[float], Band]], axes: tuple[str, str]
) -> Path:
    """Draw lines with their intervals as PNG or SVG, each named at its end.

    Args:
        path: where to; its ending says how.
        title: above the picture.
        x: where the values stand.
        lines: name -> values and their intervals.
        axes: names of the axes.

    Raises:
        InputError: the ending is neither, matplotlib is missing, or the file cannot be written.
    """
    if path.suffix.lower() not in (".png", ".svg"):
        raise InputError(f"{path} should end in .png or .svg.")
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError('drawing needs matplotlib: pip install "heedful[learn]"') from error
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "heedful", "font.family": "sans-serif", "font.size": 10}):
        figure = Figure(figsize=(7.2, 3.9), layout="constrained")
        FigureCanvasAgg(figure)
        drawn = figure.add_subplot()
        for (name, (values, band)), color in zip(
            lines.items(), ("#0f6e84", "#8a8f98", "#b4662b", "#6a5a9c"), strict=False
        ):
            drawn.plot(
                x, values, color=color, linewidth=2.2 if band else 1.6, label=name, linestyle="-" if band else "--"
            )
            if band:
                drawn.fill_between(
                    x, [low for low, _ in band], [high for _, high in band], color=color, alpha=0.15, linewidth=0
                )
        drawn.set_title(title, loc="left", fontsize=12)
        drawn.set_xlabel(axes[0])
        drawn.set_ylabel(axes[1])
        drawn.spines[["top", "right"]].set_visible(False)
        drawn.grid(axis="y", color="#e3e5e8", linewidth=0.8)
        drawn.set_axisbelow(True)
        drawn.legend(frameon=False, loc="best")
        try:
            figure.savefig(path, dpi=160, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
        except OSError as error:
            raise InputError(
                f"{path} cannot be written: {error}. Name a file in a folder that you may write to."
            ) from error
    return path
