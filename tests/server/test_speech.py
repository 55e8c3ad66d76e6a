from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from heedful import Audio, ConfigError
from heedful.server.speech import Transcriber

AUDIO = Audio.from_array(np.zeros(1600, np.float32), 16_000)


class TinyWhisper:
    """Stands in for faster_whisper.WhisperModel."""

    made: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def __init__(self, name: str, **options: Any) -> None:
        if name == "broken":
            raise RuntimeError("no such model")
        self.made.append((name, options))

    def transcribe(self, samples: Any, **options: Any) -> Any:
        assert samples.dtype == np.float32
        words = f" {len(samples)} samples", f" in {options['language'] or 'any language'}. "
        return (SimpleNamespace(text=each) for each in words), None


@pytest.fixture
def whisper(monkeypatch: pytest.MonkeyPatch) -> type[TinyWhisper]:
    module = ModuleType("faster_whisper")
    module.WhisperModel = TinyWhisper
    monkeypatch.setitem(sys.modules, "faster_whisper", module)
    TinyWhisper.made.clear()
    return TinyWhisper


def test_what_was_said_is_joined_and_the_model_is_loaded_once(whisper: type[TinyWhisper]) -> None:
    transcriber = Transcriber("./mine")
    assert transcriber.text(AUDIO, "en") == "1600 samples in en."
    assert transcriber.text(AUDIO) == "1600 samples in any language."
    assert whisper.made == [("./mine", {"device": "cpu", "compute_type": "int8"})]


@pytest.mark.usefixtures("whisper")
def test_a_model_that_does_not_load_says_so() -> None:
    with pytest.raises(ConfigError, match="'broken' does not load: no such model"):
        Transcriber("broken").text(AUDIO)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(ConfigError, match=r"pip install 'heedful\[speech\]'"):
        Transcriber("small").load()
