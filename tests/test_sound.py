import contextlib
import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.errors import InputError
from heedful.media import Audio
from heedful.said import message_of, sound_of
from heedful.sound import RATE, decode, resampled
from tests.voices import spoken

VOICE = spoken(1.0)


def encoded(kind: str, subtype: str | None = None, rate: int = RATE, samples: np.ndarray = VOICE) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, subtype=subtype)
    return file.getvalue()


FORMATS = {
    "wav": encoded("WAV"),
    "wav, floats": encoded("WAV", "FLOAT"),
    "flac": encoded("FLAC"),
    "ogg": encoded("OGG", "VORBIS"),
    "opus": encoded("OGG", "OPUS"),
    "mp3": encoded("MP3"),
    "aiff": encoded("AIFF"),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_usual_format_is_read(kind: str) -> None:
    audio = decode(FORMATS[kind])
    assert audio.rate == RATE
    assert len(audio.samples) / RATE == pytest.approx(1.0, abs=0.1)
    assert np.abs(audio.samples).max() == pytest.approx(0.3, abs=0.08)


def test_a_path_and_its_bytes_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "call.flac"
    path.write_bytes(FORMATS["flac"])
    assert decode(path) == decode(str(path)) == decode(FORMATS["flac"]) == decode(memoryview(FORMATS["flac"]))


def test_other_rates_are_resampled_and_channels_averaged() -> None:
    tone = 0.5 * np.sin(2 * np.pi * 300 * np.arange(44_100) / 44_100)
    audio = decode(encoded("WAV", "FLOAT", 44_100, np.stack([tone, np.zeros_like(tone)], axis=1)))
    assert len(audio.samples) == pytest.approx(RATE, abs=20)
    expected = 0.25 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)
    assert np.abs(audio.samples[1000:15000] - expected[1000:15000]).max() < 0.01


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"this is no sound at all", "cannot be read as sound"),
        (FORMATS["wav"][:30], "cut off"),
        (FORMATS["flac"][:60], "cannot be read|no sound|cut off"),
        (encoded("WAV", samples=np.zeros(0, dtype=np.float32)), "no sound"),
        (encoded("WAV", "FLOAT", samples=np.array([0.0, np.nan], dtype=np.float32)), "no numbers"),
    ],
    ids=["nothing", "text", "half a header", "a header alone", "no samples", "not a number"],
)
def test_what_is_no_sound_is_refused_with_a_reason(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        decode(content)


def test_a_file_that_was_cut_off_is_refused() -> None:
    with pytest.raises(InputError, match=r"cut off|cannot be read"):
        decode(FORMATS["flac"][: len(FORMATS["flac"]) // 2])


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputError, match="longer than"):
        decode(FORMATS["wav"], longest=0.5)


@pytest.mark.parametrize("kind", ["wav", "wav, floats"])
def test_a_wav_that_was_cut_off_is_refused_and_one_of_unknown_length_is_read(kind: str) -> None:
    content = FORMATS[kind]
    with pytest.raises(InputError, match="cut off"):
        decode(content[:-4000])
    streamed = bytearray(content)
    streamed[4:8] = struct.pack("<I", 0xFFFFFFFF)
    assert decode(bytes(streamed)) == decode(content)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.wav"):
        decode(tmp_path / "nowhere.wav")
    with pytest.raises(InputError, match="folder"):
        decode(tmp_path)


@settings(max_examples=150)
@given(
    kind=st.sampled_from(sorted(FORMATS)),
    places=st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=30),
    cut=st.integers(0, 2**20),
)
def test_damaged_files_are_read_or_refused_and_nothing_else(kind: str, places: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(FORMATS[kind])
    for place, value in places:
        content[place % min(len(content), 400 if place % 2 else len(content))] = value
    with contextlib.suppress(InputError):
        audio = decode(bytes(content[: cut % len(content)] if cut % 3 == 0 else content))
        assert np.isfinite(audio.samples).all()


@pytest.mark.parametrize("samples", [np.stack([VOICE, VOICE * 0.0]), np.stack([VOICE, VOICE * 0.0], axis=1)])
def test_arrays_of_several_channels_are_averaged_either_way_round(samples: np.ndarray) -> None:
    assert sound_of((samples, RATE)).samples == pytest.approx(VOICE / 2, abs=1e-6)


@pytest.mark.parametrize(
    "wrong", [42, (VOICE,), (VOICE, "16000"), (VOICE, True), ("a", RATE), (VOICE.reshape(2, 2, -1), RATE)]
)
def test_what_is_no_sound_in_python_is_refused(wrong: object) -> None:
    with pytest.raises(InputError):
        message_of(None, wrong, None, ())


def test_sound_that_has_the_rate_already_is_not_copied() -> None:
    audio = Audio.from_array(VOICE, RATE)
    assert np.shares_memory(resampled(audio), audio.samples)
