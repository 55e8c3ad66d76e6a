"""Compare assistants on the same prompts: by the judge, and by people who did not know whose reply it was."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.measure.cache import digest
from heedful.measure.contest import Contest, Rating
from heedful.measure.dataset import Dataset, read_rows
from heedful.measure.metric import Figure, Tally, measured
from heedful.measure.reaction import Replied, Replier, figures_of, heedful, replies_of
from heedful.measure.runner import Options
from heedful.measure.strength import agreement, with_interval
from heedful.measure.task import Column, Result
from heedful.respond.rank import empathy
from heedful.types import Judgement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.engine import Engine

Answering = Callable[[str], str]
"""From a prompt to a reply."""
BEST: Final = 5.0
"""The highest rating that people give here."""
ASK: Final = (
    "You answer a person who tells you something. Answer with empathy, in at most three sentences. "
    "Write the reply and nothing else."
)
"""What a language model is told."""
SECONDS: Final = 60.0
"""How long a language model may take for one reply."""
_WHO: Final = {"human": "a person", "chatgpt": "ChatGPT", "chatgpt_empathy": "ChatGPT, told to be empathetic"}
"""The sources of the rated replies."""
_EVERY: Final = "all"


def rated_replies(options: Options) -> Contest:
    """Return the dev part of the replies rated by Welivita and Pu (2024): by a person and by ChatGPT, twice.

    Raises:
        ConfigError: the dataset is not there.
    """
    rows, _ = read_rows("welivita_ratings", ["split", "dialogue_id", "context", "source", "reply", "rating"])
    dialogues: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        if row["split"] == "dev":
            dialogues.setdefault(row["dialogue_id"], {})[row["source"]] = row
    whole = [each for each in dialogues.values() if len(each) == len(_WHO)]
    some = whole[: options.limit or options.sample or len(whole)]
    ratings = [
        Rating(number, name, "dataset", float(each[source]["rating"]))
        for number, each in enumerate(some)
        for source, name in _WHO.items()
    ]
    return Contest(
        tuple(str(each["human"]["context"]) for each in some),
        {name: tuple(str(each[source]["reply"]) for each in some) for source, name in _WHO.items()},
        best=3.0,
        ratings=tuple(ratings),
        source="Ratings of replies (Welivita and Pu, 2024), licence of the data not stated",
    )


def with_ours(contest: Contest, engine: Engine, options: Options) -> Contest:
    """Return a contest with Heedful's own replies, first."""
    ours = replies_of(heedful(engine, options.settings), asked(contest.prompts, contest.source), options)
    replies = {"Heedful": tuple(each.text for each in ours), **contest.replies}
    return Contest(contest.prompts, replies, contest.best, contest.ratings, contest.source)


def asked(prompts: Sequence[str], source: str) -> Dataset:
    """Return prompts as a dataset without labels."""
    told = tuple(prompts)
    return Dataset("prompts", source, digest(told), (_EVERY,), told, (_EVERY,) * len(told), len(told))


def from_file(path: Path, prompts: Sequence[str]) -> tuple[str, ...]:
    """Read an assistant's replies: JSON Lines with `prompt` and `reply`, or one reply per line in the prompts' order.

    Raises:
        InputError: the file cannot be read, or a prompt has no reply.
    """
    try:
        lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
        rows: list[Any] = [json.loads(line) for line in lines] if path.suffix == ".jsonl" else list(lines)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as replies: {error}.") from error
    if path.suffix != ".jsonl":
        if len(rows) != len(prompts):
            raise InputError(f"{path} has {len(rows)} replies, one per line, for {len(prompts)} prompts.")
        return tuple(rows)
    try:
        known = {str(row["prompt"]): str(row["reply"]) for row in rows}
    except (KeyError, TypeError) as error:
        raise InputError(f'each line of {path} must be {{"prompt": ..., "reply": ...}}.') from error
    if missing := [prompt for prompt in prompts if prompt not in known]:
        raise InputError(f"{path} has no reply to {len(missing)} of {len(prompts)} prompts, such as {missing[0]!r}.")
    return tuple(known[prompt] for prompt in prompts)


def from_callable(name: str) -> Answering:
    """Return the function that "module:function" names; it takes a prompt and returns a reply.

    Raises:
        InputError: there is none of that name.
    """
    module, _, function = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(
            f"{name!r} is no function that can be imported: {error}. Give it as module:function."
        ) from error
    if not callable(found):
        raise InputError(f"{name!r} cannot be called; give a function that takes a prompt and returns a reply.")
    return lambda prompt: str(found(prompt))


def from_url(url: str, model: str, key: str = "") -> Answering:
    """Return an OpenAI-compatible endpoint as an assistant.

    Args:
        url: with its version: "http://localhost:11434/v1".
        model: its name there.
        key: the environment variable that holds the key; "" = none is needed.
    """
    from heedful.llm.base import ChatMessage
    from heedful.llm.openai_api import OpenAIModel

    chat = OpenAIModel(url, model, os.environ.get(key, "") if key else "", SECONDS)
    return lambda prompt: "".join(chat.stream([ChatMessage("system", ASK), ChatMessage("user", prompt)])).strip()


def replier(name: str, answer: Answering, basis: str) -> Replier:
    """Return an assistant as a replier, whose replies are kept by `basis`."""
    return Replier(name, lambda dataset: (Replied(answer(text)) for text in dataset.texts), basis=basis)


def compare(contest: Contest, judge: Callable[[Sequence[tuple[str, str]]], Sequence[Judgement]]) -> Result:
    """Compare the assistants of a contest: one column each, by the judge and by the people who rated.

    The judge is shown prompt and reply alone, in one order for all, and nothing tells it whose they are.

    Raises:
        InputError: there are no prompts, or no assistants.
    """
    if not contest.prompts or not contest.replies:
        raise InputError("a comparison needs at least one prompt and one assistant.")
    import numpy as np

    names = list(contest.replies)
    judgements = {name: list(judge(list(zip(contest.prompts, contest.replies[name], strict=True)))) for name in names}
    lengths = np.array([[len(reply.split()) for reply in contest.replies[name]] for name in names], dtype=float).T
    scores = np.array([[empathy(each) for each in judgements[name]] for name in names]).T
    rated = np.array(contest.table(), dtype=float)
    by_judge = _strengths("by the judge", scores, lengths)
    by_people = _strengths("by people", rated, lengths)
    test = asked(contest.prompts, contest.source)
    columns = []
    for at, name in enumerate(names):
        replies = [Replied(text) for text in contest.replies[name]]
        shown = tuple(_plain(figure) for figure in figures_of(test, replies, judgements[name]))
        more = [figure for figure in (*by_judge[at], *_ratings(rated[:, at], contest.best), *by_people[at]) if figure]
        columns.append(Column(name, "", "", 0, (*shown, *more)))
    return Result(
        protocol="A3",
        title="Assistants: whose replies show empathy?",
        dataset=f"{len(contest.prompts):,} prompts, {len(names)} assistants",
        source=contest.source or "prompts of one's own",
        dataset_sha256=test.sha256,
        n=len(contest.prompts),
        whole=len(contest.prompts),
        columns=tuple(columns),
        heedful=version("heedful"),
        at=datetime.now(UTC).replace(microsecond=0),
    )


def raters_agree(contest: Contest) -> str:
    """Say how many people rated, and how far they agree."""
    raters = {rating.rater for rating in contest.ratings} - {"dataset"}
    ours = [each for each in contest.ratings if each.rater != "dataset"]
    told = f"{len(ours):,} blind ratings by {len(raters)} people"
    if len(ours) < len(contest.ratings):
        told += f", and {len(contest.ratings) - len(ours):,} ratings of the dataset, one person per reply"
    alpha = agreement([(each.rater, f"{each.prompt} {each.assistant}", each.value) for each in ours])
    return f"{told}. Krippendorff's alpha: " + ("no reply was rated twice." if alpha is None else f"{alpha:.2f}.")


def _strengths(by: str, scores: NDArray[np.float64], lengths: NDArray[np.float64]) -> list[list[Figure | None]]:
    plain = with_interval(f"strength {by}", scores)
    level = with_interval(f"strength {by}, at equal length", scores, lengths)
    return [list(pair) for pair in zip(plain, level, strict=True)]


def _ratings(values: NDArray[np.float64], best: float) -> list[Figure]:
    import numpy as np

    known = values[~np.isnan(values)]
    if not len(known):
        return []
    tally = Tally(np.stack([known, np.ones_like(known)], axis=1), lambda sums: sums[..., 0] / sums[..., 1])
    return [measured(f"mean rating by people, 1 to {best:g}", tally)]


def _plain(figure: Figure) -> Figure:
    """Return a figure without the name of the only kind of moment."""
    name = figure.name.removeprefix(f"{_EVERY}: ")
    return Figure(name, figure.value, figure.low, figure.high, figure.n)
