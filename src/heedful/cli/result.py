"""Turn a percept into what `heedful analyze` writes: JSON under `heedful`, or flat columns for tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from heedful.labels import BASIC, SENTIMENT

if TYPE_CHECKING:
    from heedful.perceive.explain import Explanation
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
"""Every column that all results of some verb have."""


@dataclass(frozen=True, slots=True)
class Table:
    """How a result is written into tables."""

    columns: tuple[str, ...]
    """The columns, in order."""
    text: tuple[str, ...]
    """Those that hold text; the others hold numbers."""
    flat: Callable[[Mapping[str, Any]], dict[str, Any]]
    """Turns a result into one value per column."""
    is_extra: Callable[[str], bool] = lambda _: False
    """Says whether a column is one more that only some results have; it holds text."""


OWN: Final = "heedful_own_"
"""What the flat columns of heads of one's own begin with; the head's name follows."""
MOST: Final = 5
"""Words named in the flat column of evidence, at most."""
EVIDENCE: Final = "heedful_evidence"
"""The flat column that holds the words which carried the strongest feeling, strongest first."""


def is_extra(column: str) -> bool:
    """Say whether a flat column is one that only some runs of `heedful analyze` write."""
    return column == EVIDENCE or column.startswith(OWN)


def is_result(column: str) -> bool:
    """Say whether a column is one that some verb writes: an older result, to be replaced."""
    return column == KEY or column in WRITTEN or is_extra(column)


def summary(percept: Percept, explanation: Explanation | None = None) -> dict[str, Any]:
    """Return the percept as JSON types, without its per-reading bulk, figures to four decimals."""
    told = {
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
    if percept.own:
        told["own"] = {
            head: {"chosen": list(said.chosen), "probabilities": _all_rounded(said.probabilities)}
            for head, said in percept.own.items()
        }
    if explanation:
        told["evidence"] = evidence(explanation)
    return told


def evidence(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON types: the words that speak for the label or against it, in order."""
    return {
        "label": explanation.label,
        "probability": _rounded(explanation.probability),
        "looked_at": _rounded(explanation.looked_at),
        "words": [
            {
                "start": word.start,
                "end": word.end,
                "text": word.text,
                "weight": _rounded(word.weight),
                "change": _rounded(word.change),
            }
            for word in explanation.words
        ],
    }


def flat(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a `summary()` as one value per column: those of COLUMNS, and those that only some runs write.

    Several labels, or words, are joined with "|".
    """
    row = {f"heedful_{name}": result[name] for name in ("feeling", "confidence", "valence", "arousal", "abstained")}
    row["heedful_expressed"] = "|".join(result["expressed"])
    for group in ("basic", "sentiment"):
        row |= {f"heedful_{group}_{label}": value for label, value in result[group].items()}
    extra = {OWN + head: "|".join(said["chosen"]) for head, said in result.get("own", {}).items()}
    if "evidence" in result:
        ranked = sorted(result["evidence"]["words"], key=lambda word: -word["weight"])
        extra[EVIDENCE] = "|".join(word["text"] for word in ranked[:MOST] if word["weight"] > 0.0)
    return {name: row.get(name) for name in COLUMNS} | extra


PERCEIVED: Final = Table(COLUMNS, TEXT_COLUMNS, flat, is_extra)
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
