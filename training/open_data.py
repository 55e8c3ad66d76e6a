"""Read the openly licensed datasets, one function each."""

from __future__ import annotations

from collections.abc import Sequence

from heedful.labels import FINE, LISTENER_INTENT, SENTIMENT, SENTIMENT_GROUP, SITUATION
from training.data import Examples, Split, marked, own_split, plain, read_rows, scaled, several, single, voted

DIALOGUE_ACT = (*SITUATION, *LISTENER_INTENT)
PLUTCHIK = ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust", "neutral")


def goemotions(split: Split) -> Examples:
    """GoEmotions: Reddit comments with 28 labels, several at once (Demszky et al., 2020)."""
    rows = [row for row in read_rows("goemotions") if row["split"] == split]
    targets = {
        "fine": several(FINE, (row["labels"] for row in rows)),
        "sentiment": single(SENTIMENT, (_sentiment(row["labels"]) for row in rows)),
    }
    texts = plain(row["text"] for row in rows)
    return Examples(texts, None, targets, "GoEmotions (Demszky et al., 2020), CC BY 4.0")


def _sentiment(labels: Sequence[str]) -> str | None:
    """Return the sentiment that all labels share; None if they do not, or if it is open."""
    groups = {SENTIMENT_GROUP[label] for label in labels}
    return groups.pop() if len(groups) == 1 and groups <= set(SENTIMENT) else None


def edos(split: Split) -> Examples:
    """EDOS: the last turn of film dialogues, 32 situations and 8 intents (Welivita et al., 2021).

    The raters' votes are the target where there are any.
    """
    kept: dict[str, list[str]] = {}
    for row in read_rows("edos"):
        turn = row["text"].splitlines()[-1]
        votes = row["votes"] or ([row["label"]] if row["label"] else [])
        votes = [vote for vote in votes if vote in DIALOGUE_ACT]
        if votes and own_split(row["text"]) == split:
            kept.setdefault(turn, []).extend(votes)
    targets = {"dialogue_act": voted(DIALOGUE_ACT, kept.values())}
    return Examples(plain(kept), None, targets, "EDOS (Welivita et al., 2021), CC BY 4.0")


def xed(split: Split) -> Examples:
    """XED: film subtitle lines with Plutchik's eight emotions (Öhman et al., 2020)."""
    rows = [row for row in read_rows("xed_en") if row["split"] == split]
    targets = {"plutchik": several(PLUTCHIK, (row["labels"] for row in rows))}
    return Examples(plain(row["text"] for row in rows), None, targets, "XED (Öhman et al., 2020), CC BY 4.0")


def emobank(split: Split) -> Examples:
    """EmoBank: sentences of many genres, rated for valence and arousal from 1 to 5 (Buechel and Hahn, 2017).

    The class of sentiment is that of the readers' mean valence (protocol T3).
    """
    rows = [row for row in read_rows("emobank") if row["split"] == split]
    targets = {
        "affect": scaled(("valence", "arousal"), ((row["valence"], row["arousal"]) for row in rows), 1.0, 5.0),
        "sentiment": single(SENTIMENT, (_valence_class(row["reader_valence"]) for row in rows)),
    }
    texts = plain(row["text"] for row in rows)
    return Examples(texts, None, targets, "EmoBank (Buechel and Hahn, 2017), CC BY-SA 4.0")


def _valence_class(ratings: Sequence[int]) -> str | None:
    if len(ratings) < 3:
        return None
    mean = sum(ratings) / len(ratings)
    return "negative" if mean < 2.75 else "positive" if mean > 3.25 else "neutral"


def goodnewseveryone(split: Split) -> Examples:
    """GoodNewsEveryone: headlines with the words that name what caused the emotion (Bostan et al., 2020)."""
    rows = [row for row in read_rows("goodnewseveryone") if own_split(row["text"]) == split and row["cause"]]
    texts = plain(row["text"] for row in rows)
    targets = {"cause": marked("cause", [(text,) for text in texts], [row["cause"] for row in rows])}
    source = "GoodNewsEveryone (Bostan et al., 2020), annotations CC BY 4.0"
    return Examples(texts, None, targets, source)
