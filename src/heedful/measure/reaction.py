"""Put replies to the same messages beside each other: ours, those that people gave, and one sentence for everybody.

The messages are what people wrote (EmpatheticDialogues, dev and test), and the human replies are what their listeners
answered then. All are judged by the same judge, which is not told who wrote what.
"""

from __future__ import annotations

import functools
import platform
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Final

from heedful.measure import corpora
from heedful.measure.cache import Cache, code
from heedful.measure.dataset import Dataset
from heedful.measure.metric import SEED, Figure, Tally, accuracy, measured
from heedful.measure.runner import Options
from heedful.types import Judgement, Message, Record

if TYPE_CHECKING:
    from heedful.engine import Engine

PROCESSOR: Final = "processor"
"""What the time that a core worked on a turn is called among its timings."""
SENTENCE: Final = "I'm sorry to hear that. That must be really hard for you."
"""What the simplest assistant answers to everything."""
MECHANISMS: Final = ("reaction", "interpretation", "exploration")
"""The ways in which a reply may be empathic."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A kind of moment, by what the writer's situation was called and by words that tell what happened."""

    name: str
    """What it is called in the tables."""
    situations: frozenset[str]
    """SITUATION labels, as the dataset gives them."""
    told: str = ""
    """A regular expression that the message must match; "" = any message."""


LOSS = Scene(
    "loss",
    frozenset("sad devastated lonely sentimental nostalgic disappointed guilty angry afraid anxious terrified".split()),
    r"\b(?:died|passed away|passing of|death of|funeral|put (?:him|her) (?:down|to sleep)|laid off|miscarr\w+|lost my "
    r"(?:\w+ )?(?:mom|mother|dad|father|dog|cat|pet|grandm\w+|grandf\w+|grandpa|husband|wife|son|daughter|brother|"
    r"sister|friend|uncle|aunt|cousin|job|baby))\b",
)
FAILURE = Scene(
    "failure",
    frozenset("disappointed ashamed embarrassed devastated sad angry guilty annoyed furious jealous lonely".split()),
    r"\b(?:fail(?:ed|ing|ure)?|flunk\w*|did(?:n't| not) (?:pass|win|make it|get (?:the|in|into|accepted|hired|that))|"
    r"reject(?:ed|ion)|turned down|lost the (?:game|match|race|election)|messed up|screwed up|bombed)\b",
)
VICTORY = Scene(
    "victory",
    frozenset(
        "proud joyful excited confident surprised grateful content hopeful prepared trusting anticipating".split()
    ),
    r"\b(?:won|pass(?:ed|ing) (?:my|the|his|her|all)|aced|graduat\w+|promot(?:ed|ion)|first place|straight a|got "
    r"(?:the|a|my|into|accepted|hired) ?(?:new )?(?:job|raise|promotion|offer|scholarship)?|accepted (?:to|into))\b",
)
SADNESS = Scene("sadness", frozenset({"sad", "devastated", "lonely"}))
ANGER = Scene("anger", frozenset({"angry", "furious", "annoyed"}))
JOY = Scene("joy", frozenset({"joyful", "excited", "content"}))
FEAR = Scene("fear", frozenset({"afraid", "terrified", "anxious"}))
PRIDE = Scene("pride", frozenset({"proud", "confident", "impressed"}))
SCENES: Final[Mapping[str, tuple[Scene, ...]]] = {
    "R2": (LOSS, FAILURE, VICTORY),
    "R7": (SADNESS, ANGER, JOY),
    "R9": (SADNESS, ANGER, FEAR, JOY, PRIDE),
}
"""Protocol -> the moments that it is about."""
MOST: Final = 150
"""Messages per moment; a seeded draw where there are more."""


@dataclass(frozen=True, slots=True)
class Replied(Record):
    """A reply, and how long it took."""

    text: str
    """The words."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Stage -> milliseconds; empty where nobody measured it."""


@dataclass(frozen=True, slots=True)
class Replier:
    """Somebody or something that answers messages."""

    name: str
    """As it stands at the head of its column."""
    reply: Callable[[Dataset], Iterable[Replied]]
    """From n messages to n replies, in order."""
    model: str = ""
    """What is behind it, with its version; "" without a network."""
    sha256: str = ""
    """Of that network's file; "" without one."""
    basis: str = ""
    """What else its replies depend on; they are kept by it. "" = they are quick to make, and not kept."""


def moments(scenes: Sequence[Scene], most: int | None = MOST) -> Dataset:
    """Return the messages of some kinds of moments; `gold` names the moment, `raters` hold the listener's reply.

    Raises:
        ConfigError: EmpatheticDialogues is not there.
    """
    whole = corpora.exchanges()
    rows: list[int] = []
    names: list[str] = []
    for scene in scenes:
        told = re.compile(scene.told, re.IGNORECASE)
        fitting = [
            row
            for row, text in enumerate(whole.texts)
            if whole.gold[row] in scene.situations and told.search(text) and row not in rows
        ]
        if most and len(fitting) > most:
            fitting = sorted(Random(scene.name).sample(fitting, most))
        found = fitting
        rows += found
        names += [scene.name] * len(found)
    return replace(
        whole.take(rows), name="EmpatheticDialogues dev and test", labels=tuple(scene.name for scene in scenes),
        gold=tuple(names), whole=len(rows),
    )  # fmt: skip


def heedful(engine: Engine, settings: str = "") -> Replier:
    """Return Heedful as it answers a first message, without the sentence that says it is software.

    That sentence would tell a judge who is speaking; it is the engine's own setting `disclose`.
    """
    from heedful.engine import Engine as Fresh
    from heedful.models.manifest import card

    quiet = Fresh(replace(engine.config, disclose=False))

    def reply(dataset: Dataset) -> Iterator[Replied]:
        quiet.turn(Message("hello"))  # what is loaded at the first turn belongs to no turn's time
        for text in dataset.texts:
            began = time.process_time()
            turn = quiet.turn(Message(text), conversation="measure")
            yield Replied(turn.reply.text, {**turn.timings, PROCESSOR: 1000.0 * (time.process_time() - began)})

    its_card = card(engine.config.listener)
    basis = f"{code()} {settings} {platform.node()} {platform.processor()}"
    return Replier("Heedful", reply, its_card.version_id, its_card.sha256, basis)


def people(_: object = None) -> Replier:
    """Return the listeners of the dataset: what a person answered to the same message."""
    return Replier("a listener", lambda dataset: [Replied(rater[0]) for rater in dataset.raters])


def same_sentence(_: object = None) -> Replier:
    """Return the simplest assistant: one kind sentence for everybody."""
    return Replier("one sentence for all", lambda dataset: [Replied(SENTENCE)] * len(dataset))


def replies_of(replier: Replier, test: Dataset, options: Options) -> list[Replied]:
    """Return one reply per message, from those kept and from the replier."""
    key = ("replies", replier.name, replier.model, replier.sha256, replier.basis, test.sha256, test.texts)
    cache = Cache(options.cache if replier.basis else None, Replied)

    def make(start: int) -> Iterable[Replied]:
        return replier.reply(test.take(range(start, len(test))) if start else test)

    made = cache.fill(key, len(test), make)
    return list(options.track(made, f"replies of {replier.name}", len(test)))


def judged(
    engine: Engine, test: Dataset, replies: Sequence[Replied], options: Options | None = None
) -> list[Judgement]:
    """Return a judgement per reply, from those kept and from the judge; whoever replied is judged as anyone."""
    pairs = [(text, reply.text) for text, reply in zip(test.texts, replies, strict=True)]
    if options is None or options.cache is None:
        return engine.judge(pairs)
    from heedful.models.manifest import card

    its_card = card(engine.config.listener)
    key = (
        "judgements",
        its_card.version_id,
        its_card.sha256,
        code(),
        options.settings,
        *map(list, zip(*pairs, strict=True)),
    )
    return list(Cache(options.cache, Judgement).fill(key, len(pairs), lambda start: engine.judge(pairs[start:])))


def figures_of(
    test: Dataset, replies: Sequence[Replied], judgements: Sequence[Judgement], *, timed: bool = False
) -> tuple[Figure, ...]:
    """Return the figures of somebody's replies, per kind of moment: how they were judged, or how long they took."""
    import numpy as np

    figures: list[Figure] = []
    for name in test.labels:
        here = [row for row, gold in enumerate(test.gold) if gold == name]
        if not here:
            continue
        some = [judgements[row] for row in here]
        figures.append(_share(f"{name}: judged empathetic", [each.empathetic for each in some]))
        if timed:
            figures += _latency(name, [replies[row].timings.get(PROCESSOR, 0.0) for row in here])
            continue
        for mechanism in MECHANISMS:
            shown = [getattr(each, mechanism).level > 0 for each in some]
            figures.append(_share(f"{name}: shows {mechanism}", shown))
        figures.append(_share(f"{name}: something wrong with it", [bool(each.flags) for each in some]))
        words = np.array([len(replies[row].text.split()) for row in here], dtype=np.float64)
        figures.append(measured(f"{name}: words", _mean(words)))
    return tuple(figures)


def _share(name: str, hits: Sequence[bool]) -> Figure:
    import numpy as np

    return measured(name, accuracy(np.array(hits, dtype=np.bool_)))


def _mean(values: object) -> Tally:
    import numpy as np

    column = np.asarray(values, dtype=np.float64)
    return Tally(np.stack([column, np.ones_like(column)], axis=1), lambda sums: sums[..., 0] / sums[..., 1])


def _latency(name: str, milliseconds: Sequence[float]) -> list[Figure]:
    """Return the median and the 95th percentile with SciPy's bootstrap intervals; nothing where none was measured.

    It is the time that a core worked, which is what one waits on a machine with nothing else to do: what is read from a
    clock says as much about the other programs that run.
    """
    import numpy as np
    from scipy.stats import bootstrap

    times = np.array(milliseconds)
    if not times.any():
        return []
    found = []
    for what, share in (("median milliseconds of one core", 50), ("95th percentile, milliseconds of one core", 95)):
        take = functools.partial(np.percentile, q=share)
        reach = bootstrap(
            (times,), take, n_resamples=999, method="percentile", rng=np.random.default_rng(SEED)
        ).confidence_interval  # fmt: skip
        found.append(
            Figure(f"{name}: {what}", float(take(times)), float(reach.low), float(reach.high), len(times))
        )  # fmt: skip
    return found
