"""Hold every setting in one frozen value, read from `defaults.toml` and the user's own file."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from math import inf
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

from heedful.errors import ConfigError

DEFAULTS = Path(__file__).with_name("defaults.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting; `defaults.toml` says what each one means."""

    data_folder: str
    """Where conversations and feedback are kept; "" = the user's data folder."""
    store_url: str
    """An SQLAlchemy URL; "" = an SQLite file in `data_folder`."""
    threads: int
    """Threads that read many messages side by side, at least 1."""
    reader: str
    """The network that reads text."""
    listener: str
    """The network that reads what is going on between people."""
    voice: str
    """The network that hears how a person sounds."""
    face: str
    """The network that reads faces."""
    face_finder: str
    """What finds faces: "own", "cascades", or a YuNet file."""
    face_finder_sha256: str
    """Of that file; "" where none is named."""
    pose_model: str
    """A MediaPipe pose file, for shoulders and hands; "" = gestures come from the face alone."""
    pose_model_sha256: str
    """Of that file."""
    reliability_text: float
    """How far text is trusted when several modalities speak."""
    reliability_voice: float
    """How far the voice is."""
    reliability_face: float
    """How far the face is."""
    reliability_gesture: float
    """How far gestures are."""
    setting: Literal["companion", "customer_service", "health_support", "education", "workplace"]
    """Where Heedful is used."""
    culture: str
    """A norm pack laid over the setting's; "" = none."""
    norms_folder: str
    """Where one's own norm packs are; "" = only those that come with Heedful."""
    purpose: Literal["general", "medical", "safety"]
    """What emotions are inferred for."""
    redact: bool
    """Take out what identifies people before anything is stored."""
    retention_days: int
    """Days after which turns are erased; 0 = never."""
    commercial_only: bool
    """Load only networks trained on openly licensed data."""
    languages: tuple[str, ...]
    """Languages that are read, ISO 639-1."""
    confidence_floor: float
    """Below this confidence, in [0, 1], a text reading abstains."""
    text_limit: int
    """Longest text of one message, in characters."""
    audio_limit: float
    """Longest sound of one message, in seconds."""
    history_turns: int
    """Turns of a conversation that are taken into account."""
    writer: str
    """Who writes replies."""
    llm_url: str
    """The OpenAI-compatible endpoint of the writer "llm"; "echo:" = a double, "" = none."""
    llm_model: str
    """The model's name there."""
    llm_key: str
    """The environment variable that holds the key; "" = none is needed."""
    llm_deadline: float
    """Seconds for the model's whole reply."""
    llm_candidates: int
    """Replies asked of the model; 1 = shown while written."""
    candidates: int
    """Replies that the built-in writer offers to choose from."""
    rank_empathy: float
    """Weight of the judge when replies are ranked."""
    rank_rating: float
    """Weight of the rating that people would give."""
    rank_plan: float
    """Weight of doing what was planned."""
    rank_specific: float
    """Weight of mentioning what the person told."""
    rank_novel: float
    """Weight of not repeating what was said."""
    rank_guard: float
    """Weight of the guard having found nothing."""
    rank_liked: float
    """Weight of what people were found to prefer, beside all the others together."""
    learn: bool
    """Whether feedback changes how people are answered."""
    explore: bool
    """Whether wording that may be liked better is tried out."""
    disclose: bool
    """Say that this is software in the first reply of a conversation."""
    remind_every: int
    """After so many replies, say again that this is software; 0 = only in the first."""
    country: str
    """Where the person is, ISO 3166-1 alpha-2; "" = unknown."""
    serve_rate: int
    """Requests per minute and key that the server takes; 0 = any number."""
    serve_body: int
    """Largest request, in bytes."""
    serve_audio: float
    """Longest sound of one message, in seconds."""
    serve_image: int
    """Largest picture, in pixels."""
    serve_origins: tuple[str, ...]
    """Websites whose pages may call the server."""
    serve_hosts: tuple[str, ...]
    """Names under which the server may be reached, besides this machine's own."""
    live_idle: float
    """Seconds of silence after which a live session ends."""
    live_length: float
    """Seconds that a live session lasts at most."""
    rating_folder: str
    """A comparison of assistants whose replies people rate on the server's page; "" = none."""
    transcriber: str
    """The faster-whisper model that turns speech into text; "" = none."""

    @classmethod
    def load(cls, path: str | Path | None = None, **overrides: Any) -> Self:
        """Read the defaults, then a file, then the keywords; each overrides the one before.

        Args:
            path: a TOML file with any of the keys of `defaults.toml`; by default the file that HEEDFUL_CONFIG names.
            **overrides: settings by keyword.

        Raises:
            ConfigError: a file is missing or not TOML, or a key is unknown or of the wrong type.
        """
        settings = _read(DEFAULTS)
        chosen = path or os.environ.get("HEEDFUL_CONFIG")
        source = "the keywords"
        if chosen:
            settings |= _read(Path(chosen))
            source = str(chosen)
        settings |= overrides
        known = {each.name for each in fields(cls)}
        if unknown := sorted(settings.keys() - known):
            raise ConfigError(f"{source}: unknown setting {', '.join(unknown)}. Known are: {', '.join(sorted(known))}.")
        try:
            config = msgspec.convert(settings, cls)
        except msgspec.ValidationError as error:
            raise ConfigError(f"{source}: {error}. Each setting is explained in {DEFAULTS.name}.") from error
        config._check(source)
        return config

    def _check(self, source: str) -> None:
        rules = (
            (self.threads >= 1, "threads must be at least 1"),
            (0.0 <= self.confidence_floor <= 1.0, "confidence_floor must lie in [0, 1]"),
            (self.text_limit >= 1, "text_limit must be at least 1"),
            (0.0 < self.audio_limit <= 3600.0, "audio_limit must lie above 0 and be at most 3600 seconds"),
            (self.retention_days >= 0, "retention_days must be 0 (keep) or more"),
            (self.history_turns >= 1, "history_turns must be at least 1"),
            (0.0 < self.llm_deadline <= 600.0, "llm_deadline must lie above 0 and be at most 600 seconds"),
            (1 <= self.llm_candidates <= 16, "llm_candidates must be from 1 to 16"),
            (1 <= self.candidates <= 16, "candidates must be from 1 to 16"),
            (
                all(0.0 <= getattr(self, each.name) < inf for each in fields(self) if each.name.startswith("rank_")),
                "each rank_ weight must be at least 0",
            ),
            (
                all(
                    0.0 <= getattr(self, each.name) <= 2.0
                    for each in fields(self)
                    if each.name.startswith("reliability_")
                ),
                "each reliability_ must lie in [0, 2]",
            ),
            (self.remind_every >= 0, "remind_every must be at least 0"),
            (self.serve_rate >= 0, "serve_rate must be 0 (no limit) or more"),
            (
                min(self.serve_body, self.serve_audio, self.serve_image, self.live_idle, self.live_length) > 0,
                "serve_body, serve_audio, serve_image, live_idle and live_length must lie above 0",
            ),
            (len(self.country) in (0, 2), 'country must be two letters ("GB") or empty'),
        )
        if broken := [rule for holds, rule in rules if not holds]:
            raise ConfigError(f"{source}: {'; '.join(broken)}.")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as TOML: {error}. See {DEFAULTS.name} for an example.") from error
