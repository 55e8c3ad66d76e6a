"""Make the list of ordinary words that tells a name from a word written large: `python -m training.ordinary_words`.

A word is ordinary if people often write it in small letters. Counted are only openly licensed training texts:
GoEmotions (Demszky et al., 2020; names are masked in it), XED (Öhman et al., 2020) and Empathic Reactions (Buechel et
al., 2018), all CC BY 4.0.
"""

from __future__ import annotations

import os
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pyarrow import parquet

PACK = Path(__file__).parent.parent / "src" / "heedful" / "guard" / "packs" / "ordinary.toml"
SOURCES = ("goemotions", "xed_en", "empathic_reactions")
LEAST = 4
"""Times that a word is written in small letters."""
SHARE = 0.6
"""Of all its occurrences within sentences."""
HEADER = """\
# Words that people often write in small letters: large at the beginning of a sentence, they are no names.
# Made by `python -m training.ordinary_words` from GoEmotions, XED and Empathic Reactions (all CC BY 4.0).
"""
_WORD = re.compile(r"[^\W\d_]+")


def main() -> None:
    """Count the words in the folder that HEEDFUL_DATA names, and write the pack."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for text in _texts(Path(os.environ["HEEDFUL_DATA"], "text")):
        for match in _WORD.finditer(text):
            word = match[0]
            if word.islower():
                small[word] += 1
            elif word[1:].islower() and text[: match.start()].rstrip()[-1:].isalnum():
                large[word.lower()] += 1
    ordinary = [
        word
        for word, count in small.items()
        if count >= LEAST and len(word) > 1 and word.isascii() and count >= SHARE * (count + large[word])
    ]
    lines = textwrap.wrap(" ".join(sorted(ordinary)), 118)
    PACK.write_text("\n".join([HEADER, 'words = """', *lines, '"""', ""]), encoding="utf-8")


def _texts(folder: Path) -> Iterator[str]:
    for source in SOURCES:
        rows = parquet.read_table(folder / f"{source}.parquet").to_pydict()
        for row, text in enumerate(rows["text"]):
            if rows.get("split", ["train"] * (row + 1))[row] == "train":
                yield text


if __name__ == "__main__":
    main()
