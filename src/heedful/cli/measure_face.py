"""What `heedful measure face` measures: expressions beside people (F1), and finding faces (F2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from heedful.cli.screen import stderr
from heedful.errors import InputError

if TYPE_CHECKING:
    from heedful.config import Config
    from heedful.measure.task import Result

PROTOCOLS = ("F1", "F1O", "F2")
"""Protocols of docs/protocols.md that belong to faces, in capitals."""


def measure_face(config: Config, wanted: set[str], limit: int | None) -> list[Result]:
    """Measure the face network and the finder on the test split.

    Args:
        config: the settings.
        wanted: only these protocols, in capitals; empty = all.
        limit: only so many pictures, for a first look.

    Raises:
        InputError: there is no such protocol.
        ConfigError: the test split is not there.
    """
    from rich.progress import Progress

    from heedful.measure.detection import SCENES, measure_finding
    from heedful.measure.faces import measure_faces, read_faces
    from heedful.perceive.face import FacePerceiver

    if unknown := wanted - set(PROTOCOLS):
        raise InputError(f"there is no protocol {', '.join(sorted(unknown))} for face. Known are: F1, F1o, F2.")
    faces, console = read_faces("test"), stderr()
    perceiver, results = FacePerceiver(config), []
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:

        def counted(told: str, total: int) -> Callable[[int], object]:
            task = progress.add_task(told, total=total)
            return lambda more: progress.advance(task, more)

        if not wanted or wanted & {"F1", "F1O"}:
            part = faces.take(range(min(limit or len(faces), len(faces))))
            found = measure_faces(perceiver.sight, part, len(faces), counted("reading", len(part)))
            results += [result for result in found if not wanted or result.protocol.upper() in wanted]
        if not wanted or "F2" in wanted:
            scenes = min(limit or SCENES, SCENES)
            results.append(measure_finding(perceiver, faces, scenes, counted("finding", scenes)))
    return results
