"""Say what of a turn has to be accounted for: refusals, crises, disclosures, and which networks were at work."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Set
from importlib.metadata import version

from heedful.config import Config
from heedful.store.ledger import Happening
from heedful.types import Turn


def happenings(turn: Turn, config: Config, refused_by: str, models: Set[str]) -> list[Happening]:
    """Return what to enter into the audit log for a turn: never anything that was said.

    Args:
        turn: as it was made.
        config: the settings that it was made under.
        refused_by: what names itself as the model of a reading that the law forbids.
        models: networks that are entered already.
    """
    return [*_models(turn, refused_by, models), *_refusals(turn, config, refused_by), *_crises(turn), *_told(turn)]


def _models(turn: Turn, refused_by: str, known: Set[str]) -> Iterator[Happening]:
    used = {reading.model for reading in turn.percept.readings if reading.model not in ("none", refused_by)}
    for name in sorted({_ours(), *used} - known):
        yield Happening("model", {"name": name})


def _refusals(turn: Turn, config: Config, refused_by: str) -> Iterator[Happening]:
    for reading in turn.percept.readings:
        if reading.model == refused_by:
            where = {"setting": config.setting, "purpose": config.purpose}
            yield Happening("refusal", {"what": reading.modality, **where})
    if turn.verdict.action in ("replace", "stop"):
        rules = ", ".join(finding.rule for finding in turn.verdict.findings)
        yield Happening("refusal", {"what": "reply", "action": turn.verdict.action, "rules": rules})


def _crises(turn: Turn) -> Iterator[Happening]:
    risk = turn.understanding.risk
    if risk.level != "none" and not risk.carried:
        rules = ", ".join(finding.rule for finding in risk.findings)
        yield Happening("crisis", {"level": risk.level, "kind": risk.kind or "", "rules": rules})


def _told(turn: Turn) -> Iterator[Happening]:
    if "disclosure" in turn.plan.must:
        yield Happening("disclosure", {"about": "software"})


@functools.cache
def _ours() -> str:
    return f"heedful {version('heedful')}"  # looked up once: it reads a file each time
