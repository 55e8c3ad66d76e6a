"""Analyze pictures and videos: every face and what it shows, on the terminal, as JSON Lines, and drawn on a copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from heedful.cli import factory
from heedful.cli.result import to_json
from heedful.cli.screen import bars, stderr, stdout, visible
from heedful.cli.seen import Seen
from heedful.errors import HeedfulError, InputError
from heedful.picture import ENDINGS as PICTURES
from heedful.picture import picture_of
from heedful.video import ENDINGS as VIDEOS
from heedful.video import is_video, pictures_of

if TYPE_CHECKING:
    from heedful.api import Heedful
    from heedful.config import Config
    from heedful.types import Reading

SHOWN: Final = 0.05
"""Share from which an expression is shown on the terminal."""


def is_sight(argument: str) -> bool:
    """Say whether an argument names a picture, a video, or a folder that holds some."""
    if not argument.strip():  # Path("") is this folder
        return False
    path = Path(argument)
    try:
        if path.suffix.lower() in (*PICTURES, *VIDEOS):
            return True
        return path.is_dir() and any(files_of(path))
    except (OSError, ValueError):  # a sentence may be longer than a path can be
        return False


def files_of(path: Path) -> Iterator[Path]:
    """Yield a file, or the pictures and videos of a folder and those below it, by name."""
    if not path.is_dir():
        yield path
        return
    yield from sorted(each for each in path.rglob("*") if each.suffix.lower() in (*PICTURES, *VIDEOS))


def analyze_sight(
    config: Config, given: Sequence[Path], *, out: Path | None, plot: Path | None, as_json: bool, overwrite: bool
) -> None:
    """Analyze pictures and videos; one that cannot be read does not keep the others from being.

    Args:
        config: the settings.
        given: files and folders.
        out: where to write JSON Lines; None = standard output, or a table on a terminal.
        plot: a file (.png, for one input) or a folder to draw into; None = nothing is drawn.
        as_json: JSON Lines also on a terminal.
        overwrite: whether `out` and what is drawn may replace what is there.

    Raises:
        InputError: an output is there already, or some input could not be read.
    """
    paths = [file for path in given for file in files_of(path)]
    targets = _targets(paths, plot)
    for target in [*([out] if out else []), *targets.values()]:
        if target.exists() and not overwrite:
            raise InputError(f"{target} is there already. Name another, or add --overwrite.")
    console, lines, failed = stdout(), [], 0
    with closing(factory.open_heedful(config)) as heedful:
        for path in _shown(paths):
            try:
                seen = see(heedful, path)
                if path in targets:
                    _draw(seen, targets[path])
            except HeedfulError as error:
                failed += 1
                stderr().print(f"heedful: {visible(str(error))}", style="red", markup=False, soft_wrap=True)
                continue
            if out is not None:
                lines.append(to_json(seen.to_dict()))
            elif as_json or not console.is_terminal:
                console.file.write(to_json(seen.to_dict()) + "\n")
            else:
                _print(seen)
    if out is not None:
        _write(out, "".join(f"{line}\n" for line in lines))
    if failed:
        raise InputError(f"{failed} of {len(paths)} could not be read.")


def see(heedful: Heedful, path: Path) -> Seen:
    """Return what is seen in one picture or video; raise InputError if it cannot be read."""
    if not is_video(path):
        return Seen(path, faces=tuple(heedful.faces(picture_of(path))))
    watching, moments, at = heedful.watch(), [], 0.0
    for image in pictures_of(path, longest=None):
        at = image.at or 0.0
        moments += [(at, reading) for reading in watching.push(image, at)]
    return Seen(path, moments=tuple(moments), seconds=at)


def _shown(paths: Sequence[Path]) -> Iterator[Path]:
    from rich.progress import track

    console = stderr()
    quiet = len(paths) < 2 or not console.is_terminal
    yield from track(paths, "looking", console=console, transient=True, disable=quiet)


def _targets(paths: Sequence[Path], plot: Path | None) -> dict[Path, Path]:
    """Return where each input is drawn."""
    if plot is None:
        return {}
    if plot.suffix.lower() == ".png":
        if len(paths) != 1:
            raise InputError(f"--plot {plot} is one file, and there are {len(paths)} inputs. Name a folder.")
        return {paths[0]: plot}
    if plot.suffix:
        raise InputError(f"--plot {plot}: pictures and videos are drawn as .png, or into a folder.")
    try:
        plot.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--plot {plot} cannot be made: {error.strerror}.") from error
    return {path: plot / f"{path.stem}.heedful.png" for path in paths}


def _draw(seen: Seen, target: Path) -> None:
    from heedful.cli.draw import picture_with, timeline

    drawn = timeline(seen) if is_video(seen.path) else picture_with(picture_of(seen.path), seen.faces)
    try:
        drawn.save(target)
    except (OSError, ValueError) as error:
        raise InputError(f"{target} cannot be written: {error}.") from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error


def _print(seen: Seen) -> None:
    console = stdout()
    console.print(f"[bold]{visible(str(seen.path))}[/bold]", highlight=False)
    if is_video(seen.path):
        if not seen.moments:
            console.print("  nothing was seen: no face could be followed", style="dim")
        for at, reading in seen.moments:
            told = reading.abstained or f"{_verb(reading)} {', '.join(reading.expressed)} ({reading.confidence:.0%})"
            console.print(f"  {at:6.1f} s  {told}", highlight=False)
        return
    if not seen.faces:
        console.print("  no face was found", style="dim")
    for number, face in enumerate(seen.faces, start=1):
        reading, side = face.reading, face.found.side
        where = f"face {number}, {side:.0f} pixels"
        if reading.abstained:
            console.print(f"  {where}: {reading.abstained}", highlight=False)
            continue
        told = f"looks {reading.expressed[0]}, sure to {reading.confidence:.0%}"
        console.print(f"  {where}: {told}", highlight=False)
        shares = dict(sorted(reading.probabilities.items(), key=lambda each: -each[1]))
        for line in bars({label: share for label, share in shares.items() if share >= SHOWN}, console, indent=4):
            console.print(line)


def _verb(reading: Reading) -> str:
    return "looks" if reading.modality == "face" else "moves:"
