from __future__ import annotations

from dataclasses import replace

import pytest

from heedful.config import Config
from heedful.guard.lawful import BIOMETRIC, Law
from heedful.types import Audio, Image, Message

WHOLE = Message("hi", Audio(b"\0" * 8, 16_000), Image(b"\1\2\3", 1, 1), (Image(b"\1\2\3", 1, 1),))


@pytest.mark.parametrize("setting", ["workplace", "education"])
@pytest.mark.parametrize("modality", BIOMETRIC)
def test_voice_face_and_gesture_are_refused_at_work_and_in_education_with_the_article(
    setting: str, modality: str
) -> None:
    reason = Law(setting, "general").refusal(modality)
    assert reason is not None
    assert "Article 5(1)(f)" in reason
    assert setting in reason


@pytest.mark.parametrize("setting", ["workplace", "education"])
def test_text_is_read_and_media_are_taken_away(setting: str) -> None:
    law = Law(setting, "general")
    assert law.refusal("text") is None
    assert law.admit(WHOLE) == Message("hi")
    assert "not read for emotions" in law.notice()


@pytest.mark.parametrize(
    ("setting", "purpose"),
    [("workplace", "medical"), ("education", "safety"), ("companion", "general"), ("customer_service", "general")],
)
def test_elsewhere_and_for_medical_or_safety_reasons_everything_is_admitted_and_told(
    setting: str, purpose: str
) -> None:
    law = Law(setting, purpose)
    assert law.admit(WHOLE) == WHOLE
    assert "read for emotions as well" in law.notice()


def test_the_notice_says_that_it_is_software_and_what_it_does() -> None:
    notice = Law.of(Config.load()).notice()
    assert "software" in notice
    assert "feeling" in notice


def test_a_law_taken_down_is_not_changed_by_the_configuration_it_came_from() -> None:
    config = Config.load(setting="workplace")
    law = Law.of(config)
    replace(config, setting="companion")
    assert law.refusal("voice") is not None
