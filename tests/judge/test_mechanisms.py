from __future__ import annotations

import pytest

from heedful.judge.mechanisms import blend, cues, from_network, from_rules, levels_of
from heedful.judge.wording import wording
from tests.judge.double import Listener


def levels(reply: str, message: str = "") -> tuple[int, ...]:
    return tuple(each.level for each in from_rules(cues(wording(reply), wording(message))).values())


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("I'm so sorry for your loss.", (2, 0, 0)),
        ("Hang in there.", (1, 0, 0)),
        ("That must be so lonely.", (0, 2, 0)),
        ("I understand.", (0, 1, 0)),
        ("What has been the hardest part?", (0, 0, 2)),
        ("What happened?", (0, 0, 1)),
        ("The shop opens at nine.", (0, 0, 0)),
        ("What did you expect?", (0, 0, 0)),
        ("Have you tried yoga?", (0, 0, 0)),
        ("You must be joking.", (0, 0, 0)),
        ("I'm sorry, but we are closed.", (0, 0, 0)),
        ("What makes you feel like you are alone?", (0, 0, 2)),
        ("", (0, 0, 0)),
    ],
)
def test_the_rules_tell_how_strongly_each_mechanism_is_shown(reply: str, expected: tuple[int, ...]) -> None:
    assert levels(reply) == expected


def test_a_rationale_is_the_sentence_that_shows_it() -> None:
    found = from_rules(cues(wording("Hm. I'm so sorry you are ill. It rains."), wording("")))
    assert [span.text for span in found["reaction"].rationale] == ["I'm so sorry you are ill"]
    assert found["exploration"].rationale == ()


def test_a_story_of_ones_own_counts_as_it_does_between_peers() -> None:
    story = "I had that with my brother and it took me years until I could talk to my mother."
    assert cues(wording(story), wording(""))["interpretation"].rule == "tells of themselves"


def test_the_network_says_and_the_rules_only_lean() -> None:
    reply = "I'm so sorry."
    found = cues(wording(reply), wording(""))
    network = Listener(reaction=(0.1, 0.8, 0.1)).read(["a"], [reply])
    said = from_network(network, 0, reply, found)
    assert said["reaction"].level == 1
    assert said["reaction"].probabilities[2] > 0.1
    assert sum(said["reaction"].probabilities) == pytest.approx(1.0)
    assert said["interpretation"].level == 0


def test_levels_are_compared_after_the_thresholds_of_the_network() -> None:
    reply = "All the candles are lit."
    network = Listener(reaction=(0.6, 0.3, 0.1)).read([""], [reply])
    found = cues(wording(reply), wording(""))
    assert from_network(network, 0, reply, found)["reaction"].level == 0
    assert from_network(network, 0, reply, found, {"reaction": (1.0, 0.2, 1.0)})["reaction"].level == 1


def test_where_the_rules_know_nothing_the_network_stands() -> None:
    prior = levels_of("reaction", "prior")
    assert blend((0.2, 0.5, 0.3), prior, prior) == pytest.approx((0.2, 0.5, 0.3))
    assert sum(blend((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), prior)) == pytest.approx(1.0)


def test_likely_tokens_become_spans_over_one_unlikely_token_at_most() -> None:
    reply = "I am so sorry to hear it all"
    tokens = [
        (0, 1, 0.9),
        (2, 4, 0.8),
        (5, 7, 0.2),
        (8, 13, 0.9),
        (14, 16, 0.1),
        (17, 21, 0.1),
        (22, 24, 0.7),
        (25, 28, 0.2),
    ]
    network = Listener(reaction=(0.0, 0.1, 0.9), spans={"reaction_rationale": tokens}).read([""], [reply])
    said = from_network(network, 0, reply, cues(wording(reply), wording("")))
    assert [span.text for span in said["reaction"].rationale] == ["I am so sorry", "it"]


def test_without_spans_of_the_network_those_of_the_rules_are_shown() -> None:
    reply = "I am so sorry. It rains."
    network = Listener(reaction=(0.0, 0.1, 0.9)).read([""], [reply])
    said = from_network(network, 0, reply, cues(wording(reply), wording("")))
    assert [span.text for span in said["reaction"].rationale] == ["I am so sorry"]
