"""Measure whether the words that an explanation names are those that count: `python -m benchmarks.explanations`.

Two questions, both on data that no explanation was tuned on:

- Faithful? On GoEmotions dev, what does the label's probability lose when the strongest word is taken out of the text,
  or the strongest fifth of the words, and when as many words drawn at random are?
- Plausible? On headlines in which people marked the words that cue the emotion (GoodNewsEveryone), how often is the
  strongest word one of those?
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import numpy as np
from pyarrow import parquet

from heedful import Heedful
from heedful.measure.report import table
from heedful.perceive.explain import Explanation, Word

WORDS = range(6, 41)
"""Texts of so many words are asked about: in shorter ones there is little to choose from."""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=300, help="texts of each dataset")
    texts = parser.parse_args().texts
    folder = Path(os.environ["HEEDFUL_DATA"]) / "text"
    with Heedful() as heedful:
        parts = (faithful(heedful, folder, texts), plausible(heedful, folder, texts))
    sys.stdout.write("\n\n".join(parts) + "\n")


def faithful(heedful: Heedful, folder: Path, wanted: int) -> str:
    """Return what the probability loses without the strongest words, and without as many at random."""
    rows = parquet.read_table(folder / "goemotions.parquet", filters=[("split", "==", "dev")]).to_pylist()
    draw = random.Random(7)
    lost: dict[str, list[float]] = {name: [] for name in ("one", "one, random", "fifth", "fifth, random")}
    for text in draw.sample([row["text"] for row in rows if len(row["text"].split()) in WORDS], len(rows) // 2):
        told = heedful.explain(text)
        if told.abstained or told.label == "neutral" or len(told.words) not in WORDS:
            continue
        many = max(1, round(len(told.words) / 5))
        for name, words in (
            ("one", ranked(told)[:1]),
            ("one, random", draw.sample(told.words, 1)),
            ("fifth", ranked(told)[:many]),
            ("fifth, random", draw.sample(told.words, many)),
        ):
            left = heedful.perceive(without(text, words))
            lost[name].append(told.probability - left.fine.get(told.label, 0.0))
        if len(lost["one"]) == wanted:
            break
    lines = [[name, interval(values), f"{len(values):,}"] for name, values in lost.items()]
    return table([["words taken out", "probability lost", "texts"], *lines])


def plausible(heedful: Heedful, folder: Path, wanted: int) -> str:
    """Return how often the strongest word is one that people marked as the cue of the emotion."""
    rows = parquet.read_table(folder / "goodnewseveryone.parquet").to_pylist()
    random.Random(7).shuffle(rows)
    hits: dict[str, list[float]] = {name: [] for name in ("weight", "change alone", "random")}
    for row in rows:
        marked = [cue for cue in row["cue"] if cue and cue in row["text"].lower()]
        told = heedful.explain(row["text"]) if marked else None
        if told is None or told.abstained or told.label == "neutral" or len(told.words) < 4:
            continue
        within = [(row["text"].lower().index(cue), row["text"].lower().index(cue) + len(cue)) for cue in marked]
        right = {word: any(word.start < end and start < word.end for start, end in within) for word in told.words}
        hits["weight"].append(float(right[max(told.words, key=lambda word: word.weight)]))
        hits["change alone"].append(float(right[max(told.words, key=lambda word: word.change)]))
        hits["random"].append(mean(right.values()))
        if len(hits["weight"]) == wanted:
            break
    lines = [[name, interval(values), f"{len(values):,}"] for name, values in hits.items()]
    return table([["strongest word by", "is in the marked cue", "headlines"], *lines])


def ranked(told: Explanation) -> list[Word]:
    """Return the words of an explanation, strongest first."""
    return sorted(told.words, key=lambda word: -word.weight)


def without(text: str, words: Sequence[Word]) -> str:
    """Return a text without some of its words."""
    for word in sorted(words, key=lambda each: -each.start):
        text = f"{text[: word.start]} {text[word.end :]}"
    return text


def interval(values: Sequence[float]) -> str:
    """Return the mean with its 95 % bootstrap interval."""
    array = np.asarray(values)
    draws = array[np.random.default_rng(7).integers(0, len(array), (1000, len(array)))].mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return f"{array.mean():.3f} ({low:.3f} to {high:.3f})"


if __name__ == "__main__":
    main()
