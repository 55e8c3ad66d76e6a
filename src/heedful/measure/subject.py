"""Say who is measured: Heedful itself, and what it is set beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from heedful.errors import ConfigError
from heedful.measure.dataset import Dataset
from heedful.models.encoder import Output, TextEncoder
from heedful.models.manifest import card
from heedful.perceive.own import decide
from heedful.types import Judgement, Percept

_CHUNK = 256
"""Items that a network is given at once, so that progress shows."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a subject says of one text."""

    labels: frozenset[str] = frozenset()
    """The labels that it says the text expresses, or the one label it names."""
    probabilities: Mapping[str, float] = field(default_factory=dict)
    """Label -> probability in [0, 1], or its rating; empty if it states none."""
    abstained: bool = False
    """Whether it declined to answer, which counts as naming no label."""
    spans: tuple[Span, ...] = ()
    """The stretches that it marks, as (first character, one past the last)."""
    before: tuple[Span, ...] = ()
    """The stretches that it marks in what came before the text."""
    parts: Mapping[str, Prediction] = field(default_factory=dict)
    """What it says of each of several things asked at once."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something that reads texts and says what they express."""

    name: str
    """As it stands at the head of its column."""
    predict: Callable[[Dataset], Iterable[Prediction]]
    """From the n items of a dataset to n predictions, in order."""
    model: str = ""
    """The network behind it, with its version; "" without one."""
    sha256: str = ""
    """Of that network's file; "" without one."""
    basis: str = ""
    """What else its predictions depend on (the versions of libraries); predictions are kept by it."""
    taught: bool = False
    """Whether the task's own train split teaches it, so that its predictions depend on that too."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What Heedful's own predictions come from."""

    perceive_many: Callable[[Sequence[str]], Iterable[Percept]]
    """The method of that name of an `api.Heedful`."""
    reader: str
    """The network that it reads with, as in the configuration."""
    listener: str
    """The network that says what is going on, as in the configuration."""
    judge: Callable[[Sequence[tuple[str, str]]], Iterable[Judgement]] | None = None
    """The method `judge` of an `engine.Engine`; None where no task asks for it."""


def perceived(sources: Sources, answer: Callable[[Percept], Prediction]) -> Subject:
    """Return Heedful as a subject, as its users meet it; raise NetworkError if its network is missing."""

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        yield from map(answer, sources.perceive_many(dataset.texts))

    its_card = card(sources.reader)
    return Subject("Heedful", predict, its_card.version_id, its_card.sha256)


def expressed(percept: Percept) -> Prediction:
    """Answer with the FINE labels that a percept says are expressed."""
    return Prediction(frozenset(percept.expressed), percept.fine, percept.abstained is not None)


def sentiment(percept: Percept) -> Prediction:
    """Answer with the likeliest sentiment of a percept; what is abstained on is called neutral."""
    likeliest = max(percept.sentiment, key=lambda label: percept.sentiment[label])
    return Prediction(frozenset({"neutral" if percept.abstained else likeliest}), percept.sentiment)


def judging(sources: Sources) -> Subject:
    """Return the judge as a subject: is a statement that stands alone empathetic?

    Raises:
        ConfigError: there is no judge here.
        NetworkError: the listener network is missing.
    """
    judge = sources.judge
    if judge is None:
        raise ConfigError("this task asks the judge, and none was given: pass Sources(judge=Engine(config).judge).")

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        no, yes = dataset.labels
        for start in range(0, len(dataset), _CHUNK):
            for judged in judge([("", text) for text in dataset.texts[start : start + _CHUNK]]):
                stated = {no: 1.0 - judged.probability, yes: judged.probability}
                yield Prediction(frozenset({yes if judged.empathetic else no}), stated)

    its_card = card(sources.listener)
    return Subject("Heedful", predict, its_card.version_id, its_card.sha256)


def listening(sources: Sources, *heads: str) -> Subject:
    """Return the listener network as a subject: one head's answer, or that of several as parts.

    A head that marks words answers with spans; with another, of the same name but for "_rationale", as its spans.
    """
    encoder = TextEncoder.open(sources.listener)

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        for start in range(0, len(dataset), _CHUNK):
            part = slice(start, start + _CHUNK)
            first, second = dataset.texts[part], None
            if dataset.before:
                first, second = dataset.before[part], dataset.texts[part]
            output = encoder.read(first, second, heads)
            for row in range(len(first)):
                answers = {head: answer_of(encoder, output, head, row) for head in heads}
                yield answers[heads[0]] if len(heads) == 1 else Prediction(parts=answers)

    return Subject("Heedful", predict, encoder.card.version_id, encoder.card.sha256)


def answer_of(encoder: TextEncoder, output: Output, name: str, row: int) -> Prediction:
    """Return one head's answer for one item."""
    head = encoder.card.heads[name]
    if head.kind == "tokens":
        least = head.thresholds[0]
        marked = (each.get(name, [()] * (row + 1))[row] for each in (output.spans, output.before))
        spans, before = (tuple((a, b) for a, b, probability in each if probability >= least) for each in marked)
        return Prediction(spans=spans, before=before)
    values = output.values[name][row]
    stated = dict(zip(head.labels, map(float, values), strict=True))
    return Prediction(frozenset(decide(stated, head)), stated)


def most_frequent(train: Dataset) -> Subject:
    """Return the baseline that reads nothing and always names the label that is most frequent in `train`."""
    times = Counter(label for gold in train.gold for label in ([gold] if isinstance(gold, str) else sorted(gold)))
    label = times.most_common(1)[0][0]
    same = Prediction(frozenset({label}))
    return Subject(f"always {label}", lambda dataset: [same] * len(dataset))
