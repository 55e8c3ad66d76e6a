"""The three situations that every listener has to get right, in every setting and culture: no wrong tone anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from docs.seeds import seeds, settings
from heedful.config import Config
from heedful.engine import Engine
from heedful.labels import BASIC, FINE, SENTIMENT
from heedful.norm import word_in
from heedful.plugins import WRITERS, load
from heedful.types import Message, Modality, Reading, Turn
from tests.doubles import install
from tests.samples import peaked

SITUATIONS = seeds()
CULTURES = ("", "direct", "reserved", "family", "faith")
BRIGHT = r"!|congrat|well done|great news|wonderful|fantastic|exciting|celebrat|\bhooray|\byay\b|good luck"
DARK = r"\bsorry\b|unfortunately|too bad|\bsad\b|\bpity\b|letdown|condolence|be careful|next time"
COLD = r"at least|better place|move on|get over|should have|your (?:own )?fault|calm down|everything happens"
SORRY = r"sorry|condolence|\bsad\b|no words|enormous"


def sounds(tone: str, turn: Turn) -> bool:
    """Tell whether the reply sounds so in words of its own, not the person's."""
    own = turn.reply.text.lower()
    return any(found[0] not in (turn.message.text or "").lower() for found in re.finditer(tone, own))


class PlainReader:
    """Reads nothing into any words: the wording alone decides."""

    modality: Modality = "text"

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        fine = dict.fromkeys(FINE, 0.01) | {"neutral": 0.9}
        reading = Reading(
            "text", "plain", fine, ("neutral",), peaked(BASIC, "neutral"), peaked(SENTIMENT, "neutral"), confidence=0.7
        )
        return [reading for _ in messages]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"text": lambda _: PlainReader(), "compose": load(WRITERS, "compose")}
    install(monkeypatch, found)


def answers(situation: str, setting: str, culture: str = "") -> list[Turn]:
    engine = Engine(Config.load(setting=setting, culture=culture, disclose=False))
    return [
        engine.turn(Message(text), (), f"{situation} {number}") for number, text in enumerate(SITUATIONS[situation])
    ]


def test_each_situation_is_told_in_twenty_ways() -> None:
    assert {name: len(set(texts)) for name, texts in SITUATIONS.items()} == {"loss": 20, "failure": 20, "victory": 20}


@pytest.mark.parametrize("setting", settings())
@pytest.mark.parametrize("culture", CULTURES)
def test_a_loss_is_condoled_and_support_is_offered(setting: str, culture: str) -> None:
    for turn in answers("loss", setting, culture):
        assert turn.understanding.event.kind == "loss", turn.message.text
        assert turn.plan.strategies[0] == "console"
        assert "encourage" in turn.plan.strategies
        assert sounds(SORRY, turn), turn.reply.text
        assert not sounds(BRIGHT, turn), turn.reply.text
        assert not sounds(COLD, turn), turn.reply.text
        assert turn.verdict.action == "allow"


@pytest.mark.parametrize("setting", settings())
@pytest.mark.parametrize("culture", CULTURES)
def test_a_failure_is_consoled_and_learning_is_encouraged(setting: str, culture: str) -> None:
    for turn in answers("failure", setting, culture):
        assert turn.understanding.event.kind == "failure", turn.message.text
        assert turn.plan.strategies[0] == "console"
        assert "encourage" in turn.plan.strategies
        assert not sounds(BRIGHT, turn), turn.reply.text
        assert not sounds(COLD, turn), turn.reply.text


@pytest.mark.parametrize("setting", settings())
@pytest.mark.parametrize("culture", CULTURES)
def test_a_victory_is_celebrated_and_nothing_is_taken_back(setting: str, culture: str) -> None:
    for turn in answers("victory", setting, culture):
        assert turn.understanding.event.mood == "bright", turn.message.text
        assert turn.plan.strategies[0] == "celebrate"
        assert not sounds(DARK, turn), turn.reply.text
        assert not sounds(COLD, turn), turn.reply.text


@pytest.mark.parametrize("setting", settings())
def test_what_a_setting_leaves_unsaid_is_left_unsaid_but_for_the_persons_own_words(setting: str) -> None:
    for situation in SITUATIONS:
        for turn in answers(situation, setting):
            word = word_in(turn.reply.text, turn.plan.avoid)
            assert word is None or word_in(turn.message.text or "", (word,)), (word, turn.reply.text)
