"""Write docs/results/replies.md and conversations.md: `python -m docs.replies`; needs HEEDFUL_DATA.

The messages belong to research datasets and are not reproduced; what Heedful answers is, beside the item's id.
"""

from __future__ import annotations

import hashlib
import re
import statistics
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pyarrow import parquet

from heedful.config import Config
from heedful.engine import Engine
from heedful.measure.dataset import data_file
from heedful.respond.draft import plain, sentences_of
from heedful.types import Judgement, Message, Turn

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"
FIRST_TURNS, READ = 300, 100
CONVERSATIONS, TURNS = 50, 10
_WORD = re.compile(r"[a-z']+")
_FUNCTION = frozenset(
    "i me my we our you your he she it they him his her their a an the and or but so of to in on at for with that this "
    "is are was were be been have had has do did does not just very really it's i'm you're about when what how as if "
    "from by up out all".split()
)


@dataclass(frozen=True, slots=True)
class Item:
    """A first turn and what a person answered to it."""

    id: str
    """The dialogue's id."""
    situation: str
    """The situation label it was told under."""
    text: str
    """What was said."""
    human: str
    """The human listener's reply."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on a list of replies."""

    n: int
    """How many."""
    different: int
    """How many of them differ from all others."""
    specific: float
    """Share that says something of the person's own back in second person."""
    distinct: float
    """Distinct bigrams / bigrams, on as many bigrams as the human replies have."""
    distinct_human: float
    """The same of the human replies."""
    distinct_whole: float
    """The same over all bigrams; falls with length for anyone."""
    words: float
    """Mean words of a reply."""
    words_human: float
    """Mean words of a human reply."""
    judged: float
    """Share in which the judge finds emotional reaction or interpretation at level 1 or above, as E1 measures them."""
    judged_human: float
    """The same of the human replies."""
    empathetic: float
    """Share that the judge finds empathetic as a whole: mechanisms and flaws together."""
    empathetic_human: float
    """The same of the human replies."""


def _table(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(data_file("text", name)).to_pylist()
    return rows


def _dialogues(rows: Sequence[dict[str, Any]], split: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["split"] == split:
            found.setdefault(row["dialogue_id"], []).append(row)
    return {name: sorted(turns, key=lambda row: int(row["turn"])) for name, turns in found.items()}


def first_turns(split: str, many: int = FIRST_TURNS) -> list[Item]:
    """Return first turns of EmpatheticDialogues with their human replies, the same every time, all situations alike."""
    by_situation: dict[str, list[Item]] = {}
    seen: set[str] = set()
    for name, turns in _dialogues(_table("empathetic_dialogues.parquet"), split).items():
        if len(turns) > 1 and turns[0]["turn"] == 0 and turns[0]["text"] not in seen:
            seen.add(turns[0]["text"])
            item = Item(name, turns[0]["emotion"], turns[0]["text"], turns[1]["text"])
            by_situation.setdefault(item.situation, []).append(item)
    for items in by_situation.values():
        items.sort(key=lambda item: hashlib.sha256(item.id.encode()).hexdigest())
    order = [items[place] for place in range(many) for _, items in sorted(by_situation.items()) if place < len(items)]
    return order[:many]


def conversations(split: str, many: int = CONVERSATIONS) -> list[tuple[str, list[str]]]:
    """Return the seeker's side of ESConv dialogues with at least ten turns of theirs, the same every time."""
    found = []
    for name, turns in _dialogues(_table("esconv.parquet"), split).items():
        said = [_untokenised(row["text"]) for row in turns if row["speaker"] == "seeker"]
        if len(said) >= TURNS:
            found.append((name, said[:TURNS]))
    found.sort(key=lambda each: hashlib.sha256(each[0].encode()).hexdigest())
    return found[:many]


def _untokenised(text: str) -> str:
    """Undo the tokens of the published file: "didn ' t , " -> "didn't,"."""
    return re.sub(r"\s+([.,!?;:])", r"\1", re.sub(r"\s+'\s+", "'", text)).strip()


def is_specific(message: str, reply: str) -> bool:
    """Say whether a sentence of the reply speaks of the person's own event: to them, in their words."""
    own = _content(message)
    for sentence in sentences_of(reply):
        words = set(_WORD.findall(sentence.lower()))
        if words & {"you", "your", "you're", "you've", "yourself"} and len(own & _content(sentence)) >= min(
            2, len(own)
        ):
            return bool(own)
    return False


def _content(text: str) -> set[str]:
    found = _WORD.findall(text.lower().replace("’", "'"))
    return {word[:5] for word in found if word not in _FUNCTION and len(word) > 2}


def distinct_2(replies: Sequence[str], most: int | None = None) -> tuple[float, int]:
    """Return distinct bigrams / bigrams and the number of bigrams, over at most the first `most` of them."""
    bigrams = [pair for text in replies for pair in _pairs(_WORD.findall(text.lower()))][:most]
    return len(set(bigrams)) / max(1, len(bigrams)), len(bigrams)


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return pairwise(words)


def figures(engine: Engine, items: Sequence[Item], turns: Sequence[Turn]) -> Figures:
    """Measure replies beside the human replies to the same turns."""
    replies, human = [turn.reply.text for turn in turns], [item.human for item in items]
    human_share, count = distinct_2(human)
    judged = engine.judge([(item.text, text) for item, text in zip(items, replies, strict=True)], "software")
    judged_human = engine.judge([(item.text, item.human) for item in items], "person")
    return Figures(
        n=len(items),
        different=len(set(replies)),
        specific=sum(is_specific(item.text, text) for item, text in zip(items, replies, strict=True)) / len(items),
        distinct=distinct_2(replies, count)[0],
        distinct_human=human_share,
        distinct_whole=distinct_2(replies)[0],
        words=statistics.mean(len(text.split()) for text in replies),
        words_human=statistics.mean(len(text.split()) for text in human),
        judged=sum(map(shows, judged)) / len(items),
        judged_human=sum(map(shows, judged_human)) / len(items),
        empathetic=sum(each.empathetic for each in judged) / len(items),
        empathetic_human=sum(each.empathetic for each in judged_human) / len(items),
    )


def shows(judgement: Judgement) -> bool:
    """Say whether a reply shows an emotional reaction or an interpretation, weakly or strongly."""
    return judgement.reaction.level >= 1 or judgement.interpretation.level >= 1


def answered(engine: Engine, items: Sequence[Item]) -> list[Turn]:
    """Answer each item as the first message of a conversation of its own."""
    engine.turn(Message("Hello."))  # loads the network
    return [engine.turn(Message(item.text), (), item.id) for item in items]


def replies_page(engine: Engine) -> str:
    """Return docs/results/replies.md."""
    items = first_turns("test")
    turns = answered(engine, items)
    found = figures(engine, items, turns)
    verdicts: dict[str, Any] = tomllib.loads((FOLDER / "replies.toml").read_text(encoding="utf-8"))
    lines = [_introduction(found, verdicts, turns), "| item | situation | reply | read |", "|---|---|---|---|"]
    for number, (item, turn) in enumerate(zip(items, turns, strict=True)):
        text = turn.reply.text.replace("\n", " ⏎ ").replace("|", r"\|")
        read = _verdict(verdicts, turn.reply.text) if number < READ else ""
        lines.append(f"| {item.id.replace('_', ' ')} | {item.situation} | {text} | {read} |")
    return "\n".join(lines) + "\n"


def _verdict(verdicts: dict[str, Any], text: str) -> str:
    """Return the verdict on a reply as it stands now: one that has changed since counts as not yet read."""
    number = hashlib.sha256(text.encode()).hexdigest()[:10]
    return str(verdicts["read"].get(number, "not read"))


def _introduction(found: Figures, verdicts: dict[str, Any], turns: Sequence[Turn]) -> str:
    read = [_verdict(verdicts, turn.reply.text) for turn in turns[:READ]]
    names = ("good", "fair", "wrong", "broken", "not read")
    counts = ", ".join(f"{name} {read.count(name)}" for name in names if name in read)
    checked = verdicts["grammar"]
    return f"""# {found.n} first replies

Generated by `python -m docs.replies` (it needs `HEEDFUL_DATA`): the composer's replies to {found.n} first turns of the
test split of EmpatheticDialogues, all 32 situations, with the shipped networks and phrases, without a language model.
The messages are the dataset's own and are not reproduced; the id names the dialogue.

| | composed | human |
|---|---|---|
| replies that differ from all others | {found.different} of {found.n} | |
| says something of the person's own back in second person | {found.specific:.1%} | |
| distinct-2, on as many bigrams as the human replies have | {found.distinct:.3f} | {found.distinct_human:.3f} |
| distinct-2, all bigrams | {found.distinct_whole:.3f} | {found.distinct_human:.3f} |
| judged level: emotional reaction or interpretation at 1 or above | {found.judged:.1%} | {found.judged_human:.1%} |
| judged empathetic as a whole | {found.empathetic:.1%} | {found.empathetic_human:.1%} |
| mean words | {found.words:.1f} | {found.words_human:.1f} |

The judged level is that of the shipped listener network (E1), which was trained on short replies in peer support. It
gives level 1 to "I'm sorry to hear that" for itself, and level 0 to most replies that also say back what happened or
ask something, whoever wrote them; the two columns can be compared with each other, not with a person's judgment.

Grammar: {checked}

Read by hand, the first {READ}: {counts}. *good* = specific, fitting and well put; *fair* = right but general, or a
little stiff; *wrong* = it misses what happened or how the person feels; *broken* = not English.
"""


def conversations_page(engine: Engine) -> str:
    """Return docs/results/conversations.md."""
    parts, repeated, questions, unsaid = [], 0, 0, 0
    for name, said in conversations("test"):
        history: list[Turn] = []
        for text in said:
            history.append(engine.turn(Message(text), history, name))
        sentences = [plain(each) for turn in history for each in sentences_of(_without_resources(turn))]
        repeated += len(sentences) - len(set(sentences))
        asked = [plain(each) for turn in history for each in sentences_of(turn.reply.text) if each.endswith("?")]
        questions += len(asked) - len(set(asked))
        unsaid += sum(not turn.reply.text for turn in history)
        parts.append(f"\n## {name}\n")
        for number, turn in enumerate(history, start=1):
            reply = turn.reply.text.replace("\n", " ⏎ ")
            parts.append(f"{number}. {reply} <sub>{turn.plan.about}: {', '.join(turn.plan.strategies)}</sub>")
    head = f"""# {CONVERSATIONS} conversations of {TURNS} turns

Generated by `python -m docs.replies` (it needs `HEEDFUL_DATA`): the seeker's side of dialogues of the test split of
ESConv, fed turn by turn; each line is what Heedful answered. The seekers' words are the dataset's own and are not
reproduced.

Sentences said twice in a conversation: {repeated} (crisis resources, named again on purpose, are not counted).
Questions asked twice: {questions}. Turns left without an answer: {unsaid}.
"""
    return head + "\n".join(parts) + "\n"


def _without_resources(turn: Turn) -> str:
    names = [resource.name for resource in turn.plan.resources]
    lines = [line for line in turn.reply.text.splitlines() if not any(line.startswith(name) for name in names)]
    return "\n".join(lines)


def main() -> None:
    """Write both pages."""
    engine = Engine(Config.load(disclose=False))
    for name, text in (("replies", replies_page(engine)), ("conversations", conversations_page(engine))):
        path = RESULTS / f"{name}.md"
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"written: {path.relative_to(FOLDER.parent)}\n")


if __name__ == "__main__":
    main()
