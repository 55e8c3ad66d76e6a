"""List everything that can be measured: one registry, which the report, the command line and other parts share.

A suite that is not installed, or whose network or dataset is missing, is no error: the report says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from heedful.errors import ConfigError, HeedfulError, InputError
from heedful.measure import reaction
from heedful.measure.assistant import compare, rated_replies, raters_agree, with_ours
from heedful.measure.audit import ANSWERED, Audit, audit, read_judgements, read_percepts, read_replies
from heedful.measure.detail import Detail, Exchange
from heedful.measure.frame import described, one_word_each, own_frames
from heedful.measure.guard import measure_ordinary, measure_probes, measure_unseen
from heedful.measure.metric import Figure
from heedful.measure.paired import difference
from heedful.measure.runner import Measured, Options, measure_task
from heedful.measure.subject import Sources
from heedful.measure.task import TASKS, Column, Result
from heedful.measure.voice import measure_sexes
from heedful.types import Message, Percept

if TYPE_CHECKING:
    from heedful.engine import Engine


@dataclass(frozen=True, slots=True)
class Bench:
    """What suites measure with."""

    engine: Engine
    """Heedful, as it is configured."""
    options: Options = field(default_factory=Options)
    """How the measurement is run."""

    @property
    def sources(self) -> Sources:
        """What Heedful's own predictions come from."""
        config = self.engine.config

        def perceive_many(texts: Sequence[str]) -> Iterator[Percept]:
            yield from self.engine.perceive_many(map(Message, texts))

        return Sources(perceive_many, config.reader, config.listener, self.engine.judge)


@dataclass(frozen=True, slots=True)
class Suite:
    """Protocols that belong together."""

    name: str
    """What it is called on the command line."""
    protocols: tuple[str, ...]
    """Their ids, in order."""
    measure: Callable[[Bench, str], Measured]
    """Measures one of them; raises a HeedfulError that says what is missing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run measured, and what it could not."""

    measured: Mapping[str, Measured]
    """Protocol -> what was measured."""
    missing: Mapping[str, str]
    """Protocol -> why it was not."""


_REACTIONS: Final = {
    "R2": "Reactions to loss, failure and victory, machine beside people",
    "R7": "Replies to sadness, anger and joy, machine beside people",
    "R9": "Situation, reaction and latency, in real time",
}
_SHOWN: Final = 2
"""Examples per kind of moment."""
BESIDE: Final = ("heedful.measure.voice", "heedful.measure.face")
"""Modules that offer a suite of their own as SUITE, where they are installed."""


def measure_text(bench: Bench, protocol: str) -> Measured:
    """Measure a protocol of text (T, E)."""
    task = next(each for each in TASKS if each.id == protocol)
    return measure_task(task, bench.sources, bench.options)


def measure_guard(bench: Bench, protocol: str) -> Measured:
    """Measure a protocol of the guard (G)."""
    from heedful.guard.privacy import redact  # its expressions take 0.06 s to compile

    items = bench.options.limit or bench.options.sample
    measures = {"G1": lambda: measure_probes(redact), "G2": lambda: measure_ordinary(items), "G3": measure_unseen}
    return Measured(measures[protocol]())


def measure_reactions(bench: Bench, protocol: str) -> Measured:
    """Measure replies to the same messages (R): ours, a listener's, and one sentence for everybody."""
    import numpy as np

    options, scenes = bench.options, reaction.SCENES[protocol]
    most = min(reaction.MOST, (options.limit or options.sample or reaction.MOST * len(scenes)) // len(scenes))
    test = reaction.moments(scenes, max(1, most))
    repliers = [reaction.heedful(bench.engine, options.settings), reaction.people(), reaction.same_sentence()]
    replies = [reaction.replies_of(each, test, options) for each in repliers]
    judged = [reaction.judged(bench.engine, test, each, options) for each in replies]
    columns = tuple(
        Column(who.name, who.model, who.sha256, 0, reaction.figures_of(test, *each, timed=protocol == "R9"))
        for who, each in zip(repliers, zip(replies, judged, strict=True), strict=True)
    )
    empathetic = [np.array([float(each.empathetic) for each in some]) for some in judged]
    differences = tuple(
        difference(who.name, "judged empathetic", empathetic[0], theirs)
        for who, theirs in zip(repliers[1:], empathetic[1:], strict=True)
    )
    result = Result(
        protocol, _REACTIONS[protocol], test.name, test.source, test.sha256, len(test), len(test), columns,
        version("heedful"), datetime.now(UTC).replace(microsecond=0), differences=differences,
    )  # fmt: skip
    shown = []
    for name in test.labels if options.examples else ():
        rows = [row for row, gold in enumerate(test.gold) if gold == name and len(test.texts[row]) < 240][:_SHOWN]
        shown += [
            Exchange(
                name,
                test.texts[row],
                tuple(
                    (who.name, each[row].text, some[row].empathetic)
                    for who, each, some in zip(repliers, replies, judged, strict=True)
                ),
            )
            for row in rows
        ]
    notes = (
        "Judged by Heedful's own judge, not by people; and Heedful chooses its replies with the rules of that judge, "
        "so it has an advantage here. How far the judge agrees with people, E1, E2 and E5 say.",
    )
    return Measured(result, Detail(protocol, "Heedful", exchanges=tuple(shown), notes=notes))


def measure_assistants(bench: Bench, protocol: str) -> Measured:
    """Compare Heedful with a person and with ChatGPT on the same prompts (A3), rated by people where they rated."""
    contest = with_ours(rated_replies(bench.options), bench.engine, bench.options)
    result = compare(contest, bench.engine.judge)
    notes = (
        raters_agree(contest),
        "People have rated only the replies in the dataset so far; `heedful measure rate` lets them rate the others.",
    )
    return Measured(result, Detail(protocol, "Heedful", notes=notes))


def measure_bias(bench: Bench, protocol: str) -> Measured:
    """Audit readings, judgements and replies for shifts between groups (B1); set recall by group side by side (B2)."""
    if protocol == "B2":
        return Measured(measure_sexes())
    audits = run_audits(bench.engine, quick=bench.options.sample is not None or bench.options.limit is not None)
    columns = tuple(Column(each.subject, each.model, "", 0, tuple(_widest(each))) for each in audits)
    texts = sum(each.texts for each in audits)
    result = Result(
        protocol, "Does it read people alike? Largest mean shift of any group", "sentences of our own and HolisticBias",
        "frames of our own, Apache-2.0; HolisticBias (Smith et al., 2022), CC BY-SA 4.0", "", texts, texts, columns,
        version("heedful"), datetime.now(UTC).replace(microsecond=0), "simultaneous",
    )  # fmt: skip
    return Measured(result, Detail(protocol, "Heedful"), tuple(audits))


def run_audits(
    engine: Engine, *, quick: bool = False, only: Sequence[str] = (), threshold: float = 0.03
) -> list[Audit]:
    """Audit the percept, the judge and the replies of an engine.

    Args:
        engine: what is audited.
        quick: fewer sentences.
        only: "percept", "judge", "reply"; by default all.
        threshold: the largest mean shift that passes.
    """
    from heedful.models.manifest import card

    frames = own_frames()
    try:
        more = described()
    except ConfigError:  # without the dataset, our own frames alone
        more = ()
    some = one_word_each(frames, 4 if quick else None)
    answered = tuple(probe for probe in some if probe.axis in (ANSWERED[:1] if quick else ANSWERED))
    plans = {
        "percept": (some if quick else (*frames, *more), read_percepts(engine), engine.config.reader),
        "judge": (some if quick else frames, read_judgements(engine), engine.config.listener),
        "reply": (answered, read_replies(engine), engine.config.listener),
    }
    return [
        audit(name, probes, read, threshold, card(network).version_id)
        for name, (probes, read, network) in plans.items()
        if not only or name in only
    ]


def _widest(found: Audit) -> Iterator[Figure]:
    """Yield per axis and figure of interest the group that is furthest off."""
    for axis in dict.fromkeys(shift.axis for shift in found.shifts):
        for what in dict.fromkeys(shift.what for shift in found.shifts):
            here = [shift for shift in found.shifts if shift.axis == axis and shift.what == what]
            if here and what in ("valence", "judged empathetic", "warmth of the reply"):
                far = max(here, key=lambda shift: abs(shift.mean))
                yield Figure(f"{axis}: {what} ({far.group})", far.mean, far.low, far.high, far.n)


OURS: Final = (
    Suite("text", tuple(task.id for task in TASKS), measure_text),
    Suite("guard", ("G1", "G2", "G3"), measure_guard),
    Suite("replies", tuple(_REACTIONS), measure_reactions),
    Suite("compared", ("A3",), measure_assistants),
    Suite("bias", ("B1", "B2"), measure_bias),
)
"""The suites that are always there."""
EXPECTED: Final = {
    "F1": "the face network is not installed here",
    "V1": "the voice network is not installed here",
    "L1": "what learns from feedback is not installed here",
}
"""Protocols that a table of the report needs and that other parts bring -> what it says without them."""


def suites(more: Sequence[str] = ()) -> tuple[Suite, ...]:
    """Return every suite there is: ours, and the SUITE of each further module that is installed."""
    found = list(OURS)
    for name in (*BESIDE, *more):
        if find_spec(name.rpartition(".")[0]) and find_spec(name):
            suite = getattr(import_module(name), "SUITE", None)
            found += [suite] if isinstance(suite, Suite) else []
    return tuple(found)


def carry_out(
    chosen: Sequence[Suite], bench: Bench, only: Sequence[str] = (), done: Callable[[Measured], None] = lambda _: None
) -> Outcome:
    """Measure the protocols of some suites.

    Args:
        chosen: the suites.
        bench: what they measure with.
        only: protocols; by default all.
        done: called with each result as soon as it is there.

    Raises:
        InputError: `only` names a protocol that no suite has.
    """
    known = [protocol for suite in chosen for protocol in suite.protocols]
    wanted = {each.upper() for each in only}
    if unknown := wanted - {each.upper() for each in known}:
        raise InputError(f"there is no protocol {', '.join(sorted(unknown))} here. Known are: {', '.join(known)}.")
    measured: dict[str, Measured] = {}
    missing = {protocol: why for protocol, why in EXPECTED.items() if protocol not in known}
    for suite in chosen:
        for protocol in suite.protocols:
            if wanted and protocol.upper() not in wanted:
                continue
            try:
                measured[protocol] = suite.measure(bench, protocol)
            except HeedfulError as error:
                missing[protocol] = str(error)
            else:
                done(measured[protocol])
    return Outcome(measured, missing)
