"""Heedful: an empathy engine.

>>> from heedful import Heedful
>>> h = Heedful()
>>> percept = h.perceive("My dog died last night.")
>>> percept.feeling
'sadness'
>>> reply = h.turn("My dog died last night.", conversation="sam").reply
"""

from heedful.api import Heedful
from heedful.config import Config
from heedful.errors import ConfigError, HeedfulError, InputError, NetworkError, PluginError, StoreError
from heedful.types import (
    Audio,
    Feedback,
    Image,
    Message,
    Percept,
    Plan,
    Reading,
    Reply,
    Turn,
    Understanding,
    Verdict,
)

__all__ = [
    "Audio",
    "Config",
    "ConfigError",
    "Feedback",
    "Heedful",
    "HeedfulError",
    "Image",
    "InputError",
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
