"""Analyze recordings: a table per utterance for one, JSON Lines for many, and a chart on request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from heedful.cli.screen import can_draw, stderr, stdout, visible
from heedful.cli.words import color, counted
from heedful.errors import InputError
from heedful.sound import ENDINGS, decode

if TYPE_CHECKING:
    from rich.table import Table

    from heedful.config import Config
    from heedful.media import Audio
    from heedful.perceive.voice import Utterance, VoicePerceiver
    from heedful.types import Reading

FIELD: Final = "audio"
"""The field of JSON Lines that names a sound file."""
_PLOTS: Final = (".png", ".svg")


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording to be read."""

    path: Path
    """Where it lies."""
    row: dict[str, Any]
    """What its row of JSON Lines says besides; its path alone if it has none."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was heard in one recording."""

    audio: Audio
    """The sound."""
    reading: Reading
    """How it sounds as a whole."""
    utterances: tuple[Utterance, ...]
    """How each utterance sounds."""


def is_sound(argument: str) -> bool:
    """Say whether an argument names a sound file, a folder, or JSON Lines whose rows name sound files."""
    if not argument.strip():  # Path("") is this folder
        return False
    path = Path(argument)
    try:
        if path.suffix.lower() == ".jsonl" and path.is_file():
            return _names_sound(path)
        return path.suffix.lower() in ENDINGS or path.is_dir()
    except (OSError, ValueError):
        return False


def _names_sound(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        first = next((line for line in file if line.strip()), "")
    try:
        row = json.loads(first)
    except ValueError:
        return False
    return isinstance(row, dict) and isinstance(row.get(FIELD), str) and "text" not in row


def analyze_sound(
    config: Config, paths: Sequence[Path], *, out: Path | None, plot: Path | None, as_json: bool, overwrite: bool
) -> None:
    """Read recordings: one is shown on a terminal, several are written as JSON Lines.

    Args:
        config: the settings; where they forbid to read voices, nothing is read.
        paths: sound files, folders of them, JSON Lines that name them.
        out: where to write JSON Lines; by default, of one file, nothing is written, and of several to standard output.
        plot: where to draw one recording, as PNG or SVG.
        as_json: print JSON for one recording, too.
        overwrite: replace what is there.

    Raises:
        InputError: the law forbids it here, there is nothing to read, or nothing could be read.
    """
    from heedful.guard.lawful import Law
    from heedful.perceive.voice import VoicePerceiver

    if forbidden := Law.of(config).refusal("voice"):
        raise InputError(f"{forbidden}.")
    if plot is not None and plot.suffix.lower() not in _PLOTS:
        raise InputError(f"--plot {plot}: the ending says what to draw; expected {' or '.join(_PLOTS)}.")
    for target in (out, plot):
        if target is not None and target.exists() and not overwrite:
            raise InputError(f"{target} exists. Choose another name, or --overwrite.")
    perceiver = VoicePerceiver(config)
    single = len(paths) == 1 and paths[0].suffix.lower() in ENDINGS and not paths[0].is_dir()
    if single:
        _show(listen(perceiver, paths[0]), paths[0], out, plot, as_json=as_json)
        return
    if plot is not None:
        raise InputError("--plot draws one recording; give one sound file.")
    recordings = [each for path in paths for each in recordings_of(path)]
    if not recordings:
        raise InputError(f"there is no sound file in {', '.join(map(str, paths))}; looked for {', '.join(ENDINGS)}.")
    _write(perceiver, recordings, out)


def recordings_of(path: Path) -> Iterator[Recording]:
    """Yield the recordings that a file, a folder or JSON Lines name; raise InputError for a line that names none."""
    if path.is_dir():
        for each in sorted(path.rglob("*")):
            if each.suffix.lower() in ENDINGS and each.is_file():
                yield Recording(each, {FIELD: str(each)})
    elif path.suffix.lower() == ".jsonl":
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                yield _named(path, number, line)
    else:
        yield Recording(path, {FIELD: str(path)})


def _named(path: Path, number: int, line: str) -> Recording:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{path}, line {number} is not JSON: {error}.") from error
    if not isinstance(row, dict) or not isinstance(row.get(FIELD), str):
        raise InputError(f"{path}, line {number} has no field {FIELD!r} that names a sound file.")
    named = Path(row[FIELD])
    return Recording(named if named.is_absolute() else path.parent / named, row)


def listen(perceiver: VoicePerceiver, path: Path) -> Told:
    """Read one sound file; raise InputError if it cannot be read."""
    from heedful.perceive.voice import pooled, why_not

    audio = decode(path)
    samples = perceiver.samples_of(audio)
    if reason := why_not(samples):
        return Told(audio, perceiver.abstain(reason), ())
    utterances, _ = perceiver.utterances(samples)
    reading = pooled(utterances) if utterances else perceiver.hear(audio)
    return Told(audio, reading, utterances)


def plain(told: Told) -> dict[str, Any]:
    """Return what was heard in plain JSON types."""
    return {
        "seconds": round(len(told.audio.pcm) / 4 / told.audio.rate, 3),
        "reading": told.reading.to_dict(),
        "utterances": [each.to_dict() for each in told.utterances],
    }


def _show(told: Told, path: Path, out: Path | None, plot: Path | None, *, as_json: bool) -> None:
    console = stdout()
    if out is not None:
        _to_file(out, lambda file: file.write(_line({FIELD: str(path)}, told)))
    if plot is not None:
        from heedful.cli.plot import draw

        draw(told.audio, told.utterances, path.name, plot)
        stderr().print(f"drawn: {visible(str(plot))}", soft_wrap=True)
    if as_json or not console.is_terminal:
        if out is None:
            print(json.dumps({FIELD: str(path), "heedful": plain(told)}, ensure_ascii=False))  # noqa: T201 - the output itself
    elif told.reading.abstained and not told.utterances:
        console.print(f"{visible(path.name)}: {visible(told.reading.abstained)}.")
    else:
        console.print(table(told, path.name))


def _line(row: dict[str, Any], told: Told) -> str:
    return json.dumps({**row, "heedful": plain(told)}, ensure_ascii=False) + "\n"


def _to_file(path: Path, write: Callable[[Any], object]) -> None:
    try:
        with path.open("w", encoding="utf-8") as file:
            write(file)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error


def _write(perceiver: VoicePerceiver, recordings: Sequence[Recording], out: Path | None) -> None:
    from rich.progress import track

    console = stderr()
    failed = 0

    def lines() -> Iterator[str]:
        nonlocal failed
        shown = track(recordings, "listening", console=console, transient=True, disable=not console.is_terminal)
        for recording in shown:
            try:
                yield _line(recording.row, listen(perceiver, recording.path))
            except InputError as error:
                failed += 1
                console.print(f"left out: {visible(str(error))}", style="yellow", soft_wrap=True)
                yield json.dumps({**recording.row, "heedful": {"error": str(error)}}, ensure_ascii=False) + "\n"

    if out is None:
        for line in lines():
            print(line, end="")  # noqa: T201 - the output itself
    else:
        _to_file(out, lambda file: file.writelines(lines()))
    aside = f", {failed:,} left out" if failed else ""
    into = "" if out is None else f" -> {visible(str(out))}"
    console.print(f"{counted(len(recordings), 'recording')}{aside}{into}", soft_wrap=True)
    if failed == len(recordings):
        raise InputError("no recording could be read; the reasons are above.")


def table(told: Told, name: str) -> Table:
    """Draw what was heard, one line per utterance."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console = stdout()
    edge = box.SIMPLE_HEAD if can_draw(console) else box.ASCII
    drawn = Table(box=edge, title=visible(name), title_justify="left", pad_edge=False)
    for heading in ("time", "sounds", "sure", "valence", "arousal", "pitch", "level", "what changed"):
        said = heading in ("sounds", "what changed")
        side: Literal["left", "right"] = "left" if said or heading == "time" else "right"
        drawn.add_column(heading, justify=side, overflow="fold", no_wrap=not said)
    for each in told.utterances:
        drawn.add_row(*_cells(each))
    whole = told.reading
    if not whole.abstained and len(told.utterances) > 1:
        drawn.add_section()
        label = max(whole.basic, key=lambda one: whole.basic[one])
        drawn.add_row("all", Text(label, style=color(label)), f"{whole.confidence:.0%}", f"{whole.valence:+.2f}",
                      f"{whole.arousal:+.2f}", *_figures(whole), "")  # fmt: skip
    drawn.caption = "How it sounds, not what the person feels."
    drawn.caption_justify = "left"
    return drawn


def _cells(utterance: Utterance) -> list[Any]:
    from rich.text import Text

    from heedful.perceive.voice import sounding

    reading = utterance.reading
    when = f"{clock(utterance.start)}-{clock(utterance.end)}"
    changed = ", ".join(
        each.label.removesuffix(" than before") for each in reading.evidence if "than before" in each.label
    )
    if reading.abstained:
        return [when, Text(visible(reading.abstained), style="dim"), "", "", "", *_figures(reading), changed]
    label = sounding(reading)
    return [when, Text(label, style=color(max(reading.basic, key=lambda one: reading.basic[one]))),
            f"{reading.confidence:.0%}", f"{reading.valence:+.2f}", f"{reading.arousal:+.2f}", *_figures(reading),
            changed]  # fmt: skip


def _figures(reading: Reading) -> tuple[str, str]:
    pitch, level = reading.prosody.get("pitch_hz"), reading.prosody.get("loudness_db")
    return ("-" if pitch is None else f"{pitch:.0f} Hz", "-" if level is None else f"{level:.0f} dB")


def clock(seconds: float) -> str:
    """Return a time as minutes and seconds.

    Examples:
        >>> clock(83.46)
        '1:23.5'
    """
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"
