"""Name every failure that a caller can cause."""

from __future__ import annotations


class HeedfulError(Exception):
    """Say what was wrong, what was expected and what to do about it; every error of Heedful is one of these."""


class InputError(HeedfulError, ValueError):
    """Something handed in cannot be read: a wrong type, too long, not text, a file without the expected column."""


class ConfigError(HeedfulError, ValueError):
    """A configuration or pack file is wrong; the message names the file and the key."""


class NetworkError(HeedfulError, RuntimeError):
    """A network's files are missing, damaged, or not allowed to load under this configuration."""


class PluginError(HeedfulError, LookupError):
    """No plug-in of that name is installed, or it could not be loaded."""


class ModelError(HeedfulError, RuntimeError):
    """A language model is late, down, or answered with nothing that can be used."""


class StoreError(HeedfulError, RuntimeError):
    """The store cannot be opened, read or written."""
