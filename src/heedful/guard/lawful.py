"""Say what may be perceived where, and what people have to be told: the European Union's AI Act, in code.

Source: Regulation (EU) 2024/1689, Articles 3(39), 5(1)(f) and 50. This is no legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from heedful.config import Config
from heedful.types import Message, Modality, Reading

METHOD: Final = "lawful"
"""What a refusal gives as the model of its reading."""
BIOMETRIC: Final[tuple[Modality, ...]] = ("voice", "face", "gesture")
"""What emotions may not be inferred from at work and in education."""
FORBIDDING: Final = {"workplace": "at work", "education": "in education"}
"""Settings in which they may not, and how to say it."""
EXCEPTIONS: Final = ("medical", "safety")
"""Purposes for which they may all the same."""
LAW: Final = "Regulation (EU) 2024/1689 (AI Act), Article 5(1)(f)"
"""What forbids it."""


@dataclass(frozen=True, slots=True)
class Law:
    """What the law says about one deployment; it is taken down once, and later changes of a setting change nothing."""

    setting: str
    """Where Heedful is used."""
    purpose: str
    """What for."""

    @classmethod
    def of(cls, config: Config) -> Law:
        """Return the law for a configuration."""
        return cls(config.setting, config.purpose)

    def refusal(self, modality: Modality) -> str | None:
        """Return why a modality may not be perceived, or None if it may.

        Examples:
            >>> Law("workplace", "general").refusal("text") is None
            True
            >>> "Article 5(1)(f)" in (Law("workplace", "general").refusal("voice") or "")
            True
            >>> Law("workplace", "safety").refusal("voice") is None
            True
        """
        if modality not in BIOMETRIC or self.setting not in FORBIDDING or self.purpose in EXCEPTIONS:
            return None
        return (
            f"inferring emotions from {modality} {FORBIDDING[self.setting]} is forbidden, unless it is for medical or "
            f"safety reasons: {LAW}. This deployment declares the setting {self.setting!r} and the purpose "
            f"{self.purpose!r}"
        )

    def refuse(self, modality: Modality, reason: str) -> Reading:
        """Return the reading of what was not perceived."""
        return Reading(modality, METHOD, abstained=reason)

    def admit(self, message: Message) -> Message:
        """Return a message without what may not be perceived, so that no part, plug-ins included, can look at it."""
        silent = message if self.refusal("voice") is None else replace(message, audio=None)
        return silent if self.refusal("face") is None else replace(silent, image=None, frames=())

    def notice(self) -> str:
        """Return what people who are exposed to this deployment have to be told (Article 50), in plain words.

        Show it before the first message at the latest, and where voice or face are read, before they are.
        """
        told = [
            "You are talking with Heedful, which is software and not a person.",
            "It reads what you write for how you may be feeling, in order to answer you with care. It can be wrong.",
        ]
        if self.refusal("voice") is None:
            told.append(
                "If you send sound or pictures, your voice, face and gestures are read for emotions as well. "
                "They are not kept."
            )
        else:
            told.append("Your voice, face and gestures are not read for emotions here.")
        told.append(
            "What you write is kept without what identifies you, as far as software can tell, until it is erased."
        )
        return " ".join(told)
