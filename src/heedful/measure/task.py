"""Put a dataset, subjects and a scorer together, by the protocols of docs/protocols.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from heedful.errors import InputError
from heedful.measure import corpora, human, peer
from heedful.measure.dataset import Dataset, Split, goemotions
from heedful.measure.metric import Figure
from heedful.measure.paired import Difference
from heedful.measure.score import (
    score_e1,
    score_e2,
    score_e4,
    score_e5,
    score_named,
    score_t1,
    score_t2,
    score_t3,
    score_t5,
    score_t6,
)  # fmt: skip
from heedful.measure.subject import (
    Prediction,
    Sources,
    Subject,
    expressed,
    judging,
    listening,
    most_frequent,
    perceived,
    sentiment,
)  # fmt: skip
from heedful.types import Record

Scorer = Callable[[Dataset, Sequence[Prediction]], tuple[Figure, ...]]


@dataclass(frozen=True, slots=True)
class Task:
    """One protocol: what is read, and how the answers are scored."""

    id: str
    """As in docs/protocols.md; with a letter where one protocol has several test sets."""
    title: str
    """What it measures."""
    dataset: Callable[[Split], Dataset]
    """Reads a split."""
    scorer: Scorer
    """From the test set and one prediction per text to the figures, in the order they are reported."""
    ours: Callable[[Sources], Subject]
    """How Heedful answers."""
    beside: tuple[Callable[[Callable[[Split], Dataset]], Subject], ...] = ()
    """What it is set beside: from the dataset's splits to a subject."""
    people: tuple[tuple[str, Callable[[Dataset], tuple[Figure, ...]]], ...] = ()
    """What people reach on the same items: a name, and the figures of the test set."""
    peers: tuple[Callable[[Callable[[Split], Dataset]], Subject], ...] = ()
    """What a user would otherwise pick, on the same items."""
    taught: Split = "train"
    """The split that peers are taught with, where the dataset has no "train"."""


@dataclass(frozen=True, slots=True)
class Column(Record):
    """What one subject reached."""

    subject: str
    """Its name."""
    model: str
    """The network behind it, with its version; "" without one."""
    sha256: str
    """Of that network's file; "" without one."""
    abstained: int
    """Texts on which it declined to answer; they count as naming no label."""
    figures: tuple[Figure, ...]
    """In the order of the protocol; a figure that the subject gives no ground for is left out."""


@dataclass(frozen=True, slots=True)
class Result(Record):
    """One protocol, measured."""

    protocol: str
    """Its id in docs/protocols.md."""
    title: str
    """What was measured."""
    dataset: str
    """What it was measured on."""
    source: str
    """Where that comes from, with its licence."""
    dataset_sha256: str
    """Of the file it was read from."""
    n: int
    """Items measured."""
    whole: int
    """Items of the whole split; if `n` is less, this is a first look and not the protocol."""
    columns: tuple[Column, ...]
    """One per subject: Heedful first."""
    heedful: str
    """The version of Heedful."""
    at: datetime
    """When it was measured, in UTC."""
    interval: str = "bootstrap"
    """How the 95 % intervals were made: "bootstrap" (over items) or "Wilson" (of a share)."""
    differences: tuple[Difference, ...] = ()
    """Heedful less each other column on the same items, where an item on its own is right or wrong."""


def run(task: Task, subject: Subject, limit: int | None = None) -> Result:
    """Measure a subject, beside people and baselines on the same items.

    Args:
        task: the protocol.
        subject: who is measured.
        limit: take only that many items, for a first look; by default all.

    Raises:
        ConfigError: the dataset is not there.
        InputError: it cannot be read, or `limit` is less than 1.
    """
    test = task.dataset("test")
    if limit is not None:
        test = test.first(limit)
    others = [make(task.dataset) for make in task.beside]
    columns = (
        _column(task, subject, test),
        *(Column(name, "", "", 0, figures(test)) for name, figures in task.people),
        *(_column(task, other, test) for other in others),
    )
    return made_of(task, test, columns)


def made_of(task: Task, test: Dataset, columns: tuple[Column, ...], differences: tuple[Difference, ...] = ()) -> Result:
    """Return what was measured on a test set as a result of now."""
    return Result(
        protocol=task.id,
        title=task.title,
        dataset=test.name,
        source=test.source,
        dataset_sha256=test.sha256,
        n=len(test),
        whole=test.whole,
        columns=columns,
        heedful=version("heedful"),
        at=datetime.now(UTC).replace(microsecond=0),
        differences=differences,
    )


def _column(task: Task, subject: Subject, test: Dataset) -> Column:
    return column_of(task, subject, test, list(subject.predict(test)))


def column_of(task: Task, subject: Subject, test: Dataset, predictions: Sequence[Prediction]) -> Column:
    """Score what a subject said of a test set; raise InputError unless it is one prediction per text."""
    if len(predictions) != len(test):
        raise InputError(f"{subject.name} gave {len(predictions)} predictions for {len(test)} texts.")
    abstained = sum(prediction.abstained for prediction in predictions)
    return Column(subject.name, subject.model, subject.sha256, abstained, task.scorer(test, predictions))


def commonest(dataset: Callable[[Split], Dataset]) -> Subject:
    """Return the baseline that always names the commonest label of train."""
    return most_frequent(dataset("train"))


def always_empathetic(_: Callable[[Split], Dataset]) -> Subject:
    """Return the baseline that calls every statement empathetic."""
    same = Prediction(frozenset({corpora.EMPATHETIC[1]}))
    return Subject("always empathetic", lambda test: [same] * len(test))


def commonest_levels(dataset: Callable[[Split], Dataset]) -> Subject:
    """Return the baseline that names, for each part of an answer, the commonest label of train."""
    train = dataset("train")
    levels = {name: Counter(gold[name][0] for gold in train.gold).most_common(1)[0][0] for name in train.gold[0]}
    same = Prediction(parts={name: Prediction(frozenset({level})) for name, level in levels.items()})
    return Subject("always the commonest", lambda test: [same] * len(test))


def whole_turn(_: Callable[[Split], Dataset]) -> Subject:
    """Return the baseline that calls the whole turn the cause of its emotion."""
    return Subject("the whole turn", lambda test: [Prediction(spans=((0, len(text)),)) for text in test.texts])


def turn_before(_: Callable[[Split], Dataset]) -> Subject:
    """Return the baseline that calls the whole turn before the cause of a turn's emotion."""

    def predict(test: Dataset) -> list[Prediction]:
        found = []
        for (past, _), before in zip(test.gold, test.before, strict=True):
            last = len(before) - len(past[-1]) if past else 0
            found.append(Prediction(before=((last, len(before)),)))
        return found

    return Subject("the whole turn before", predict)


def longest(_: Callable[[Split], Dataset]) -> Subject:
    """Return the baseline that rates a reply by its length."""
    return Subject(
        "the longer reply", lambda test: [Prediction(probabilities={"rating": float(len(text))}) for text in test.texts]
    )


TASKS = (
    Task(
        "T1", "Text emotion: which of 28 emotions does a message express?", goemotions, score_t1,
        lambda sources: perceived(sources, expressed), (commonest,), peers=(peer.tfidf, peer.nrc),
    ),
    Task(
        "T2", "The writer's own emotion, machine beside people", corpora.crowd_envent, score_t2,
        lambda sources: listening(sources, "writer_emotion"), (commonest,),
        (("one reader", human.one_reader), ("most of five readers", human.plurality)), (peer.tfidf, peer.nrc),
    ),
    Task(
        "T3", "Sentiment of many kinds of text, machine beside people", corpora.emobank, score_t3,
        lambda sources: perceived(sources, sentiment), (commonest,), (("one reader", human.one_rater_of_valence),),
        (peer.tfidf, peer.vader, peer.nrc),
    ),
    Task(
        "T3s", "Sentiment of film reviews", corpora.sst, score_named,
        lambda sources: listening(sources, "sentiment"), (commonest,), peers=(peer.tfidf, peer.vader, peer.nrc),
    ),
    Task(
        "T4", "The situation, from a speaker's first turn", corpora.first_turns, score_named,
        lambda sources: listening(sources, "situation"), (commonest,), peers=(peer.tfidf,),
    ),
    Task(
        "T4c", "The situation, from all that a speaker says", corpora.whole_dialogues, score_named,
        lambda sources: listening(sources, "situation"), (commonest,), peers=(peer.tfidf,),
    ),
    Task(
        "T5", "Emotion in the context of a chat", corpora.emocontext, score_t5,
        lambda sources: listening(sources, "in_context"), (commonest,), peers=(peer.tfidf_as_in_dev, peer.nrc),
    ),
    Task(
        "T6", "What caused the emotion of a turn", corpora.reccon, score_t6,
        lambda sources: listening(sources, "cause"), (whole_turn, turn_before),
    ),
    Task(
        "E1", "Mechanisms of empathy in a reply", corpora.epitome, score_e1,
        lambda sources: listening(
            sources, *corpora.MECHANISMS, *(f"{name}_rationale" for name in corpora.MECHANISMS)
        ), (commonest_levels,), peers=(peer.tfidf,),
    ),
    Task(
        "E2", "Ranking replies as people rate them", corpora.welivita, score_e2,
        lambda sources: listening(sources, "rating"), (longest,), peers=(peer.tfidf_rating,),
    ),
    Task(
        "E3", "The strategy of a supporter's next turn", corpora.esconv, score_named,
        lambda sources: listening(sources, "strategy"), (commonest,), peers=(peer.tfidf,),
    ),
    Task(
        "E4", "Is a reply unsafe in its context?", corpora.diasafety, score_e4,
        lambda sources: listening(sources, "unsafe"), (commonest,), peers=(peer.tfidf,),
    ),
    Task(
        "E4m", "Does one speaker manipulate the other?", corpora.mentalmanip, score_e4,
        lambda sources: listening(sources, "manipulative"), (commonest,), peers=(peer.tfidf,),
    ),
    Task(
        "E5", "Recognised as empathetic, machine beside people", corpora.personas, score_e5, judging,
        (always_empathetic,), (("one annotator", human.one_annotator),), (peer.tfidf,), "dev",
    ),
)  # fmt: skip
"""Every task on text, in the order of docs/protocols.md."""
