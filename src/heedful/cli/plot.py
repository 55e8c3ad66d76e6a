"""Draw a recording: its waveform, pitch, and how it sounds over time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.media import Audio
    from heedful.perceive.voice import Utterance

COLORS: Final = {
    "anger": "#d1495b",
    "disgust": "#6b8e23",
    "fear": "#7b5ea7",
    "joy": "#edae49",
    "sadness": "#3f7cac",
    "surprise": "#e07a5f",
    "neutral": "#9aa0a6",
}
"""BASIC label -> the color it is drawn in."""
_INK: Final = "#333333"
_POINTS: Final = 4000
_INCHES_PER_SECOND: Final = 0.55


def draw(audio: Audio, utterances: Sequence[Utterance], title: str, path: Path) -> None:
    """Draw a recording into a file, whose ending says whether it is PNG or SVG.

    Args:
        audio: the sound.
        utterances: what was heard in it.
        title: what stands above.
        path: where to write.

    Raises:
        InputError: it cannot be written, or matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError(f"charts need matplotlib: pip install 'heedful[voice]' ({error}).") from error
    from heedful.sound import RATE, resampled

    samples = resampled(audio)
    seconds = len(samples) / RATE
    figure = Figure(figsize=(min(max(8.0, seconds * _INCHES_PER_SECOND), 24.0), 6.4), layout="constrained")
    wave, pitch, affect = figure.subplots(3, 1, sharex=True, height_ratios=(1.1, 1.0, 1.2))
    _wave(wave, samples, utterances)
    _pitch(pitch, samples, utterances)
    _affect(affect, utterances)
    wave.set_title(title, loc="left", color=_INK, fontsize=11)
    affect.set_xlabel("seconds", color=_INK)
    affect.set_xlim(0, max(seconds, 0.1))
    for axes in (wave, pitch, affect):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=_INK, labelsize=8)
    try:
        figure.savefig(path, dpi=150)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error


def _wave(axes: Any, samples: NDArray[np.float32], utterances: Sequence[Utterance]) -> None:
    """Draw the waveform, with each utterance shaded in the color of how it sounds."""
    import numpy as np

    from heedful.sound import RATE

    step = max(1, len(samples) // _POINTS)
    parts = samples[: len(samples) // step * step].reshape(-1, step)
    at = np.arange(len(parts)) * step / RATE
    axes.fill_between(at, parts.min(axis=1), parts.max(axis=1), color="#8a8f98", linewidth=0)
    top = float(np.abs(samples).max(initial=1e-3)) * 1.45
    axes.set_ylim(-top, top)
    axes.set_yticks([])
    axes.set_ylabel("sound", color=_INK)
    for each in utterances:
        label = _label(each)
        axes.axvspan(each.start, each.end, color=COLORS.get(_basic(each), "#999999"), alpha=0.18, linewidth=0)
        if label and each.end - each.start > 0.6:
            told = f"{label} {each.reading.confidence:.0%}"
            axes.text(each.start + 0.05, top * 0.93, told, va="top", fontsize=8, color=_INK, clip_on=True)


def _pitch(axes: Any, samples: NDArray[np.float32], utterances: Sequence[Utterance]) -> None:
    import numpy as np

    from heedful.perceive.pitch import pitch_of, seconds_of
    from heedful.sound import RATE

    for each in utterances:
        hertz = pitch_of(samples[round(each.start * RATE) : round(each.end * RATE)]).hertz
        at = each.start + np.array([seconds_of(value) for value in range(len(hertz))])
        axes.plot(at, hertz, color="#2f5d8a", linewidth=1.6)
    axes.set_yscale("log", base=2)
    axes.set_ylim(60, 700)
    axes.set_yticks([75, 150, 300, 600], ["75", "150", "300", "600"])
    axes.minorticks_off()
    axes.set_ylabel("pitch, Hz", color=_INK)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)


def _affect(axes: Any, utterances: Sequence[Utterance]) -> None:
    for name, color in (("arousal", "#b5541c"), ("valence", "#3b7a57")):
        first = True
        for each in utterances:
            if not each.reading.abstained:
                value = getattr(each.reading, name)
                axes.plot([each.start, each.end], [value, value], color=color, linewidth=3, solid_capstyle="round",
                          label=name if first else None)  # fmt: skip
                first = False
    axes.axhline(0, color="#bbbbbb", linewidth=0.8)
    axes.set_ylim(-1, 1)
    axes.set_yticks([-1, 0, 1])
    axes.set_ylabel("arousal, valence", color=_INK)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper right", frameon=False, fontsize=8, ncols=2)


def _basic(utterance: Utterance) -> str:
    basic = utterance.reading.basic
    return "" if utterance.reading.abstained else max(basic, key=lambda label: basic[label])


def _label(utterance: Utterance) -> str:
    from heedful.perceive.voice import sounding

    return "" if utterance.reading.abstained else sounding(utterance.reading)
