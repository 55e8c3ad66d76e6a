"""Bring together what can be measured: the suites of `measure/`, and those of parts that may not be installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import ConfigError

if TYPE_CHECKING:
    from heedful.measure.suite import Bench, Suite
    from heedful.measure.task import Result

LEARNING: Final = ("heedful.learn.suite",)
"""Modules above `measure/` that offer a suite of their own as SUITE."""
_FACE: Final = ("F1", "F1o", "F2")
_VOICE: Final = {"V1": "measure_folds", "V1c": "measure_cross", "V1s": "measure_shipped"}
_SCENES: Final = 20
"""Pictures in which faces are found in a first look: each is looked at in several sizes."""
_CLIPS: Final = 12
"""Clips of each table of voices that are heard in a first look."""
_HEARING: Final = ("heedful.measure.voice", "heedful.perceive.voice", "heedful.sound")


def all_suites() -> tuple[Suite, ...]:
    """Return every suite that is installed, each protocol once."""
    from heedful.measure.suite import Suite, suites

    found = list(suites(LEARNING))
    names = {suite.name for suite in found}
    if "face" not in names and installed("heedful.cli.measure_face"):
        found.append(Suite("face", _FACE, _wrapped(_face)))
    if "voice" not in names and all(map(installed, _HEARING)):
        found.append(Suite("voice", tuple(_VOICE), _wrapped(_voice)))
    return tuple(found)


def installed(name: str) -> bool:
    """Say whether a module is there, without loading it."""
    parent = name.rpartition(".")[0]
    return bool((not parent or installed(parent)) and find_spec(name))


def _wrapped(measure: Callable[[Bench, str], Result]) -> Callable[[Bench, str], Any]:
    from heedful.measure.runner import Measured

    return lambda bench, protocol: Measured(measure(bench, protocol))


def _face(bench: Bench, protocol: str) -> Result:
    """Measure a protocol of faces."""
    measure = import_module("heedful.cli.measure_face").measure_face
    results: Sequence[Result] = measure(
        bench.engine.config, {protocol.upper()}, _items(bench, _SCENES if protocol == "F2" else None)
    )
    for result in results:
        if result.protocol == protocol:
            return result
    raise ConfigError(f"{protocol} gave no result.")


def _voice(bench: Bench, protocol: str) -> Result:
    """Measure a protocol of voices."""
    voice, perceive, sound = map(import_module, _HEARING)
    result: Result
    if protocol != "V1s":
        result = getattr(voice, _VOICE[protocol])()
        return result
    perceiver = perceive.VoicePerceiver(bench.engine.config)
    result = voice.measure_shipped(
        lambda data: perceiver.hear(sound.decode(data)), perceiver.card, _items(bench, _CLIPS)
    )
    return result


def _items(bench: Bench, quick: int | None = None) -> int | None:
    """Return how many items are measured, None for all; in a first look `quick` of them where an item takes long."""
    sample = bench.options.sample
    return bench.options.limit or (min(sample, quick) if sample and quick else sample)
