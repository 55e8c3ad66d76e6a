from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heedful.api import Heedful
from heedful.config import Config
from heedful.errors import InputError, PluginError
from heedful.perceive.explain import Explanation, explain
from heedful.perceive.own import decide, pool_rows
from heedful.perceive.text import TextPerceiver
from tests.doubles import CuePerceiver
from tests.networks import write_network


@pytest.fixture
def perceiver(weights: Path) -> TextPerceiver:
    """Return a perceiver to which "sad" is sadness and "happy" is joy."""
    write_network(weights)
    return TextPerceiver(Config.load(reader="tiny"))


def named(told: Explanation) -> list[str]:
    return [word.text for word in told.strongest]


@pytest.mark.parametrize("text", ["i am sad .", "my dog , i am  sad !", "sad", "i’m “sad”…"])
def test_the_planted_word_is_found_where_it_stands(perceiver: TextPerceiver, text: str) -> None:
    told = explain(perceiver, text)
    assert (told.label, told.head, named(told), told.looked_at) == ("sadness", "fine", ["sad"], 1.0)
    assert told.probability > 0.5
    assert all(text[word.start : word.end] == word.text for word in told.words)


def test_a_word_that_comes_twice_is_found_twice_though_neither_is_missed(perceiver: TextPerceiver) -> None:
    told = explain(perceiver, "i am sad my dog sad")
    assert named(told) == ["sad", "sad"]
    assert [word.change for word in told.strongest] == pytest.approx([0.0, 0.0])
    assert sum(each.strength for each in told.evidence) == pytest.approx(1.0)
    assert {each.label for each in told.evidence} == {"sadness"}


def test_any_feeling_can_be_asked_about(perceiver: TextPerceiver) -> None:
    text = "i am sad , i am happy"
    assert named(explain(perceiver, text, "joy")) == ["happy"]
    assert named(explain(perceiver, text, "sadness")) == ["sad"]
    assert named(explain(perceiver, text, "pride")) == []


def test_each_words_change_is_what_reading_without_it_gives(perceiver: TextPerceiver) -> None:
    text = "i am sad happy dog"
    told = explain(perceiver, text, "sadness")
    for word in told.words:
        left = explain(perceiver, text[: word.start] + text[word.end :], "sadness")
        assert told.probability - left.probability == pytest.approx(word.change, abs=1e-6)


def test_an_unknown_label_is_refused_with_those_that_are_known(perceiver: TextPerceiver) -> None:
    with pytest.raises(InputError, match=r"no label 'sorrow' to explain. Known are: admiration"):
        explain(perceiver, "i am sad", "sorrow")


@pytest.mark.parametrize(("text", "why"), [("", "empty"), ("?!", "no words")])
def test_what_cannot_be_read_cannot_be_explained(perceiver: TextPerceiver, text: str, why: str) -> None:
    told = explain(perceiver, text)
    assert why in (told.abstained or "")
    assert (told.words, told.evidence) == ((), ())


def test_of_a_long_text_the_stretches_that_carry_the_feeling_are_looked_at(perceiver: TextPerceiver) -> None:
    text = "my dog am i . " * 300 + "i am sad . " + "my dog am i . " * 300
    told = explain(perceiver, text, most=20)
    assert named(told) == ["sad"]
    assert text[told.strongest[0].start : told.strongest[0].end] == "sad"
    assert 0 < len(told.words) <= 20
    assert told.looked_at < 0.01


def test_wrong_arguments_are_refused(perceiver: TextPerceiver) -> None:
    with pytest.raises(InputError, match="must be a string, not int"):
        explain(perceiver, 42)
    with pytest.raises(InputError, match="at least one word"):
        explain(perceiver, "sad", most=0)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60)
    | st.lists(st.sampled_from(["sad", "dog", "😢", "I’m", "ﬁne", "\n", "...", "é"])).map(" ".join)
)
def test_any_text_is_explained_in_its_own_characters(perceiver: TextPerceiver, text: str) -> None:
    told = explain(perceiver, text, "sadness")
    assert told == explain(perceiver, text, "sadness")
    assert all(0 <= word.start <= word.end <= len(text) for word in told.words)
    assert [word.start for word in told.words] == sorted(word.start for word in told.words)
    assert all(-1.0 <= word.change <= 1.0 for word in told.words)
    assert all(0.0 < each.strength <= 1.0 for each in told.evidence)
    assert Explanation.from_dict(told.to_dict()) == told


def test_it_is_reached_from_the_api(weights: Path) -> None:
    write_network(weights)
    with Heedful(Config.load(reader="tiny")) as heedful:
        assert named(heedful.explain("i am sad .")) == ["sad"]
        assert named(heedful.explain("i am sad , i am happy", label="joy")) == ["happy"]


def test_a_reader_that_is_a_plug_in_cannot_be_explained(weights: Path) -> None:
    heedful = Heedful(Config.load())
    heedful.engine.senses._perceiver = lambda _: CuePerceiver()
    with pytest.raises(PluginError, match="CuePerceiver, a plug-in"):
        heedful.explain("i am sad")


def test_one_label_among_others_is_pooled_so_that_the_shares_sum_to_one() -> None:
    import numpy as np

    rows = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert pool_rows(rows, [30, 10], "single").sum() == pytest.approx(1.0)
    assert pool_rows(rows, [30, 10], "multilabel")[0] == pytest.approx((0.75 * 0.81 + 0.25 * 0.04) ** 0.5)


def test_a_head_decides_by_its_thresholds() -> None:
    from heedful.models.manifest import Head

    assert decide({"a": 0.4, "b": 0.6}, Head("single", ("a", "b"), thresholds=(0.5, 1.5))) == ("a",)
    assert decide({"a": 0.4, "b": 0.6}, Head("multilabel", ("a", "b"), thresholds=(0.3, 0.5))) == ("b", "a")
    assert decide({"a": 0.4, "b": 0.3}, Head("multilabel", ("a", "b"))) == ()
    assert decide({"a": 0.4}, Head("regression", ("a",))) == ()
