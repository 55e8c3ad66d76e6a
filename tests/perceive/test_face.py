"""What the face perceiver does with what a network says; the network here is made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from heedful.config import Config
from heedful.errors import NetworkError
from heedful.labels import BASIC, FACE
from heedful.media import Image
from heedful.models.manifest import Card, Head
from heedful.perceive import face
from heedful.perceive.face import VOTES, FacePerceiver, chosen_of, nearest, shown
from heedful.perceive.find import Found, crop_of, distinct, overlap
from heedful.perceive.gesture import reading_of
from heedful.perceive.motion import Gesture
from heedful.types import Message

HEAD = Head("single", VOTES, thresholds=(1.0,) * 10)
CARD = Card(
    "by-hand", "2026-01-01", "By hand.", "open", "none", (), "network.onnx", "0" * 64, 1, "", 0,
    {"votes": HEAD, "face": Head("multilabel", ("face",), thresholds=(0.5,))}, {}, {}, (),
)  # fmt: skip


class BrightSight:
    """Sees happiness in bright faces, sadness in dark ones, and no face in what is even."""

    card = CARD

    def read(self, crops: NDArray[np.uint8], heads: Sequence[str] | None = None) -> dict[str, NDArray[np.float32]]:
        votes = np.full((len(crops), 10), 0.02, dtype=np.float32)
        for row, crop in enumerate(crops):
            votes[row, FACE.index("happiness" if crop.mean() > 127 else "sadness")] = 0.82
        return {"votes": votes, "face": (crops.std((1, 2)) > 4).astype(np.float32)[:, None]}


class Places:
    """Finds a face at each place that it was told."""

    def __init__(self, *places: Found) -> None:
        self.places = list(places)

    def find(self, _: NDArray[np.uint8], __: float) -> list[Found]:
        return sorted(self.places, key=lambda place: -place.side)

    def find_again(self, _: NDArray[np.uint8], __: float, ___: list[Found]) -> list[Found]:
        return []

    def with_eyes(self, _: NDArray[np.uint8], found: Found) -> Found:
        return found


def perceiver(monkeypatch: pytest.MonkeyPatch, *places: Found, **settings: object) -> FacePerceiver:
    monkeypatch.setattr(face, "card", lambda _: CARD)
    made = FacePerceiver(Config.load(**settings))
    made._finder = Places(*places)
    made.__dict__["sight"] = BrightSight()
    return made


def picture(left: int = 30, right: int = 220) -> Image:
    """Grained, with a dark and a bright half."""
    pixels = np.random.default_rng(0).normal(0, 12, (100, 200))
    pixels[:, :100] += left
    pixels[:, 100:] += right
    return Image.from_array(np.repeat(np.clip(pixels, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2))


SMALL, LARGE = Found(10, 20, 50, 0.9), Found(115, 15, 70, 0.9)


def test_the_largest_face_is_the_reading_and_all_of_them_are_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    made = perceiver(monkeypatch, SMALL, LARGE)
    (reading,) = made.perceive([Message(image=picture())])
    assert reading.expressed == ("happiness",)
    assert reading.valence > 0.4
    assert sum(reading.basic.values()) == pytest.approx(1.0)
    assert tuple(reading.basic) == BASIC
    assert [each.reading.expressed[0] for each in made.faces(picture())] == ["happiness", "sadness"]


def test_what_the_network_takes_for_no_face_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    made = perceiver(monkeypatch, SMALL)
    even = Image.from_array(np.full((100, 200, 3), 90, np.uint8))
    assert made.faces(even) == []
    (reading,) = made.perceive([Message(image=even)])
    assert reading.abstained == "no face was found in the picture"


def test_a_run_of_pictures_is_read_as_one_with_what_it_showed_when(monkeypatch: pytest.MonkeyPatch) -> None:
    made = perceiver(monkeypatch, LARGE)
    frames = tuple(
        Image(each.rgb, each.height, each.width, float(number))
        for number, each in enumerate([picture(30, 220)] * 6 + [picture(30, 40)] * 6)
    )
    (reading,) = made.perceive([Message(frames=frames)])
    assert [each.label for each in reading.evidence] == ["happiness", "sadness"]
    assert reading.evidence[1].start == pytest.approx(6.0)
    assert {each.unit for each in reading.evidence} == {"seconds"}


def test_a_reading_below_the_floor_abstains(monkeypatch: pytest.MonkeyPatch) -> None:
    made = perceiver(monkeypatch, LARGE, confidence_floor=0.99)
    (reading,) = made.perceive([Message(image=picture())])
    assert "not sure enough" in (reading.abstained or "")


def test_with_commercial_only_research_networks_say_nothing_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    made = FacePerceiver(Config.load(commercial_only=True))
    (reading,) = made.perceive([Message(image=picture())])
    assert "commercial_only" in (reading.abstained or "")
    with pytest.raises(NetworkError, match="research data"):
        made.faces(picture())


def test_rare_expressions_are_chosen_from_a_lower_share_on() -> None:
    shares = shown(np.array([0.5, 0.0, 0.0, 0.0, 0.0, 0.4, 0.0, 0.0, 0.05, 0.05]))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert chosen_of(shares, HEAD)[0] == "neutral"
    eager = Head("single", VOTES, thresholds=(1.0,) * 5 + (0.5,) + (1.0,) * 4)
    chosen, sure = chosen_of(shares, eager)
    assert chosen == "disgust"
    assert 0.0 < sure < 1.0


def test_a_face_is_followed_to_the_one_that_lies_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = perceiver(monkeypatch, SMALL, LARGE)
    faces = made.faces(picture())
    followed = nearest(faces, Found(12, 22, 50, 0.9))
    assert followed is not None
    assert followed.found.side == 50
    assert nearest([], None) is None


def test_of_faces_that_lie_over_one_another_the_surest_stays() -> None:
    one, same, other = Found(10, 10, 50, 0.7), Found(14, 12, 48, 0.9), Found(120, 10, 50, 0.6)
    assert distinct([one, same, other]) == [same, other]
    assert overlap(one, one) == pytest.approx(1.0)
    assert overlap(one, other) == 0.0


def test_a_tilted_face_is_cut_out_with_its_eyes_level() -> None:
    grey = np.full((300, 300), 200, np.uint8)
    for x, y in ((115, 120), (185, 160)):  # the eyes, on a slope
        grey[y - 8 : y + 8, x - 8 : x + 8] = 20
    face_there = Found(75, 75, 150, 0.9, ((115.0, 120.0), (185.0, 160.0)))
    assert face_there.roll == pytest.approx(29.7, abs=0.2)
    crop = crop_of(grey, face_there)
    assert crop.shape == (48, 48)
    dark = np.argwhere(crop < 90)
    left, right = dark[dark[:, 1] < 24], dark[dark[:, 1] >= 24]
    assert abs(left[:, 0].mean() - right[:, 0].mean()) < 2.0


def test_the_eyes_beside_the_middle_say_that_a_face_is_turned() -> None:
    assert Found(0, 0, 100, 1.0).turn is None
    assert Found(0, 0, 100, 1.0, ((30, 40), (70, 40))).turn == pytest.approx(0.0)
    assert (Found(0, 0, 100, 1.0, ((50, 40), (90, 40))).turn or 0) > 0.5


def test_gestures_add_up_to_a_careful_reading() -> None:
    smile = reading_of([Gesture("smile", 0.0, 2.0, 1.0, 0.9)], 4.0)
    assert smile.valence > 0.2
    assert smile.basic["joy"] > reading_of([], 4.0).basic["joy"]
    assert smile.confidence <= 0.45
    assert smile.evidence[0].label == "smile"
    hidden = reading_of([Gesture("face covered", 0.0, 2.0, 1.0, 0.9)], 4.0)
    assert hidden.valence < 0
    assert sum(hidden.sentiment.values()) == pytest.approx(1.0)
