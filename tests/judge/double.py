"""A listener network made by hand: it says what it is told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int, float]


@dataclass
class Output:
    """What a network says."""

    values: Mapping[str, list[list[float]]]
    spans: Mapping[str, list[list[Span]]] = field(default_factory=dict)


@dataclass
class Listener:
    """Says the same of every reply: no mechanism, unless told otherwise."""

    reaction: tuple[float, float, float] = (0.9, 0.05, 0.05)
    interpretation: tuple[float, float, float] = (0.9, 0.05, 0.05)
    exploration: tuple[float, float, float] = (0.9, 0.05, 0.05)
    rating: float = 0.0
    unsafe: float = 0.05
    spans: Mapping[str, list[Span]] = field(default_factory=dict)
    heard: list[tuple[str, str]] = field(default_factory=list)

    def read(
        self, first: Sequence[str], second: Sequence[str] | None = None, heads: Sequence[str] | None = None
    ) -> Output:
        rows = list(zip(first, second or first, strict=True))
        self.heard += rows
        values = {
            "reaction": [list(self.reaction)] * len(rows),
            "interpretation": [list(self.interpretation)] * len(rows),
            "exploration": [list(self.exploration)] * len(rows),
            "rating": [[self.rating]] * len(rows),
            "unsafe": [[1.0 - self.unsafe, self.unsafe]] * len(rows),
        }
        return Output(values, {name: [spans] * len(rows) for name, spans in self.spans.items()})
