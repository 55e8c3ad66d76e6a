"""Find parts by name through entry points; our own are declared the same way, in `pyproject.toml`."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from heedful.errors import PluginError

PERCEIVERS = "heedful.perceivers"
"""modality -> a callable (Config) -> heedful.perceive.base.Perceiver"""
WRITERS = "heedful.writers"
"""name -> a callable (Config) -> heedful.respond.base.Writer"""


def names(group: str) -> tuple[str, ...]:
    """Return the names of the plug-ins installed in a group, sorted."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def load(group: str, name: str) -> Any:
    """Return what the plug-in `name` of `group` points to; raise PluginError if there is none or it does not load."""
    found = [point for point in entry_points(group=group) if point.name == name]
    if not found:
        raise PluginError(f"no plug-in {name!r} in {group}. Installed: {', '.join(names(group)) or 'none'}.")
    try:
        return found[0].load()
    except Exception as error:
        raise PluginError(f"the plug-in {name!r} of {group} ({found[0].value}) does not load: {error}") from error
