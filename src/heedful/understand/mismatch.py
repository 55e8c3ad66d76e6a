"""Notice where the voice or the face speaks against the words: "I'm fine", said in a sad voice."""

from __future__ import annotations

from heedful.types import Mismatch, Percept, Reading

_CLEAR = 0.45
"""A reading takes sides when its strongest BASIC label is at least this probable."""
_APART = 0.5
"""Words and voice or face differ when their valence is at least this far apart."""


def mismatch_of(percept: Percept) -> Mismatch | None:
    """Return where another modality speaks against the words, the strongest if there are several, or None.

    Args:
        percept: of the latest message, with the reading of each modality.
    """
    words = next((each for each in percept.readings if each.modality == "text" and not each.abstained), None)
    if words is None or not words.basic:
        return None
    others = [each for each in percept.readings if each.modality != "text" and not each.abstained and each.basic]
    found = [mismatch for each in others if (mismatch := _between(words, each))]
    return max(found, key=lambda each: each.strength, default=None)


def _between(words: Reading, other: Reading) -> Mismatch | None:
    said, shown = _strongest(words), _strongest(other)
    apart = abs(words.valence - other.valence)
    if said == shown or apart < _APART or other.basic[shown] < _CLEAR:
        return None
    strength = min(1.0, apart / 2 * (0.5 + other.confidence / 2) + 0.25)
    return Mismatch(said, shown, other.modality, strength, hides=words.valence > other.valence)


def _strongest(reading: Reading) -> str:
    return max(reading.basic, key=lambda label: reading.basic[label])
