"""Turn speech into text on the server, with faster-whisper, where the setting `transcriber` names a model."""

from __future__ import annotations

import threading
from typing import Any

from heedful.errors import ConfigError
from heedful.types import Audio


class Transcriber:
    """A speech recognizer. Thread-safe; loads its model at its first use.

    Args:
        model: a model of faster-whisper ("tiny", "small", "distil-large-v3"), or the path of one. By name it is
            fetched from a hub at its first use; by path nothing leaves the machine.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._model: Any = None
        self._loading = threading.Lock()

    def load(self) -> None:
        """Load the model; raise ConfigError if faster-whisper is missing or the model does not load."""
        with self._loading:
            if self._model is not None:
                return
            try:
                from faster_whisper import WhisperModel
            except ImportError as error:
                raise ConfigError(
                    "the setting `transcriber` needs faster-whisper: pip install 'heedful[speech]'."
                ) from error
            try:
                self._model = WhisperModel(self._name, device="cpu", compute_type="int8")
            except Exception as error:
                raise ConfigError(
                    f"the speech model {self._name!r} does not load: {error}. Check `transcriber`."
                ) from error

    def text(self, audio: Audio, language: str | None = None) -> str:
        """Return what was said.

        Args:
            audio: at 16 kHz, as a live session hears it.
            language: ISO 639-1; None = whatever it is.
        """
        self.load()
        segments, _ = self._model.transcribe(
            audio.samples, language=language, beam_size=1, vad_filter=False, condition_on_previous_text=False
        )
        return " ".join(segment.text.strip() for segment in segments).strip()
