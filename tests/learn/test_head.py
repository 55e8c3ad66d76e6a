from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.api import Heedful
from heedful.config import Config
from heedful.errors import InputError
from heedful.learn.head import Labelled, split, train_head
from heedful.models.encoder import TextEncoder
from tests.networks import write_network

FILLERS = ("i", "am", "dog", "my", "died", ".")


def sentences(word: str, count: int) -> list[str]:
    """Return different texts of the tiny network's words, all with one word in them."""
    made = itertools.permutations((*FILLERS, word))
    return [" ".join(each[:5]) for each in made if word in each[:5]][: count * 7 : 7]


def sample(count: int = 40) -> Labelled:
    """Return texts in which "sad" is low and "happy" is high."""
    texts = [*sentences("sad", count), *sentences("happy", count)]
    labels = [("low",)] * count + [("high",)] * count
    order = list(range(len(texts)))
    random.Random(3).shuffle(order)
    return Labelled(tuple(texts[at] for at in order), tuple(labels[at] for at in order), "mood.csv")


@pytest.fixture
def config(weights: Path) -> Config:
    """Return settings with the tiny network as reader."""
    write_network(weights)
    return Config.load(reader="tiny")


def test_a_head_learns_what_the_labels_say_and_is_written_with_its_card(config: Config, tmp_path: Path) -> None:
    trained = train_head(config, sample(), "mood", tmp_path / "mine")
    assert sum(trained.texts) == 80
    assert min(trained.texts[1:]) >= 10
    assert [(score.name, score.value) for score in trained.scores[:2]] == [
        ("macro-F1, 2 labels", 1.0),
        ("accuracy", 1.0),
    ]
    assert trained.scores[3].value == pytest.approx(0.5, abs=0.1)
    told = json.loads((tmp_path / "mine" / "card.json").read_text())
    assert (told["name"], told["data_class"], told["heads"]["mood"]["own"]) == ("mine", "research", True)
    assert told["heads"]["mood"]["labels"] == ["high", "low"]
    assert told["scores"]["mood (mood.csv test) accuracy"]["n"] == trained.texts[2]
    assert "mood.csv (80 texts" in told["data"][-1]
    assert str(tmp_path) not in json.dumps(told)


def test_the_network_says_the_new_and_the_old(config: Config, tmp_path: Path) -> None:
    train_head(config, sample(), "mood", tmp_path / "mine")
    with Heedful(Config.load(reader=str(tmp_path / "mine"))) as heedful:
        percept = heedful.perceive("i am sad , my dog died")
        assert percept.own["mood"].chosen == ("low",)
        assert sum(percept.own["mood"].probabilities.values()) == pytest.approx(1.0)
        assert percept.expressed == ("sadness",)
        assert heedful.explain("i am happy", "mood:high").strongest[0].text == "happy"
        assert heedful.explain("i am happy", "high").head == "mood"
    old, new = TextEncoder.open("tiny"), TextEncoder.open(str(tmp_path / "mine"))
    tokens = old.tokenize(["i am sad .", "happy", "my dog died ."])
    np.testing.assert_array_equal(old.run(tokens)["fine"], new.run(tokens, heads=["fine"])["fine"])


def test_a_text_may_have_several_labels_or_none(config: Config, tmp_path: Path) -> None:
    texts = [*sentences("sad", 40), *sentences("happy", 40), *(f"{each} sad" for each in sentences("happy", 40))]
    labels = [("low",)] * 40 + [("high",)] * 40 + [("low", "high")] * 40
    blank = [" ".join(each) for each in itertools.permutations(FILLERS, 4)][:40]
    given_ = Labelled((*texts, *blank), (*labels, *[()] * 40), "moods.csv", several=True)
    trained = train_head(config, given_, "mood", tmp_path / "mine")
    assert trained.scores[0].value > 0.95
    assert all(0.05 <= least <= 0.9 for least in trained.card.heads["mood"].thresholds)
    with Heedful(Config.load(reader=str(tmp_path / "mine"))) as heedful:
        assert set(heedful.perceive("i am sad happy").own["mood"].chosen) == {"low", "high"}
        assert heedful.perceive("i am my dog").own["mood"].chosen == ()


def test_it_comes_out_the_same_whatever_the_order_of_the_rows(config: Config, tmp_path: Path) -> None:
    given_ = sample()
    turned = Labelled(given_.texts[::-1], given_.labels[::-1], given_.source)
    one, other = (train_head(config, each, "mood", tmp_path / str(at)) for at, each in enumerate((given_, turned)))
    assert one.texts == other.texts
    assert one.card.heads["mood"].temperature == pytest.approx(other.card.heads["mood"].temperature)


def test_a_second_head_joins_the_first_and_a_new_one_replaces_it(config: Config, tmp_path: Path) -> None:
    train_head(config, sample(), "mood", tmp_path / "mine", data_class="open")
    mine = Config.load(reader=str(tmp_path / "mine"))
    both = train_head(mine, sample(), "second", tmp_path / "mine", overwrite=True)
    assert set(both.card.heads) == {"fine", "cause", "mood", "second"}
    assert both.card.data_class == "research"
    again = train_head(mine, sample(30), "mood", tmp_path / "third", data_class="open")
    assert set(again.card.heads) == {"fine", "cause", "mood", "second"}
    assert [each for each in again.card.data if "'mood'" in each] == [again.card.data[-1]]
    assert "60 texts" in again.card.data[-1]
    assert again.card.scores["mood (mood.csv test) accuracy"].n == again.texts[2]


def test_the_class_of_the_data_is_open_only_if_all_of_it_is(weights: Path, tmp_path: Path) -> None:
    write_network(weights, data_class="research")
    config = Config.load(reader="tiny")
    assert train_head(config, sample(), "mood", tmp_path / "a", data_class="open").card.data_class == "research"


@pytest.mark.parametrize("name", ["fine", "Mood", "a b", "", "x" * 50, "../up"])
def test_a_name_that_cannot_be_is_refused(config: Config, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        train_head(config, sample(), name, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_nothing_else_is_overwritten(config: Config, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear")
    for overwrite in (False, True):
        with pytest.raises(InputError, match="no network's folder"):
            train_head(config, sample(), "mood", tmp_path / "letters", overwrite=overwrite)
    train_head(config, sample(), "mood", tmp_path / "mine")
    with pytest.raises(InputError, match="--overwrite"):
        train_head(config, sample(), "mood", tmp_path / "mine")


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (Labelled(("i am sad",) * 40, (("low",),) * 40, "a.csv"), "1 different labels"),
        (sample(10), r"at least 20 texts.*high \(10\), low \(10\)"),
        (Labelled(("?!",) * 40, (("a",), ("b",)) * 20, "a.csv"), "0 different labels in 0 texts"),
        (Labelled(("i am sad", "i am happy") * 20, (("a",), ("b",)) * 20, "a.csv"), "too few that differ"),
    ],
)
def test_too_little_is_refused(config: Config, tmp_path: Path, given_: Labelled, said: str) -> None:
    with pytest.raises(InputError, match=said):
        train_head(config, given_, "mood", tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


LABELS = st.lists(st.sampled_from("abc"), max_size=2).map(tuple)


@given(rows=st.lists(st.tuples(st.text(max_size=4), LABELS), max_size=40))
def test_a_split_keeps_equal_texts_together(rows: list[tuple[str, tuple[str, ...]]]) -> None:
    texts, labels = [row[0] for row in rows], [row[1] for row in rows]
    parts = split(texts, labels)
    assert len(parts) == len(rows)
    placed = dict(zip(texts, parts, strict=True))
    assert all(placed[text] == part for text, part in zip(texts, parts, strict=True))


def test_a_split_gives_every_label_its_share() -> None:
    texts = [f"text number {number}" for number in range(400)]
    labels = [("rare",) if number % 20 == 0 else ("common",) for number in range(400)]
    parts = split(texts, labels)
    assert (parts.count("test"), parts.count("dev")) == (60, 60)
    assert sum(part == "test" and label == ("rare",) for part, label in zip(parts, labels, strict=True)) == 3
