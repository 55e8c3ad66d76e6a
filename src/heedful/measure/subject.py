"""Say who is measured: Heedful itself, and what it is set beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from heedful.measure.dataset import Dataset
from heedful.models.manifest import card
from heedful.types import Percept


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a subject says of one text."""

    labels: frozenset[str] = frozenset()
    """The labels that it says the text expresses."""
    probabilities: Mapping[str, float] = field(default_factory=dict)
    """Label -> probability in [0, 1]; empty if it states none."""
    abstained: bool = False
    """Whether it declined to answer, which counts as naming no label."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something that reads texts and says what they express."""

    name: str
    """As it stands at the head of its column."""
    predict: Callable[[Sequence[str]], Iterable[Prediction]]
    """From n texts to n predictions, in order."""
    model: str = ""
    """The network behind it, with its version; "" without one."""
    sha256: str = ""
    """Of that network's file; "" without one."""


def ourselves(perceive_many: Callable[[Sequence[str]], Iterable[Percept]], network: str) -> Subject:
    """Return Heedful as a subject, as its users meet it.

    Args:
        perceive_many: the method of that name of an `api.Heedful`.
        network: the name of the network that it reads with, as in the configuration.

    Raises:
        NetworkError: there is no such network.
    """

    def predict(texts: Sequence[str]) -> Iterator[Prediction]:
        for percept in perceive_many(texts):
            yield Prediction(frozenset(percept.expressed), percept.fine, percept.abstained is not None)

    its_card = card(network)
    return Subject("Heedful", predict, its_card.version_id, its_card.sha256)


def most_frequent(train: Dataset) -> Subject:
    """Return the baseline that reads nothing and always names the label that is most frequent in `train`."""
    times = Counter(label for gold in train.gold for label in sorted(gold))
    label = times.most_common(1)[0][0]
    same = Prediction(frozenset({label}))
    return Subject(f"always {label}", lambda texts: [same] * len(texts))
