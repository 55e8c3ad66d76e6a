from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.errors import InputError
from heedful.types import Audio, Feedback, Finding, Image, Message, Plan, Reply, Resource, Risk, Turn, Verdict
from tests.samples import sample_percept, sample_turn, sample_understanding

RECORDS = [
    sample_percept(),
    sample_understanding(),
    sample_turn(),
    Message("hi", audio=Audio(b"\x00\x00\x80?", 16_000), image=Image(b"\x00" * 12, 2, 2), at=datetime.now(UTC)),
    Risk("high", "suicide", findings=(Finding("rule", "words", "why"),)),
    Plan("loss", ("console",), "first", "gentle", resources=(Resource("a", "b", "c", "d"),)),
    Reply("text", "compose", ("why",), ("id",), "late"),
    Verdict("replace", (Finding("rule", "words", "why"),)),
    Feedback("id", "turn", rating=5),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_every_record_survives_json(record: Turn) -> None:
    assert type(record).from_dict(json.loads(json.dumps(record.to_dict()))) == record


@given(st.text(alphabet=st.characters(), max_size=80))
def test_any_text_survives_json(text: str) -> None:
    assert Message.from_dict(json.loads(json.dumps(Message(text).to_dict()))).text in {
        text,
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        json.loads(json.dumps(text)),
    }


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(InputError, match=r"not a Risk: .*\$\.level"):
        Risk.from_dict({"level": "enormous"})


def test_records_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Message("hi").text = "ho"


def test_audio_keeps_its_samples() -> None:
    samples = np.linspace(-1, 1, 50, dtype=np.float32)
    assert np.array_equal(Audio.from_array(samples, 8_000).samples, samples)


@pytest.mark.parametrize(
    ("samples", "rate"),
    [(np.zeros((2, 2)), 16_000), (np.zeros(3, dtype=np.int16), 16_000), (np.array([np.nan]), 16_000), (np.zeros(3), 0)],
)
def test_malformed_audio_is_refused(samples: np.ndarray, rate: int) -> None:
    with pytest.raises(InputError, match="one-dimensional array of finite floats"):
        Audio.from_array(samples, rate)


def test_an_image_keeps_its_pixels_in_rgb_order() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    image = Image.from_array(pixels)
    assert (image.height, image.width) == (2, 4)
    assert np.array_equal(image.pixels, pixels)


@pytest.mark.parametrize("pixels", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))])
def test_malformed_images_are_refused(pixels: np.ndarray) -> None:
    with pytest.raises(InputError, match="RGB array"):
        Image.from_array(pixels)


def test_what_is_stored_holds_no_sound_and_no_picture() -> None:
    message = Message("hi", audio=Audio(b"", 1), image=Image(b"", 0, 0), frames=(Image(b"", 0, 0),))
    assert message.without_media() == Message("hi")
