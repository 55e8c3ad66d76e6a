"""Try to have voices and faces read where the law forbids it, through every public way in."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heedful import Config, Heedful, Message
from heedful.engine import Engine
from heedful.plugins import WRITERS, load
from heedful.types import Audio, Image, Modality, Plan, Reading, Reply, Turn, Understanding
from tests.doubles import CuePerceiver, install

SOUND = Audio.from_array(np.zeros(8, dtype=np.float32), 16_000)
PICTURE = Image.from_array(np.zeros((2, 2, 3), dtype=np.uint8))
WHOLE = Message("I passed", SOUND, PICTURE, (PICTURE,))


class Spy:
    """Looks at everything that it is shown, and claims to have read it."""

    def __init__(self, claims: Modality = "voice") -> None:
        self.claims = claims
        self.shown: list[Message] = []

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        self.shown += messages
        return [replace(CuePerceiver()._read("passed"), modality=self.claims, model="spy") for _ in messages]

    def write(
        self, message: Message, understanding: Understanding, plan: Plan, history: Sequence[Turn], seed: str
    ) -> Reply:
        self.shown += [message, *(turn.message for turn in history)]
        return Reply("That sounds like a good day. What was it like? I'm a program.", "spy")

    def saw_media(self) -> bool:
        return any(each.audio or each.image or each.frames for each in self.shown)


@pytest.fixture
def spies(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found: dict[str, Any] = {name: Spy(name) for name in ("text", "voice", "face", "gesture")}
    found["spy"] = Spy()
    parts: dict[str, Any] = {name: functools.partial(_given, spy) for name, spy in found.items()}
    parts["compose"] = load(WRITERS, "compose")
    install(monkeypatch, parts, ("face", "gesture", "text", "voice"))
    return found


def _given(spy: Spy, _config: Config) -> Spy:
    return spy


def ways_in(heedful: Heedful) -> list[Any]:
    engine = heedful.engine
    return [
        lambda: engine.perceive([WHOLE]),
        lambda: list(engine.perceive_many([WHOLE, WHOLE])),
        lambda: engine.understand([WHOLE]),
        lambda: engine.turn(WHOLE, [engine.turn(WHOLE)]),
        lambda: heedful.perceive("I passed", audio=SOUND, image=PICTURE, frames=[PICTURE]),
        lambda: list(heedful.perceive_many([WHOLE])),
        lambda: heedful.understand([WHOLE, Message("ok", speaker="assistant"), WHOLE]),
        lambda: heedful.turn("I passed", audio=SOUND, image=PICTURE, frames=[PICTURE]),
        lambda: heedful.perceive(audio=SOUND),
        lambda: heedful.turn(audio=SOUND),
    ]


@pytest.mark.parametrize("setting", ["workplace", "education"])
@pytest.mark.parametrize("way", range(10))
def test_no_way_in_shows_a_voice_or_a_face_to_any_part(
    spies: dict[str, Any], tmp_path: Path, setting: str, way: int
) -> None:
    with Heedful(Config.load(setting=setting, data_folder=str(tmp_path), writer="spy")) as heedful:
        ways_in(heedful)[way]()
    assert not any(spy.saw_media() for spy in spies.values())
    assert not any(spies[modality].shown for modality in ("voice", "face", "gesture"))


def test_elsewhere_the_same_parts_are_shown_everything(spies: dict[str, Any]) -> None:
    (percept,) = Engine(Config.load()).perceive([WHOLE])
    assert all(spies[modality].saw_media() for modality in ("voice", "face", "gesture"))
    assert [reading.abstained for reading in percept.readings] == [None] * 4


@pytest.mark.parametrize("purpose", ["medical", "safety"])
def test_a_medical_or_safety_purpose_admits_them(spies: dict[str, Any], purpose: str) -> None:
    (percept,) = Engine(Config.load(setting="workplace", purpose=purpose)).perceive([WHOLE])
    assert not any(reading.abstained for reading in percept.readings)


def test_what_is_refused_says_which_law_and_the_words_are_still_read(spies: dict[str, Any]) -> None:
    (percept,) = Engine(Config.load(setting="workplace")).perceive([WHOLE])
    reasons = {reading.modality: reading.abstained for reading in percept.readings}
    assert reasons["text"] is None
    assert all("Article 5(1)(f)" in (reasons[modality] or "") for modality in ("voice", "face", "gesture"))
    assert percept.feeling == "joy"


def test_a_message_of_sound_alone_is_answered_though_it_is_not_heard(spies: dict[str, Any]) -> None:
    turn = Engine(Config.load(setting="education")).turn(Message(audio=SOUND))
    assert "Article 5(1)(f)" in (turn.percept.abstained or "")
    assert turn.message.audio is None
    assert turn.reply.text


def test_a_part_for_text_that_claims_to_have_heard_a_voice_is_not_believed(spies: dict[str, Any]) -> None:
    spies["text"].claims = "voice"
    (percept,) = Engine(Config.load(setting="workplace")).perceive([Message("I passed")])
    assert "Article 5(1)(f)" in (percept.abstained or "")


def test_a_setting_changed_after_the_start_changes_nothing(spies: dict[str, Any]) -> None:
    engine = Engine(Config.load(setting="workplace"))
    engine.config = replace(engine.config, setting="companion")
    engine.perceive([WHOLE])
    assert not any(spy.saw_media() for spy in spies.values())


def test_a_refusal_is_entered_into_the_audit_log(spies: dict[str, Any], tmp_path: Path) -> None:
    with Heedful(Config.load(setting="workplace", data_folder=str(tmp_path))) as heedful:
        heedful.turn("I passed", audio=SOUND)
        refusals = [entry.details for entry in heedful.audit() if entry.kind == "refusal"]
        assert {"what": "voice", "setting": "workplace", "purpose": "general"} in refusals
        assert "Your voice" in heedful.notice
