"""Turn a percept into what `heedful analyze` writes: JSON under `heedful`, or flat columns for tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from heedful.labels import BASIC, SENTIMENT

if TYPE_CHECKING:
    from heedful.types import Percept

KEY: Final = "heedful"
"""The field that a result is written under."""

TEXT_COLUMNS: Final = ("heedful_feeling", "heedful_expressed", "heedful_abstained")
"""Flat columns that hold text; the others hold numbers."""

COLUMNS: Final = (
    "heedful_feeling",
    "heedful_confidence",
    "heedful_valence",
    "heedful_arousal",
    "heedful_expressed",
    "heedful_abstained",
    *(f"heedful_basic_{label}" for label in BASIC),
    *(f"heedful_sentiment_{label}" for label in SENTIMENT),
)
"""The flat columns, in order."""

JUDGED_TEXT: Final = ("heedful_flags", "heedful_better", "heedful_rewrite", "heedful_model", "heedful_degraded")
"""Flat columns of a judgement that hold text; the others hold numbers."""

JUDGED_COLUMNS: Final = (
    "heedful_empathetic",
    "heedful_probability",
    "heedful_reaction",
    "heedful_interpretation",
    "heedful_exploration",
    *JUDGED_TEXT,
)
"""The flat columns of a judgement, in order."""

WRITTEN: Final = frozenset((*COLUMNS, *JUDGED_COLUMNS))
"""Every column that some verb writes: an older result, to be replaced."""


@dataclass(frozen=True, slots=True)
class Table:
    """How a result is written into tables."""

    columns: tuple[str, ...]
    """The columns, in order."""
    text: tuple[str, ...]
    """Those that hold text; the others hold numbers."""
    flat: Callable[[Mapping[str, Any]], dict[str, Any]]
    """Turns a result into one value per column."""


def summary(percept: Percept) -> dict[str, Any]:
    """Return the percept as JSON types, without its per-reading bulk, figures to four decimals."""
    return {
        "feeling": percept.feeling,
        "confidence": _rounded(percept.confidence),
        "valence": _rounded(percept.valence),
        "arousal": _rounded(percept.arousal),
        "expressed": list(percept.expressed),
        "abstained": percept.abstained,
        "basic": _all_rounded(percept.basic),
        "sentiment": _all_rounded(percept.sentiment),
        "fine": _all_rounded(percept.fine),
    }


def flat(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a `summary()` as one value per column of COLUMNS; expressed labels are joined with "|"."""
    row = {f"heedful_{name}": result[name] for name in ("feeling", "confidence", "valence", "arousal", "abstained")}
    row["heedful_expressed"] = "|".join(result["expressed"])
    for group in ("basic", "sentiment"):
        row |= {f"heedful_{group}_{label}": value for label, value in result[group].items()}
    return {name: row.get(name) for name in COLUMNS}


PERCEIVED: Final = Table(COLUMNS, TEXT_COLUMNS, flat)
"""How what was perceived is written into tables."""


def to_json(value: Any) -> str:
    """Return a value as one line of JSON that is always valid UTF-8; lone surrogates stay escaped."""
    line = json.dumps(value, ensure_ascii=False)
    return line if is_unicode(line) else json.dumps(value)


def is_unicode(text: str) -> bool:
    """Say whether a text can be written as UTF-8, that is, has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def with_result(columns: str, result: Mapping[str, Any]) -> str:
    """Return a row with its result: `columns`, a JSON object with at least one field, gets one field more.

    The object's own text is kept to the letter, so that nothing of the row is altered (1.10 stays 1.10).
    """
    return f'{columns.rstrip()[:-1].rstrip()}, "{KEY}": {to_json(result)}}}'


def _rounded(value: float) -> float:
    return round(float(value), 4) + 0.0  # + 0.0 turns -0.0 into 0.0


def _all_rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {label: _rounded(value) for label, value in values.items()}
