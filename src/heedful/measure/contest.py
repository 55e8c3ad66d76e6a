"""Compare assistants: the same prompts, the replies of each, and what people thought of them without knowing whose."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from heedful.errors import InputError
from heedful.types import Record

CONTEST, RATINGS = "contest.json", "ratings.jsonl"
"""The files of a contest in its folder."""


@dataclass(frozen=True, slots=True)
class Rating(Record):
    """What a person thought of one reply."""

    prompt: int
    """Which prompt, from 0."""
    assistant: str
    """Whose reply it was; they did not know."""
    rater: str
    """A nickname, the same for all that one person rates."""
    value: float
    """The higher the better."""


@dataclass(frozen=True, slots=True)
class Contest(Record):
    """Prompts, and the reply of every assistant to each."""

    prompts: tuple[str, ...]
    """What a person wrote."""
    replies: Mapping[str, tuple[str, ...]]
    """Assistant -> its reply to each prompt; "" where it gave none."""
    best: float
    """The highest rating; the lowest is 1."""
    ratings: tuple[Rating, ...] = ()
    """What people thought of the replies."""
    source: str = ""
    """Where the prompts and the human replies come from, with their licence."""

    def table(self, raters: Sequence[Rating] | None = None) -> list[list[float]]:
        """Return the mean rating per prompt and assistant, in the order of `replies`; NaN where nobody rated."""
        names = list(self.replies)
        given: dict[tuple[int, str], list[float]] = {}
        for rating in self.ratings if raters is None else raters:
            given.setdefault((rating.prompt, rating.assistant), []).append(rating.value)
        nothing = [float("nan")]
        cells = [[given.get((row, name), nothing) for name in names] for row in range(len(self.prompts))]
        return [[sum(cell) / len(cell) for cell in line] for line in cells]


def save(contest: Contest, folder: Path) -> None:
    """Write the prompts and the replies of a contest; ratings stay in a file of their own, and none there is lost."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        record = {name: value for name, value in contest.to_dict().items() if name != "ratings"}
        (folder / CONTEST).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        if contest.ratings and not (folder / RATINGS).exists():  # those that came with a dataset
            lines = (json.dumps(each.to_dict(), ensure_ascii=False) + "\n" for each in contest.ratings)
            (folder / RATINGS).write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"the replies cannot be written to {folder}: {error.strerror}. Name another folder."
        ) from error


def load(folder: Path) -> Contest:
    """Read a contest with all its ratings; raise InputError if there is none, or a file is damaged."""
    path = folder / CONTEST
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        lines = (folder / RATINGS).read_text(encoding="utf-8").splitlines() if (folder / RATINGS).is_file() else []
        read = [Rating.from_dict(json.loads(line)) for line in lines if line.strip()]
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} holds no contest: `heedful measure assistants --out {folder}` makes one."
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"the contest in {folder} is damaged: {error}.") from error
    ratings = {(each.prompt, each.assistant, each.rater): each for each in read}.values()  # a later one replaces it
    contest = Contest.from_dict({**record, "ratings": [each.to_dict() for each in ratings]})
    for rating in contest.ratings:
        if rating.assistant not in contest.replies or not 0 <= rating.prompt < len(contest.prompts):
            raise InputError(f"{folder / RATINGS} rates a reply that is not in the contest: {rating}.")
        if not 1 <= rating.value <= contest.best:
            raise InputError(f"{folder / RATINGS} has the rating {rating.value:g}; it goes from 1 to {contest.best:g}.")
    return contest


def rate(folder: Path, rating: Rating) -> None:
    """Keep a rating; it is on the disk when this returns."""
    import os

    try:
        with (folder / RATINGS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(rating.to_dict(), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(f"the rating cannot be kept in {folder}: {error.strerror}.") from error


def order(contest: Contest, rater: str) -> list[tuple[int, list[str]]]:
    """Return the prompts and, for each, the assistants whose replies are rated, in a random order of the rater's own.

    The same rater always gets the same order, so that rating can go on later. Nothing in it tells who wrote what.
    """
    random = Random(f"order {rater}")
    prompts = random.sample(range(len(contest.prompts)), len(contest.prompts))
    return [
        (row, random.sample(names, len(names)))
        for row in prompts
        if (names := sorted(name for name, replies in contest.replies.items() if replies[row].strip()))
    ]


def left_to_rate(contest: Contest, rater: str) -> list[tuple[int, str]]:
    """Return what a rater has not rated yet, in their order."""
    done = {(rating.prompt, rating.assistant) for rating in contest.ratings if rating.rater == rater}
    return [(row, name) for row, names in order(contest, rater) for name in names if (row, name) not in done]
