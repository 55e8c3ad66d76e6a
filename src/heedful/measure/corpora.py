"""Read the test sets of the protocols T2 to T6 and E1 to E4, one function each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from heedful.labels import IN_CONTEXT, SENTIMENT, SITUATION, SUPPORT_STRATEGY, WRITER_EMOTION
from heedful.measure.dataset import Dataset, Split, made, read_rows
from heedful.models.tokens import so_far

LEVELS = ("0", "1", "2")
"""How strongly a reply shows a mechanism: not at all, weakly, strongly."""
MECHANISMS = {"reaction": "er", "interpretation": "ip", "exploration": "ex"}
"""Mechanism -> its columns in EPITOME."""
EMPATHETIC = ("not empathetic", "empathetic")
"""What a statement is called by those who rate it."""
_ED = "EmpatheticDialogues (Rashkin et al., 2019), CC BY-NC 4.0"
_NO_LICENCE = "licence of the data not stated"


def crowd_envent(split: Split = "test") -> Dataset:
    """Read crowd-enVENT: what happened to a writer, the emotion they named, and what five readers guessed.

    The train split holds the writers' other texts, without readers.
    Source: Troiano, Oberlaender and Klinger, Dimensional Modeling of Emotions in Text, 2023.
    """
    source = f"crowd-enVENT (Troiano et al., 2023), {_NO_LICENCE}"
    if split == "train":
        rows, sha256 = read_rows("crowd_envent_writers", ["text", "emotion"])
        return made("crowd-enVENT writers", source, sha256, WRITER_EMOTION, rows, [row["emotion"] for row in rows])
    rows, sha256 = read_rows("crowd_envent_readers", ["text", "writer_emotion", "reader_emotions"])
    read = made("crowd-enVENT readers", source, sha256, WRITER_EMOTION, rows, [row["writer_emotion"] for row in rows])
    return replace(read, raters=tuple(tuple(row["reader_emotions"]) for row in rows))


def emobank(split: Split = "test") -> Dataset:
    """Read EmoBank: sentences, the class of their mean valence, and each reader's own rating from 1 to 5.

    Source: Buechel and Hahn, EmoBank, EACL 2017; CC BY-SA 4.0.
    """
    rows, sha256 = read_rows("emobank", ["split", "text", "reader_valence"])
    rows = [row for row in rows if row["split"] == split and len(row["reader_valence"] or ()) >= 3]
    source = "EmoBank (Buechel and Hahn, 2017), CC BY-SA 4.0"
    gold = [valence_class(row["reader_valence"]) for row in rows]
    read = made(f"EmoBank {split}", source, sha256, SENTIMENT, rows, gold)
    return replace(read, raters=tuple(tuple(row["reader_valence"]) for row in rows))


def valence_class(ratings: Sequence[float]) -> str:
    """Return the class of some ratings of valence from 1 to 5, by their mean (protocol T3)."""
    mean = sum(ratings) / len(ratings)
    return "negative" if mean < 2.75 else "positive" if mean > 3.25 else "neutral"


def sst(split: Split = "test") -> Dataset:
    """Read the Stanford Sentiment Treebank: sentences of film reviews, three classes (Socher et al., 2013)."""
    rows, sha256 = read_rows("sst", ["split", "text", "label3"])
    rows = [row for row in rows if row["split"] == split]
    source = f"Stanford Sentiment Treebank (Socher et al., 2013), {_NO_LICENCE}"
    return made(f"SST-3 {split}", source, sha256, SENTIMENT, rows, [row["label3"] for row in rows])


def first_turns(split: Split = "test") -> Dataset:
    """Read EmpatheticDialogues: a speaker's first turn, and the situation it was written for (Rashkin et al., 2019)."""
    turns, sha256 = _dialogues("empathetic_dialogues", split, ["speaker", "text", "emotion"])
    rows = [each[0] for each in turns]
    return made(f"EmpatheticDialogues {split}, first turns", _ED, sha256, SITUATION, rows, _column(rows, "emotion"))


def whole_dialogues(split: Split = "test") -> Dataset:
    """Read EmpatheticDialogues: all that the speaker says in a dialogue, and the situation."""
    turns, sha256 = _dialogues("empathetic_dialogues", split, ["speaker", "text", "emotion"])
    said = [[row["text"] for row in each if row["speaker"] == each[0]["speaker"]] for each in turns]
    rows = [{"text": " ".join(each)} for each in said]
    gold = [each[0]["emotion"] for each in turns]
    return made(f"EmpatheticDialogues {split}, whole dialogues", _ED, sha256, SITUATION, rows, gold)


def exchanges() -> Dataset:
    """Read EmpatheticDialogues, dev and test: a speaker's first turn, its situation, and what the listener answered."""
    rows: list[dict[str, Any]] = []
    sha256 = ""
    for split in ("dev", "test"):
        turns, sha256 = _dialogues("empathetic_dialogues", split, ["speaker", "text", "emotion"])
        rows += [{**each[0], "answer": each[1]["text"]} for each in turns if len(each) > 1]
    read = made("EmpatheticDialogues dev and test", _ED, sha256, SITUATION, rows, _column(rows, "emotion"))
    return replace(read, raters=tuple((row["answer"],) for row in rows))


def emocontext(split: Split = "test") -> Dataset:
    """Read EmoContext: the emotion of the third turn of a chat (Chatterjee et al., SemEval 2019)."""
    rows, sha256 = read_rows("emocontext", ["split", "turn1", "turn2", "turn3", "label"])
    rows = [{**row, "text": row["turn3"]} for row in rows if row["split"] == split]
    source = f"EmoContext (Chatterjee et al., 2019), {_NO_LICENCE}"
    read = made(f"EmoContext {split}", source, sha256, IN_CONTEXT, rows, _column(rows, "label"))
    return replace(read, before=tuple(so_far([row["turn1"], row["turn2"]]) for row in rows))


def reccon(split: Split = "test") -> Dataset:
    """Read RECCON: what caused the emotion of a dialogue's turn, as words of it or of the turns before.

    Items are the turns that are not neutral and whose cause is said somewhere; `gold` is (turns so far, the spans).
    Source: Poria et al., Recognizing Emotion Cause in Conversations, 2021.
    """
    columns = ["text", "emotion", "cause_spans"]
    dialogues, sha256 = _dialogues("reccon", split, columns)
    rows: list[dict[str, Any]] = []
    for turns in dialogues:
        for number, row in enumerate(turns):
            if row["emotion"] != "neutral" and row["cause_spans"]:
                rows.append({**row, "past": [each["text"] for each in turns[:number]]})
    gold = [(tuple(row["past"]), tuple(row["cause_spans"])) for row in rows]
    source = "RECCON (Poria et al., 2021), built on DailyDialog, CC BY-NC-SA 4.0"
    read = made(f"RECCON {split}", source, sha256, ("cause",), rows, gold)
    return replace(read, before=tuple(so_far(row["past"]) for row in rows))


def epitome(split: Split = "test") -> Dataset:
    """Read EPITOME's dev part: posts and replies, the level of three mechanisms, and the words that show each.

    Source: Sharma et al., A Computational Approach to Understanding Empathy, EMNLP 2020.
    """
    columns = [column + end for column in MECHANISMS.values() for end in ("", "_rationales")]
    rows, sha256 = read_rows("epitome", ["split", "seeker_post", "response_post", *columns])
    rows = [{**row, "text": row["response_post"]} for row in rows if row["split"] == _part(split)]
    gold = [
        {name: (str(row[column]), tuple(row[f"{column}_rationales"])) for name, column in MECHANISMS.items()}
        for row in rows
    ]
    source = f"EPITOME (Sharma et al., 2020), {_NO_LICENCE}"
    read = made(f"EPITOME {_part(split)}", source, sha256, LEVELS, rows, gold)
    return replace(read, before=_column(rows, "seeker_post"))


def welivita(split: Split = "test") -> Dataset:
    """Read the dev part of rated replies: a context, a reply, one person's rating of it; `gold` = (dialogue, rating).

    Source: Welivita and Pu, Is ChatGPT More Empathetic than Humans?, 2024.
    """
    rows, sha256 = read_rows("welivita_ratings", ["split", "dialogue_id", "context", "reply", "rating"])
    rows = [{**row, "text": row["reply"]} for row in rows if row["split"] == _part(split)]
    source = f"Ratings of replies (Welivita and Pu, 2024), {_NO_LICENCE}"
    gold = [(row["dialogue_id"], row["rating"]) for row in rows]
    read = made(f"Rated replies {_part(split)}", source, sha256, ("rating",), rows, gold)
    return replace(read, before=_column(rows, "context"), groups=_column(rows, "dialogue_id"))


def esconv(split: Split = "test") -> Dataset:
    """Read ESConv: a support dialogue so far, and the strategy of the supporter's next turn (Liu et al., 2021)."""
    dialogues, sha256 = _dialogues("esconv", split, ["speaker", "text", "strategy"])
    rows: list[dict[str, Any]] = []
    for turns in dialogues:
        for number, row in enumerate(turns):
            if row["speaker"] == "supporter" and row["strategy"] in SUPPORT_STRATEGY:
                past = [each["text"] for each in turns[:number]]
                rows.append({"text": past[-1] if past else "", "past": past[:-1], "strategy": row["strategy"]})
    source = "ESConv (Liu et al., 2021), CC BY-NC 4.0, academic research only"
    read = made(f"ESConv {split}", source, sha256, SUPPORT_STRATEGY, rows, _column(rows, "strategy"))
    return replace(read, before=tuple(so_far(row["past"]) for row in rows))


def diasafety(split: Split = "test") -> Dataset:
    """Read DiaSafety's validation part: is a reply safe in its context (Sun et al., 2022)."""
    rows, sha256 = read_rows("diasafety", ["split", "context", "response", "label"])
    rows = [{**row, "text": row["response"]} for row in rows if row["split"] == _part(split)]
    source = "DiaSafety (Sun et al., 2022), Apache-2.0, texts of others"
    read = made(f"DiaSafety {_part(split)}", source, sha256, ("safe", "unsafe"), rows, _column(rows, "label"))
    return replace(read, before=_column(rows, "context"))


def mentalmanip(split: Split = "test") -> Dataset:
    """Read MentalManip's dev part: does one speaker of a dialogue manipulate the other (Wang et al., 2024)."""
    rows, sha256 = read_rows("mentalmanip_con", ["split", "text", "manipulative"])
    rows = [{**row, "text": " / ".join(row["text"].splitlines())} for row in rows if row["split"] == _part(split)]
    labels = ("fair", "manipulative")
    gold = [labels[row["manipulative"]] for row in rows]
    return made(
        f"MentalManip {_part(split)}", "MentalManip (Wang et al., 2024), CC BY-NC 4.0", sha256, labels, rows, gold
    )


def personas(split: Split = "test") -> Dataset:
    """Read rewordings of a support bot's prompts, each called empathetic or not by three annotators.

    They gave 0 (not), 1 (somewhat) or 2 (very empathetic); from 1 on it counts as empathetic. `gold` is what most say.
    The dataset has no split: half of the wordings, drawn by their hash, is "dev", and the verdict was tuned to it; the
    other half is "test". There is no "train".
    Source: Alazraki et al., An Empathetic AI Coach for Self-Attachment Therapy, 2021.
    """
    rows, sha256 = read_rows("empathetic_personas", ["text", "votes"])
    rows = [row for row in rows if _half(row["text"]) == split]
    votes = [tuple(EMPATHETIC[vote >= 1] for vote in row["votes"]) for row in rows]
    gold = [max(EMPATHETIC, key=given.count) for given in votes]
    source = f"Empathetic rewordings (Alazraki et al., 2021), {_NO_LICENCE}"
    name = f"Empathetic rewordings {split}"
    return replace(made(name, source, sha256, EMPATHETIC, rows, gold), raters=tuple(votes))


def _half(text: str) -> Split:
    """Return the half that a wording belongs to: one that recurs, with other votes, is in the same half each time."""
    return "dev" if hashlib.sha256(text.strip().lower().encode()).digest()[0] % 2 == 0 else "test"


def _part(split: Split) -> str:
    """Return the part of a dataset without a published test set that its protocol measures on: dev."""
    return "dev" if split == "test" else split


def _column(rows: Iterable[dict[str, Any]], name: str) -> tuple[Any, ...]:
    return tuple(row[name] for row in rows)


def _dialogues(name: str, split: str, columns: Sequence[str]) -> tuple[list[list[dict[str, Any]]], str]:
    """Return the dialogues of a split, each as its turns in order, and the file's sha256."""
    rows, sha256 = read_rows(name, ["split", "dialogue_id", "turn", *columns])
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["split"] == split:
            found.setdefault(row["dialogue_id"], []).append(row)
    return [sorted(turns, key=lambda row: row["turn"]) for turns in found.values()], sha256
