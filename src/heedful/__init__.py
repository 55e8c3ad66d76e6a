"""Heedful: an empathy engine.

>>> from heedful import Heedful
>>> h = Heedful()
>>> percept = h.perceive("My dog died last night.")
>>> percept.feeling
'sadness'
>>> reply = h.turn("My dog died last night.", conversation="sam").reply
"""

from typing import TYPE_CHECKING, Any

from heedful.config import Config
from heedful.errors import ConfigError, HeedfulError, InputError, NetworkError, PluginError, StoreError
from heedful.types import (
    Audio,
    Feedback,
    Image,
    Judgement,
    Message,
    Percept,
    Plan,
    Reading,
    Reply,
    Turn,
    Understanding,
    Verdict,
)

if TYPE_CHECKING:
    from heedful.api import Heedful

__all__ = [
    "Audio",
    "Config",
    "ConfigError",
    "Feedback",
    "Heedful",
    "HeedfulError",
    "Image",
    "InputError",
    "Judgement",
    "Message",
    "NetworkError",
    "Percept",
    "Plan",
    "PluginError",
    "Reading",
    "Reply",
    "StoreError",
    "Turn",
    "Understanding",
    "Verdict",
]


def __getattr__(name: str) -> Any:
    """Load the engine when it is first asked for: `heedful --version` and the records need none of it (PEP 562)."""
    if name == "Heedful":
        from heedful.api import Heedful

        return Heedful
    raise AttributeError(f"module 'heedful' has no attribute {name!r}")
