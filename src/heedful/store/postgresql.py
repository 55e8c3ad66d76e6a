"""Say what an error of PostgreSQL means, without the values that its details would show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_INTEGRITY: Final = "23"
"""Class of the SQLSTATE codes for a violated key or reference."""


def breaks_integrity(error: BaseException | None) -> bool:
    """Say whether an error of the driver tells that an id is taken or what is referred to is missing."""
    return str(_fields(error).get("C", "")).startswith(_INTEGRITY)


def explain(error: BaseException | None) -> str | None:
    """Say in words what an error of the driver means, or None for an error of another kind."""
    fields = _fields(error)
    if not fields:
        return None
    # Of the fields only the message: the detail would show what people wrote.
    return (
        f"cannot be used: {fields.get('M', 'unknown error')} ({fields.get('C', '?')}). Check store_url and the server"
    )


def _fields(error: BaseException | None) -> Mapping[str, str]:
    given = error.args[0] if error is not None and error.args else None
    return given if isinstance(given, dict) and "C" in given else {}
