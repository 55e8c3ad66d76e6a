from __future__ import annotations

import numpy as np
import pytest

from heedful.api import Heedful
from heedful.config import Config
from heedful.errors import ConfigError, InputError
from heedful.media import Image
from heedful.perceive import face
from heedful.perceive.find import Found
from heedful.perceive.track import Tracker
from heedful.perceive.watching import Watching
from tests.perceive.test_face import CARD, BrightSight, Places, picture

FACE = Found(110, 10, 80, 0.9)


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Watching:
    monkeypatch.setattr(face, "card", lambda _: CARD)
    made = Watching(Config.load(), lambda _: None)
    made._face.__dict__["sight"] = BrightSight()
    made._face._finder = places = Places(FACE)
    made._tracker = Tracker(places.find, places.with_eyes)
    return made


def test_a_reading_comes_when_what_the_face_shows_changes_and_not_in_between(watching: Watching) -> None:
    seen = [
        (number, reading.expressed[0])
        for number in range(60)
        for reading in watching.push(picture(30, 220 if number < 25 else 40), number / 10)
        if reading.modality == "face"
    ]
    assert seen[0] == (0, "happiness")
    assert {label for _, label in seen} == {"happiness", "sadness"}
    assert all(number >= 25 for number, label in seen if label == "sadness")
    assert len(seen) <= 12


def test_a_face_that_is_gone_is_told_once(watching: Watching) -> None:
    told = [reading.abstained for number in range(5) for reading in watching.push(picture(), number / 5)]
    assert told[0] is None
    watching._tracker._find = lambda _, __: []
    even = Image.from_array(np.full((100, 200, 3), 90, np.uint8))
    late = [reading.abstained for number in range(5, 20) for reading in watching.push(even, number / 5)]
    assert late.count("the face is out of sight") == 1


def test_time_must_go_on(watching: Watching) -> None:
    watching.push(picture(), 1.0)
    with pytest.raises(InputError, match="time order"):
        watching.push(picture(), 1.0)


@pytest.mark.parametrize("setting", ["workplace", "education"])
def test_where_the_law_forbids_it_nothing_is_looked_at(setting: str) -> None:
    h = Heedful(Config.load(setting=setting))
    watching = h.watch()
    first, second = (watching.push(picture(), at) for at in (0.0, 1.0))
    assert [reading.modality for reading in first] == ["face", "gesture"]
    assert all("Article 5(1)(f)" in (reading.abstained or "") for reading in first)
    assert second == []
    assert watching._tracker.tracks == ()
    with pytest.raises(ConfigError, match="Article 5"):
        h.faces(picture().pixels)
