"""Find gestures in how a head moves over time: nods, shakes, tilts, leaning, looking away, stillness, blinks, smiles.

Pure signal processing on one track: positions are in widths of the face, so that the distance to the camera does not
matter, and brought to even times first, so that dropped pictures and any rate from 10 per second on are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from heedful.media import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Kind = Literal[
    "nod", "shake", "tilt", "leaning in", "leaning away", "looking away", "still", "restless", "smile", "blink",
    "raised hand", "face covered", "crossed arms",
]  # fmt: skip
RATE: Final = 30.0
"""Even samples per second that a track is brought to."""
GAP: Final = 0.6
"""Seconds without the face after which a track is cut in two."""


@dataclass(frozen=True, slots=True)
class Pose(Record):
    """Where a head is at one moment."""

    at: float
    """Seconds."""
    x: float
    """To the right in the picture, in widths of the face."""
    y: float
    """Down in the picture, in widths of the face."""
    size: float = 0.0
    """Logarithm of how large it looks, beside the first picture of its track."""
    roll: float = 0.0
    """Degrees by which it is tilted, clockwise in the picture."""
    turn: float | None = None
    """How far it is turned aside, in [-1, 1], 0 = to the camera; None where that is not known."""
    smile: float | None = None
    """How likely it smiles, in [0, 1]; None where that was not read."""
    eyes: float | None = None
    """How open its eyes look, beside what is usual in its track: 1 = open, 0 = closed; None where not seen."""


@dataclass(frozen=True, slots=True)
class Gesture(Record):
    """Something that a person did with head or body."""

    kind: Kind
    """What."""
    start: float
    """When it begins, in seconds."""
    end: float
    """When it ends, in seconds."""
    strength: float
    """How large it is, in [0, 1]."""
    confidence: float
    """How sure it is that it is one, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Swing:
    """One movement from a turning point to the next."""

    start: int
    """Sample at which it begins."""
    end: int
    """Sample at which it ends."""
    by: float
    """How far, in the signal's unit; negative = back."""


def gestures(track: Sequence[Pose]) -> list[Gesture]:
    """Return the gestures of one head, in order of their start.

    Args:
        track: its poses, in time order; a gap of more than GAP seconds cuts it in two.
    """
    found: list[Gesture] = []
    for piece in pieces(track):
        if piece[-1].at - piece[0].at >= 0.4:
            found += oscillations(piece)
            found += tilts(piece)
            found += leanings(piece)
            found += stillness(piece)
            found += blinks(piece)
        found += looks_away(piece)
        found += smiles(piece)
    return sorted(found, key=lambda gesture: (gesture.start, gesture.kind))


def pieces(track: Sequence[Pose]) -> list[list[Pose]]:
    """Cut a track where the face was gone for long; drop poses whose time does not go on."""
    found: list[list[Pose]] = []
    for pose in track:
        if found and pose.at <= found[-1][-1].at:
            continue
        if found and pose.at - found[-1][-1].at <= GAP:
            found[-1].append(pose)
        else:
            found.append([pose])
    return found


def even(times: Floats, values: Floats, rate: float = RATE) -> tuple[Floats, Floats]:
    """Return even times from the first to the last, and the values at them, on straight lines between the given."""
    import numpy as np

    grid = np.arange(times[0], times[-1] + 1e-9, 1.0 / rate)
    return grid, np.interp(grid, times, values)


def signals(piece: Sequence[Pose]) -> tuple[Floats, Floats, Floats]:
    """Return even times, and the quick part of a head's path across and down: slow drift is taken out."""
    import numpy as np

    times = np.array([pose.at for pose in piece])
    grid, across = even(times, np.array([pose.x for pose in piece]))
    _, down = even(times, np.array([pose.y for pose in piece]))
    return grid, quick(across), quick(down)


def quick(values: Floats) -> Floats:
    """Return the part of a signal that is quicker than about 0.8 per second and slower than jitter."""
    return smooth(values, 0.1) - smooth(smooth(values, 0.7), 0.7)


def smooth(values: Floats, seconds: float) -> Floats:
    """Return the running mean over so many seconds; at the ends over what there is."""
    import numpy as np

    half = max(1, round(seconds * RATE / 2))
    total = np.concatenate([[0.0], np.cumsum(values)])
    first = np.clip(np.arange(len(values)) - half, 0, None)
    last = np.clip(np.arange(len(values)) + half + 1, None, len(values))
    return np.asarray((total[last] - total[first]) / (last - first))


def jitter(values: Floats) -> float:
    """Return how much a measured signal trembles from one sample to the next: the deviation of its noise."""
    import numpy as np

    if len(values) < 4:
        return 0.0
    second = values[2:] - 2.0 * values[1:-1] + values[:-2]
    return float(np.median(np.abs(second)) / 0.6745 / np.sqrt(6.0))


def swings(values: Floats, least: float) -> list[Swing]:
    """Return the movements between turning points that are at least so far apart."""
    found: list[Swing] = []
    low = high = pivot = 0
    way = 0
    for at, value in enumerate(values.tolist()):
        if value > values[high] or (way == 0 and at == 0):
            high = at
        if value < values[low]:
            low = at
        if way >= 0 and values[high] - value >= least:
            if way > 0 or high > 0:
                found.append(Swing(pivot, high, float(values[high] - values[pivot])))
            pivot, low, way = high, at, -1
        elif way <= 0 and value - values[low] >= least:
            if way < 0 or low > 0:
                found.append(Swing(pivot, low, float(values[low] - values[pivot])))
            pivot, high, way = low, at, 1
        if way < 0:
            high = low
        elif way > 0:
            low = high
    end = low if way < 0 else high
    if way and end > pivot:
        found.append(Swing(pivot, end, float(values[end] - values[pivot])))
    return [swing for swing in found if abs(swing.by) >= least]


SMALLEST: Final = 0.03
"""A swing of a nod or a shake is at least so many widths of the face."""
_LONGEST = 0.75
"""And takes at most so many seconds."""


def oscillations(piece: Sequence[Pose]) -> list[Gesture]:
    """Return nods and shakes: at least three swings to and fro (or two large ones), along one direction."""
    import numpy as np

    times, across, down = signals(piece)
    raw = np.array([[pose.x, pose.y] for pose in piece])
    least = max(SMALLEST, 2.2 * max(jitter(raw[:, 0]), jitter(raw[:, 1])))
    found: list[Gesture] = []
    ways: tuple[tuple[Kind, Floats, Floats], ...] = (("nod", down, across), ("shake", across, down))
    for kind, along, other in ways:
        for run in runs(swings(along, least)):
            start, end = run[0].start, run[-1].end
            sizes = np.abs([swing.by for swing in run])
            aside = float(np.ptp(other[start : end + 1]))
            if len(run) < 3 and (len(run) < 2 or sizes.min() < 2.0 * least):
                continue
            if float(sizes.mean()) < 1.4 * aside:
                continue
            sure = min(0.99, 0.55 + 0.08 * len(run) + 0.2 * min(1.0, float(sizes.mean()) / least - 1.0))
            found.append(
                Gesture(kind, float(times[start]), float(times[end]), min(1.0, float(sizes.max()) / 0.25), sure)
            )
    return found


def runs(found: Sequence[Swing]) -> list[list[Swing]]:
    """Return the swings that follow one another to and fro, each quick and of a size with its neighbours."""
    together: list[list[Swing]] = []
    for swing in found:
        quick_enough = 0.06 <= (swing.end - swing.start) / RATE <= _LONGEST
        if not quick_enough:
            together.append([])
            continue
        last = together[-1][-1] if together and together[-1] else None
        if last and last.end == swing.start and last.by * swing.by < 0 and 0.3 < abs(swing.by / last.by) < 3.3:
            together[-1].append(swing)
        else:
            together.append([swing])
    return [run for run in together if run]


def tilts(piece: Sequence[Pose]) -> list[Gesture]:
    """Return the times during which the head was tilted to one side by twelve degrees or more."""
    import numpy as np

    times, roll = even(np.array([pose.at for pose in piece]), np.array([pose.roll for pose in piece]))
    level = smooth(roll, 0.3)
    return [
        Gesture("tilt", float(times[a]), float(times[b]), min(1.0, float(np.abs(level[a : b + 1]).max()) / 35.0), 0.8)
        for a, b in stretches(np.abs(level) >= 12.0)
        if times[b] - times[a] >= 0.4
    ]


def leanings(piece: Sequence[Pose]) -> list[Gesture]:
    """Return leaning in and away: the face grew or shrank by a tenth within two seconds."""
    import numpy as np

    times, size = even(np.array([pose.at for pose in piece]), np.array([pose.size for pose in piece]))
    found: list[Gesture] = []
    level = smooth(size, 0.4)
    for swing in swings(level, max(0.1, 4.0 * jitter(size))):
        way = (level[swing.start : swing.end + 1] - level[swing.start]) / swing.by
        first, last = (swing.start + int(np.argmax(way >= share)) for share in (0.1, 0.9))  # without the slow ends
        if 0.1 <= times[last] - times[first] <= 2.5:
            kind: Kind = "leaning in" if swing.by > 0 else "leaning away"
            found.append(Gesture(kind, float(times[first]), float(times[last]), min(1.0, abs(swing.by) / 0.4), 0.75))
    return found


def looks_away(piece: Sequence[Pose]) -> list[Gesture]:
    """Return the times during which the face was turned aside for 0.6 seconds or more."""
    import numpy as np

    seen = [pose for pose in piece if pose.turn is not None]
    if len(seen) < 3:
        return []
    times, turn = even(np.array([pose.at for pose in seen]), np.array([pose.turn for pose in seen], dtype=np.float64))
    level = smooth(turn, 0.3)
    return [
        Gesture("looking away", float(times[a]), float(times[b]), min(1.0, float(np.abs(level[a : b + 1]).max())), 0.7)
        for a, b in stretches(np.abs(level) >= 0.35)
        if times[b] - times[a] >= 0.6
    ]


def stillness(piece: Sequence[Pose]) -> list[Gesture]:
    """Return stretches of three seconds or more in which the head hardly moved, or moved all the time."""
    import numpy as np

    times, across, down = signals(piece)
    if times[-1] - times[0] < 3.0:
        return []
    pace = smooth(np.hypot(np.gradient(across), np.gradient(down)) * RATE, 2.0)
    raw = np.array([[pose.x, pose.y] for pose in piece])
    calm = max(0.03, 4.0 * max(jitter(raw[:, 0]), jitter(raw[:, 1])))
    found: list[Gesture] = []
    kinds: tuple[tuple[Kind, NDArray[np.bool_]], ...] = (("still", pace < calm), ("restless", pace > 0.22 + calm))
    for kind, mask in kinds:
        for a, b in stretches(mask):
            if times[b] - times[a] >= 3.0:
                level = float(pace[a : b + 1].mean())
                strength = 1.0 - level / calm if kind == "still" else min(1.0, level / 0.8)
                found.append(Gesture(kind, float(times[a]), float(times[b]), max(0.0, min(1.0, strength)), 0.7))
    return found


def blinks(piece: Sequence[Pose]) -> list[Gesture]:
    """Return blinks: the eyes look closed for 0.06 to 0.45 seconds, open before and after."""
    import numpy as np

    seen = [pose for pose in piece if pose.eyes is not None]
    if len(seen) < 8:
        return []
    times, open_ = even(np.array([pose.at for pose in seen]), np.array([pose.eyes for pose in seen], dtype=np.float64))
    usual = float(np.median(open_))
    if usual < 0.3:
        return []
    found = []
    for a, b in stretches(open_ < 0.55 * usual):
        long = float(times[b] - times[a]) + 1.0 / RATE
        if 0.03 <= long <= 0.45 and a > 0 and b < len(times) - 1:
            depth = 1.0 - float(open_[a : b + 1].min()) / usual
            found.append(Gesture("blink", float(times[a]), float(times[b]), min(1.0, depth), 0.6))
    return found


def smiles(piece: Sequence[Pose]) -> list[Gesture]:
    """Return the times at which a smile set in, with how long it stayed; 0.3 seconds at least."""
    import numpy as np

    seen = [pose for pose in piece if pose.smile is not None]
    if len(seen) < 2:
        return []
    times, smile = even(np.array([pose.at for pose in seen]), np.array([pose.smile for pose in seen], dtype=np.float64))
    level = smooth(smile, 0.2)
    return [
        Gesture(
            "smile", float(times[a]), float(times[b]), float(level[a : b + 1].max()), float(level[a : b + 1].mean())
        )
        for a, b in stretches(level >= 0.55)
        if times[b] - times[a] >= 0.3
    ]


def stretches(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (first, last) of each run of true values."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
